import DropoutService
import Testing

/// Triton's binary tensor extension, on the example of its document with the names of our tensors.
@Suite("Raw tensors in inferences")
struct InferenceBytesTests {
    /// 1, 2, 3, 4 as UINT32, then the three BOOL of the example, of which our scalar takes one.
    private static let elements: [UInt8] = [1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 1]
    private static let head = """
        {"model_name":"mymodel","inputs":[
        {"name":"data","shape":[2,2],"datatype":"UINT32","parameters":{"binary_data_size":16}},
        {"name":"training_mode","shape":[1],"datatype":"BOOL","parameters":{"binary_data_size":1}}],
        "outputs":[{"name":"output","parameters":{"binary_data":true}},{"name":"mask"}],
        "parameters":{"rate":0.5,"seed":42}}
        """

    @Test("Elements after the JSON are those of the inputs, in their order")
    func example() throws {
        let answer = infer(Self.head, tail: Self.elements)
        let forward = ask("/forward", #"{"input":[[1,2],[3,4]],"rate":0.5,"seed":42}"#)
        let output = try #require(forward.matrix("output")).flatMap { $0 }
        #expect(
            answer.tail == output.flatMap { value in withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init) })
        #expect(answer.member(of: "output", "parameters") == #"{"binary_data_size":32}"#)
        #expect(answer.data("mask") == "[\(output.map { $0 == 0 ? "false" : "true" }.joined(separator: ","))]")
        #expect(answer.headers["Content-Type"] == "application/octet-stream")
        #expect(answer.headers["Inference-Header-Content-Length"] == "\(answer.reply.text.utf8.count)")
    }

    @Test("`binary_data_output` makes all outputs raw, and `binary_data` false one of them JSON")
    func binaryOutput() {
        let head = """
            {"inputs":[{"name":"data","shape":[2],"datatype":"FP32","parameters":{"binary_data_size":8}}],
            "parameters":{"binary_data_output":true}
            """
        // 1.5 and -2 as FP32, unchanged in evaluation, and a mask of ones.
        let tensor: [UInt8] = [0, 0, 0xC0, 0x3F, 0, 0, 0, 0xC0]
        #expect(infer(head + "}", tail: tensor).tail == tensor + [1, 1])
        let mixed = infer(
            head + #","outputs":[{"name":"mask"},{"name":"output","parameters":{"binary_data":false}}]}"#, tail: tensor)
        #expect(mixed.tail == [1, 1])
        #expect(mixed.data("output") == "[1.5,-2]")
    }

    @Test("A ratio may be raw")
    func ratio() {
        let head = """
            {"inputs":[{"name":"data","shape":[1],"datatype":"FP32","data":[1]},
            {"name":"ratio","shape":[],"datatype":"FP32","parameters":{"binary_data_size":4}}]}
            """
        #expect(infer(head, tail: [0xCD, 0xCC, 0xCC, 0x3D]).reply.text.contains(#""rate":0.10000000149011612"#))
    }

    @Test(
        "Raw tensors have the types of the protocol",
        arguments: [
            ("BOOL", [1, 0], "[1,0]"), ("INT8", [0xFF, 0x7F], "[-1,127]"), ("UINT8", [0xFF, 1], "[255,1]"),
            ("INT16", [0xFE, 0xFF, 1, 0], "[-2,1]"), ("UINT16", [0xFE, 0xFF, 1, 0], "[65534,1]"),
            ("FP16", [0, 0x3C, 0, 0xC0], "[1,-2]"), ("BF16", [0x80, 0x3F, 0, 0xC0], "[1,-2]"),
            ("INT32", [0, 0, 0, 0x80, 1, 0, 0, 0], "[-2147483648,1]"),
            ("UINT32", [0, 0, 0, 0x80, 1, 0, 0, 0], "[2147483648,1]"),
            ("FP32", [0, 0, 0x80, 0x7F, 0, 0, 0x80, 0x3F], #"["Infinity",1]"#),
            ("INT64", [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 7, 0, 0, 0, 0, 0, 0, 0], "[-1,7]"),
            ("UINT64", [0, 0, 0, 0, 1, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0], "[4294967296,7]"),
            ("FP64", [0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0], "[1,-2]"),
        ] as [(String, [UInt8], String)])
    func types(_ type: String, _ bytes: [UInt8], _ output: String) {
        let answer = infer(
            """
            {"inputs":[{"name":"data","shape":[2],"datatype":"\(type)",
            "parameters":{"binary_data_size":\(bytes.count)}}]}
            """, tail: bytes)
        #expect(answer.data("output") == output, "\(answer.reply.text)")
    }

    @Test(
        "A length that is none of the JSON is answered with 400",
        arguments: ["-1", "", "x", "99999", "99999999999999999999999", "10"])
    func headLength(_ length: String) {
        #expect(infer(Self.head, tail: Self.elements, headLength: length).status == 400)
    }

    @Test("A tensor over the limit of elements is refused before it is read")
    func limit() {
        var limits = ServiceLimits()
        limits.maximumElements = 3
        let answer = infer(Self.head, tail: Self.elements, limits: limits)
        #expect(answer.reply.pointers == ["/inputs/0"])
        #expect(answer.reply.text.contains("4 found"))
    }

    @Test("No changed byte, missing byte or length makes the service fail")
    func hostileBytes() {
        let whole = Array(Self.head.utf8) + Self.elements
        let headCount = Self.head.utf8.count
        var statuses: Set<Int> = []
        func send(_ body: [UInt8], _ length: Int) {
            body.withUnsafeBufferPointer { bytes in
                let reply = DropoutAPI().respond(
                    to: ServiceRequest(
                        method: "POST", path: "/v2/models/dropout/infer", inferenceHeaderLength: "\(length)",
                        body: bytes))
                statuses.insert(reply.status)
            }
        }
        for index in whole.indices {
            for byte in [UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "}"), whole[index] ^ 0x80] {
                var changed = whole
                changed[index] = byte
                send(changed, headCount)
            }
            send(Array(whole.prefix(index)), headCount)
            send(whole, index)
        }
        #expect(statuses == [200, 400, 422])
    }
}
