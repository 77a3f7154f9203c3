import DropoutService
import Testing

/// Which answers are said to hardly shrink, so that they are not compressed.
@Suite struct DenseAnswerTests {
    private static func isDense(_ path: String, _ body: String, accept: String? = nil) -> Bool {
        Array(body.utf8).withUnsafeBufferPointer { bytes in
            DropoutAPI().respond(
                to: ServiceRequest(
                    method: body.isEmpty ? "GET" : "POST", path: path, accept: accept, body: bytes)
            ).isDense
        }
    }

    private static let numbers = "[\((0..<500).map { "0.\($0)" }.joined(separator: ","))]"

    private static func question(_ fields: String) -> String {
        #"{"input":\#(numbers),"rate":0.5,"seed":1,"include":["output"]\#(fields)}"#
    }

    @Test(
        "An answer that is mostly base64, or raw bytes, is dense",
        arguments: [
            ("/forward", question(#","tensor_format":"base64""#), nil),
            ("/forward", question(#","tensor_format":"base64","samples":2,"samples_format":"ndjson""#), nil),
            ("/forward", question(""), "application/x-npy"),
            ("/mask", #"{"shape":[30000],"rate":0.5,"seed":1,"mask_format":"packed"}"#, nil),
            ("/mask", #"{"shape":[3000000],"rate":0.5,"seed":1,"mask_format":"packed"}"#, nil),
            ("/mask", #"{"shape":[3000],"rate":0.5,"seed":1}"#, "application/x-npy"),
        ])
    func mostlyBase64IsDense(_ path: String, _ body: String, _ accept: String?) {
        #expect(Self.isDense(path, body, accept: accept))
    }

    @Test(
        "An answer in digits is not dense",
        arguments: [
            ("/forward", question("")), ("/forward", question(#","samples":2,"samples_format":"ndjson""#)),
            ("/mask", #"{"shape":[3000],"rate":0.5,"seed":1}"#), ("/generators", ""), ("/openapi.yaml", ""),
            // The packed mask of a few units is shorter than the rest of the answer.
            ("/mask", #"{"shape":[64],"rate":0.5,"seed":1,"mask_format":"packed"}"#),
        ])
    func digitsAreNotDense(_ path: String, _ body: String) { #expect(!Self.isDense(path, body)) }
}
