import DropoutService
import Stopping
import Testing

@Suite("Prices of files of several tensors")
struct TensorFilePriceTests {
    /// What is planned for a question in JSON whose answer is a file.
    private static func plan(_ path: String, _ question: String) -> ServicePlan {
        Array(question.utf8).withUnsafeBufferPointer { bytes in
            DropoutAPI().plan(
                ServiceRequest(
                    method: "POST", path: path, contentType: "application/json", accept: TensorFileTests.type,
                    body: bytes),
                stop: .never)
        }
    }

    private static let weights = #"{"shape":[64,64],"data":[\#(String(repeating: "1,", count: 4095))1]}"#
    private static let network = #""input":\#(weights),"seed":3,"layers":[{"weights":\#(weights),"rate":0.5}]"#

    @Test(
        "The price of an answer has the bytes of its file, and not twice as many",
        arguments: [
            ("/forward", #"{"input":\#(weights),"rate":0.5,"seed":3}"#),
            ("/forward", #"{"input":\#(weights),"rate":0.5,"seed":3,"dtype":"float16","include":["output"]}"#),
            ("/forward", #"{"input":\#(weights),"rate":0.5,"seed":3,"dtype":"float32","samples":2}"#),
            ("/forward", "{\(network)}"),
            ("/train-step", #"{\#(network),"target":\#(weights),"loss":"mse","learning_rate":0.1,"optimizer":"adam"}"#),
        ])
    func printed(_ path: String, _ question: String) throws {
        guard case .work(let work) = Self.plan(path, question) else {
            Issue.record("no work is planned")
            return
        }
        var count = 0
        work.run(.never).body.forEachChunk { count += $0.count }
        #expect(work.price.printedBytes >= count)
        #expect(work.price.printedBytes < 2 * count)
        // The tensors alone, and the file.
        #expect(work.price.heldBytes >= 2 * count)
    }

    @Test(
        "The price of reading a file has room for an element in each byte, in either order",
        arguments: [
            ("/forward", "application/x-npy"), ("/forward", "application/vnd.safetensors"),
            ("/train-step", "application/x-safetensors"), ("/verify", "multipart/form-data; boundary=b"),
        ])
    func read(_ path: String, _ type: String) throws {
        let service = DropoutAPI()
        let request = ServiceRequest(
            method: "POST", path: path, contentType: type, body: UnsafeBufferPointer(start: nil, count: 0))
        guard case .admitted(let admission) = service.admit(request, to: Route.find(path)) else {
            Issue.record("the header is not admitted")
            return
        }
        let price = service.readingPrice(bodyBytes: 1 << 20, admission)
        #expect(price.heldBytes >= 17 << 20)
        #expect(price.nanoseconds > service.readingPrice(bodyBytes: 1 << 10, admission).nanoseconds)
    }
}
