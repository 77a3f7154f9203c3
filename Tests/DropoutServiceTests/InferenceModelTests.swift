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
        #expect(
            ask("/v2").member("extensions") as? [String] == [
                "binary_tensor_data", "model_configuration", "model_repository", "statistics",
            ])
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

    @Test("The configuration of a model has its tensors, and no batches")
    func configuration() {
        #expect(
            ask("/v2/models/concrete_dropout/config").text == """
                {"name":"concrete_dropout","platform":"dropout-service","backend":"dropout-service","max_batch_size":0,\
                "input":[{"name":"data","data_type":"TYPE_FP32","dims":[-1],"optional":false},\
                {"name":"ratio","data_type":"TYPE_FP32","dims":[1],"optional":true},\
                {"name":"training_mode","data_type":"TYPE_BOOL","dims":[1],"optional":true}],\
                "output":[{"name":"output","data_type":"TYPE_FP32","dims":[-1]}]}

                """)
        #expect(ask("/v2/models/concrete_dropout/versions/1/config").status == 200)
        #expect(ask("/v2/models/nothing/config").status == 404)
    }

    @Test("The statistics of a model are the figures of the process")
    func statistics() {
        var status = ServiceStatus()
        status.inferences = { model in
            var figures = InferenceFigures()
            if model == "drop_path" {
                (figures.answered, figures.answeredNanoseconds) = (3, 900)
                (figures.queueNanoseconds, figures.computeNanoseconds) = (100, 700)
                (figures.refused, figures.refusedNanoseconds, figures.lastMilliseconds) = (1, 50, 1_700_000_000_000)
            }
            return figures
        }
        func text(_ path: String) -> String {
            [UInt8]().withUnsafeBufferPointer { body in
                Reply(DropoutAPI(status: status).respond(to: ServiceRequest(method: "GET", path: path, body: body)))
                    .text
            }
        }
        let own = text("/v2/models/drop_path/stats")
        #expect(
            own == """
                {"model_stats":[{"name":"drop_path","version":"1","last_inference":1700000000000,"inference_count":3,\
                "execution_count":3,"inference_stats":{"success":{"count":3,"ns":900},"fail":{"count":1,"ns":50},\
                "queue":{"count":3,"ns":100},"compute_input":{"count":3,"ns":0},"compute_infer":{"count":3,"ns":700},\
                "compute_output":{"count":3,"ns":0},"cache_hit":{"count":0,"ns":0},"cache_miss":{"count":0,"ns":0}},\
                "batch_stats":[]}]}

                """)
        #expect(text("/v2/models/drop_path/versions/1/stats") == own)
        #expect(text("/v2/models/stats").contains(own.dropFirst(16).dropLast(3)))
    }

    @Test("The index of the repository has every model, and a model cannot be loaded")
    func repository() {
        let index = ask("/v2/repository/index", "{}").text
        #expect(index.hasPrefix(#"[{"name":"dropout","version":"1","state":"READY","reason":""},"#))
        #expect(ask("/v2/repository/models/dropout/load", "{}").status == 404)
    }
}
