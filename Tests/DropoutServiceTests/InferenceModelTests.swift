import DropoutService
import Testing

/// What an inference client asks before it infers.
@Suite("The models of the Open Inference Protocol")
struct InferenceModelTests {
    @Test("The metadata of a model has its inputs and outputs")
    func metadata() {
        #expect(
            ask("/v2/models/dropout").text == """
                {"name":"dropout","versions":["1"],"platform":"dropout-service","inputs":[\
                {"name":"data","datatype":"FP32","shape":[-1]},{"name":"ratio","datatype":"FP32","shape":[1]},\
                {"name":"training_mode","datatype":"BOOL","shape":[1]}],"outputs":[\
                {"name":"output","datatype":"FP32","shape":[-1]},{"name":"mask","datatype":"BOOL","shape":[-1]}]}

                """)
        #expect(ask("/v2/models/dropout/versions/1").text == ask("/v2/models/dropout").text)
        #expect(!ask("/v2/models/gaussian_dropout").text.contains("mask"))
    }

    @Test("A model and its version are ready, and others are not there")
    func ready() {
        #expect(ask("/v2/models/drop_path/ready").text == "{\"name\":\"drop_path\",\"ready\":true}\n")
        #expect(ask("/v2/models/drop_path/versions/1/ready").status == 200)
        #expect(ask("/v2/models/drop_path/versions/2/ready").status == 404)
        let unknown = ask("/v2/models/dropuot/ready")
        #expect(unknown.status == 404)
        #expect(unknown.text.contains("did you mean dropout?"))
    }

    @Test("The server says that it lives, whether it is ready, and what it speaks")
    func server() {
        #expect(ask("/v2/health/live").text == "{\"live\":true}\n")
        #expect(ask("/v2/health/ready").text == "{\"ready\":true}\n")
        #expect(ask("/v2").member("name") as? String == "dropout-service")
        #expect(ask("/v2").member("extensions") as? [String] == ["binary_tensor_data"])
    }

    @Test(
        "A server that stops is not ready",
        arguments: ["/v2/health/ready", "/v2/models/dropout/ready", "/v2/models/dropout/versions/1/ready"])
    func stopping(_ path: String) {
        var status = ServiceStatus()
        status.isReady = { false }
        let reply = [UInt8]().withUnsafeBufferPointer { body in
            DropoutAPI(status: status).respond(to: ServiceRequest(method: "GET", path: path, body: body))
        }
        #expect(reply.status == 503)
        #expect(Reply(reply).text.contains(#""ready":false"#))
    }
}
