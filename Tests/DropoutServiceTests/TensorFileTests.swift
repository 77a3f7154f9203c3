import DropoutService
import Foundation
import TensorJSON
import Testing

/// Questions and answers as safetensors files, whose numbers are those of JSON.
@Suite("Files of several tensors")
struct TensorFileTests {
    static let type = "application/vnd.safetensors"

    struct Answer {
        let reply: ServiceReply
        let bytes: [UInt8]

        var status: Int { reply.status }
        var text: String { String(decoding: bytes, as: UTF8.self) }
        var pointers: [String] { Reply(status: status, text: text, headers: [:]).pointers }
    }

    static func ask(
        _ target: String, _ body: [UInt8], contentType: String = type, accept: String? = nil, method: String = "POST",
        limits: ServiceLimits = ServiceLimits()
    ) -> Answer {
        let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
        return body.withUnsafeBufferPointer { bytes in
            let reply = DropoutAPI(limits: limits).respond(
                to: ServiceRequest(
                    method: method, path: parts[0], query: parts.count > 1 ? parts[1] : nil, contentType: contentType,
                    accept: accept, body: bytes))
            var all: [UInt8] = []
            reply.body.forEachChunk { all += $0 }
            return Answer(reply: reply, bytes: all)
        }
    }

    private static let input = TensorFile.Tensor([2, 2], [1, 0.1, 3, -4])

    // MARK: Questions

    @Test(
        "A tensor in a file has the answer of the same tensor in JSON, with its fields in the metadata or in the query")
    func tensor() throws {
        let expected = DropoutServiceTests.ask("/forward", #"{"input":[[1,0.1],[3,-4]],"rate":0.5,"seed":3}"#).text
        let inMetadata = try TensorFile([("input", Self.input)], question: #"{"rate":0.5,"seed":3}"#).bytes
        #expect(Self.ask("/forward", inMetadata).text == expected)
        #expect(Self.ask("/forward", inMetadata, contentType: "application/x-safetensors").text == expected)
        let alone = try TensorFile([("input", Self.input)]).bytes
        #expect(Self.ask("/forward?rate=0.5&seed=3", alone).text == expected)
        let both = try TensorFile([("input", Self.input)], question: #"{"rate":0.5}"#).bytes
        #expect(Self.ask("/forward?seed=3", both).text == expected)
    }

    private static let layers = """
        [{"weights":[[1,2],[0.1,-3],[5,6]],"bias":[1,2,3],"activation":"relu","rate":0.5},{"weights":[[1,-1,0.5]]}]
        """
    private static let weights = [
        ("layers.0.weights", TensorFile.Tensor([3, 2], [1, 2, 0.1, -3, 5, 6])),
        ("layers.0.bias", TensorFile.Tensor([3], [1, 2, 3])),
        ("layers.1.weights", TensorFile.Tensor([1, 3], [1, -1, 0.5])),
    ]
    private static let rest = #""layers":[{"activation":"relu","rate":0.5},{}]"#

    @Test("A network in a file has the answer of the same network in JSON")
    func network() throws {
        let expected = DropoutServiceTests.ask(
            "/forward", #"{"input":[[1,0.1],[3,-4]],"layers":\#(Self.layers),"seed":3}"#)
        #expect(expected.status == 200)
        let file = TensorFile([("input", Self.input)] + Self.weights, question: #"{\#(Self.rest),"seed":3}"#)
        #expect(Self.ask("/forward", try file.bytes).text == expected.text)
        var torch = file
        for (index, name) in ["0.weight", "0.bias", "3.weight"].enumerated() { torch.tensors[index + 1].name = name }
        #expect(Self.ask("/forward", try torch.bytes).text == expected.text)
    }

    @Test("A network without further fields needs no question")
    func plainNetwork() throws {
        let file = try TensorFile([("input", Self.input), Self.weights[0]]).bytes
        let expected = DropoutServiceTests.ask(
            "/forward", #"{"input":[[1,0.1],[3,-4]],"layers":[{"weights":[[1,2],[0.1,-3],[5,6]]}]}"#)
        #expect(Self.ask("/forward", file).text == expected.text)
    }

    @Test("Numbers that stay in the question are read in the type of the file")
    func mixed() throws {
        let file = try TensorFile(
            [
                ("input", .init([2, 1], [1, 2], type: "F32")),
                ("layers.0.weights", .init([1, 2], [1, 2], type: "F32")),
            ], question: #"{"layers":[{"bias":[0.1]}]}"#
        ).bytes
        let expected = DropoutServiceTests.ask(
            "/forward", #"{"input":[[1],[2]],"layers":[{"weights":[[1,2]],"bias":[0.1]}],"dtype":"float32"}"#)
        #expect(Self.ask("/forward", file).text == expected.text)
        #expect(expected.text.contains(#""output":[[5.1]]"#))
    }

    @Test("A given mask, uniforms and the state of a unit may be tensors")
    func givenRandomness() throws {
        let mask = try TensorFile(
            [("input", Self.input), ("mask", .init("BOOL", [2, 2], [1, 0, 0, 1]))], question: #"{"rate":0.5}"#
        ).bytes
        #expect(
            Self.ask("/forward", mask).text
                == DropoutServiceTests.ask(
                    "/forward", #"{"input":[[1,0.1],[3,-4]],"rate":0.5,"mask":[[1,0],[0,1]]}"#
                ).text)
        let zoneout = try TensorFile(
            [
                ("input", Self.input), ("layers.0.weights", .init([1, 2], [1, 1])),
                ("layers.0.previous", .init([1, 2], [7, 8])), ("layers.0.uniforms", .init([1, 2], [0.1, 0.9])),
            ], question: #"{"layers":[{"variant":"zoneout","rate":0.5}]}"#
        ).bytes
        #expect(
            Self.ask("/forward", zoneout).text
                == DropoutServiceTests.ask(
                    "/forward",
                    """
                    {"input":[[1,0.1],[3,-4]],"layers":[{"weights":[[1,1]],"variant":"zoneout","rate":0.5,\
                    "previous":[[7,8]],"uniforms":[[0.1,0.9]]}]}
                    """
                ).text)
    }

    // MARK: Answers

    /// The arrays and the other values of two answers, the one in JSON and the other as a file, are the same.
    private static func expectSame(
        _ json: JSONValue, _ named: JSONValue, _ file: TensorFile, _ used: inout Set<String>
    ) {
        if case .string(let name) = named, let tensor = file[name] {
            used.insert(name)
            let (numbers, shape) = tensorOf(json)
            #expect(numbers.map { tensor.rounded($0).bitPattern } == tensor.numbers.map(\.bitPattern), "\(name)")
            #expect(shape == tensor.shape, "\(name)")
            return
        }
        switch (json, named) {
        case (.object(let json), .object(let named)):
            #expect(json.members.map(\.name) == named.members.map(\.name))
            for (one, other) in zip(json.members, named.members) { expectSame(one.value, other.value, file, &used) }
        case (.array(let json), .array(let named)):
            #expect(json.count == named.count)
            for (one, other) in zip(json, named) { expectSame(one, other, file, &used) }
        case (.numbers(let json), .array(let named)):
            // Masks, and null for a layer without one. Our reader packs the numbers of such a list.
            guard case .float64(var numbers) = json.storage else { return }
            for item in named {
                guard case .string(let name) = item, let tensor = file[name] else { continue }
                used.insert(name)
                #expect(Array(numbers.prefix(tensor.numbers.count)) == tensor.numbers, "\(name)")
                numbers.removeFirst(min(numbers.count, tensor.numbers.count))
            }
            #expect(numbers.isEmpty)
        case (.numbers(let json), .numbers(let named)): #expect(json.literals.map(\.text) == named.literals.map(\.text))
        default: #expect(String(describing: json) == String(describing: named))
        }
    }

    private static func tensorOf(_ json: JSONValue) -> (numbers: [Double], shape: [Int]) {
        switch json {
        case .numbers(let array):
            if case .float64(let numbers) = array.storage { return (numbers, array.shape) }
            return ([], [])
        case .number(let number): return ([number.double ?? .nan], [])
        default: return ([], [-1])
        }
    }

    private static func parsed(_ text: String) throws -> JSONValue {
        try Array(text.utf8).withUnsafeBufferPointer {
            try JSONDocument.parse($0, elementType: .float64, limits: JSONLimits())
        }
    }

    private static let trainStep = """
        "input":[[1,0.1],[3,-4]],"target":[[1,2]],"loss":"mse","learning_rate":0.1,"seed":3,"steps":2,"layers":\(layers)
        """

    @Test(
        "A file has the tensors of the answer in JSON bit for bit, and the rest of it in the metadata",
        arguments: [
            ("/forward", #"{"input":[[1,0.1],[3,-4]],"rate":0.5,"seed":3}"#),
            ("/forward", #"{"input":[[1,0.1],[3,-4]],"rate":0.5,"seed":3,"dtype":"float32","mask_format":"booleans"}"#),
            ("/forward", #"{"input":[[1,0.1],[3,-4]],"rate":0.3,"seed":3,"dtype":"float32","samples":4,"exact":true}"#),
            ("/forward", #"{"input":[1,0.1,"Infinity"],"rate":0.3,"seed":3,"variant":"gaussian"}"#),
            ("/forward", #"{"input":5,"rate":0.3,"seed":3,"mask_format":"none"}"#),
            ("/forward", #"{"input":[[1,0.1],[3,-4]],"rate":0.3,"seed":3,"include":["echo"]}"#),
            ("/forward", #"{"input":[[1,0.1],[3,-4]],"seed":3,"layers":\#(layers)}"#),
            (
                "/forward",
                #"{"input":[[1,0.1],[3,-4]],"seed":3,"dtype":"float32","samples":3,"exact":true,"layers":\#(layers)}"#
            ),
            (
                "/forward",
                #"{"input":[1,0.1],"rate":0.3,"seed":3,"exact":true,"include":["exact","subnetworks","uniforms"]}"#
            ),
            ("/forward", #"{"input":[[1,0.1],[3,-4]],"seed":3,"include":["layers","uniforms"],"layers":\#(layers)}"#),
            ("/train-step", "{\(trainStep)}"),
            ("/train-step", #"{\#(trainStep),"test_input":[[1],[3]],"test_target":[[1]],"eval_every":1}"#),
            ("/train-step", #"{\#(trainStep),"optimizer":"adam","dtype":"float32","loss_samples":3}"#),
            (
                "/train-step",
                #"{\#(trainStep),"optimizer":{"name":"sgd","momentum":0.9},"max_norm":1,"tensor_format":"base64"}"#
            ),
        ])
    func answers(_ path: String, _ question: String) throws {
        let answer = Self.ask(path, Array(question.utf8), contentType: "application/json", accept: Self.type)
        try #require(answer.status == 200, "\(answer.text)")
        #expect(answer.reply.headers.contains { $0.name == "Content-Type" && $0.value == Self.type })
        let nested = question.replacingOccurrences(of: #","tensor_format":"base64""#, with: "")
        let json = DropoutServiceTests.ask(path, nested)
        let file = try TensorFile(answer.bytes)
        let text = try #require(file.metadata["answer"])
        var used: Set<String> = []
        Self.expectSame(try Self.parsed(json.text), try Self.parsed(text), file, &used)
        #expect(used == Set(file.tensors.map(\.name)))
    }

    @Test("A type of 16 bits is that of the file", arguments: [("float16", "F16"), ("bfloat16", "BF16")])
    func halves(_ dtype: String, _ type: String) throws {
        let one: [UInt8] = type == "F16" ? [0x00, 0x3C] : [0x80, 0x3F]
        let file = TensorFile([("input", .init(type, [2], one + one))], question: #"{"keep_prob":0.9,"seed":42}"#)
        let answer = Self.ask("/forward", try file.bytes, accept: Self.type)
        let output = try #require(try TensorFile(answer.bytes)["output"])
        #expect(output.type == type)
        let json = DropoutServiceTests.ask(
            "/forward", #"{"input":[1,1],"keep_prob":0.9,"seed":42,"dtype":"\#(dtype)"}"#)
        let numbers = json.object["output"] as? [Double] ?? []
        #expect(output.numbers == numbers.map(output.rounded))
    }

    @Test("Networks and training steps refuse types of 16 bits, unless `dtype` names another")
    func halfNetworks() throws {
        let tensors = [
            ("input", TensorFile.Tensor("F16", [1, 1], [0x00, 0x3C])),
            ("layers.0.weights", TensorFile.Tensor("F16", [1, 1], [0x00, 0x3C])),
        ]
        #expect(Self.ask("/forward", try TensorFile(tensors).bytes).pointers == ["/dtype"])
        #expect(Self.ask("/forward?dtype=float32", try TensorFile(tensors).bytes).status == 200)
    }

    @Test("What an answer has is sent back as it is, and the steps are those of a loop in JSON")
    func loop() throws {
        let fields = #""loss":"mse","learning_rate":0.1,"seed":3,"optimizer":"adam""#
        let data = [("input", Self.input), ("target", TensorFile.Tensor([1, 2], [1, 2]))]
        let first = Self.ask(
            "/train-step", try TensorFile(data + Self.weights, question: "{\(Self.rest),\(fields)}").bytes,
            accept: Self.type)
        let file = try TensorFile(first.bytes)
        let answer = try #require(file.metadata["answer"])
        let members = Reply(status: 200, text: answer, headers: [:])
        let state = ["layers", "optimizer_state"]
        let kept = try state.map { "\"\($0)\":\(try members.json($0))" }.joined(separator: ",")
        let second = Self.ask(
            "/train-step",
            try TensorFile(
                data
                    + file.tensors.filter { entry in state.contains { entry.name.hasPrefix($0 + ".") } }.map {
                        ($0.name, $0.tensor)
                    },
                question: "{\(kept),\(fields),\"step\":1}"
            ).bytes)
        let start = DropoutServiceTests.ask(
            "/train-step", #"{"input":[[1,0.1],[3,-4]],"target":[[1,2]],"layers":\#(Self.layers),\#(fields)}"#)
        let next = DropoutServiceTests.ask(
            "/train-step",
            """
            {"input":[[1,0.1],[3,-4]],"target":[[1,2]],"layers":\(try start.json("layers")),\
            "optimizer_state":\(try start.json("optimizer_state")),\(fields),"step":1}
            """)
        #expect(next.status == 200)
        #expect(second.text == next.text)
    }

    // MARK: Refusals

    @Test(
        "All mistakes of a file are in one answer, each with its pointer",
        arguments: [
            (["inptu"], "{}", "", ["/inptu", "", ""]),
            (["input", "layers.0.weight"], #"{"rate":0.5}"#, "", ["/layers.0.weight"]),
            (["input", "layers.00.weights"], #"{"rate":0.5}"#, "", ["/layers.00.weights"]),
            (["input", "layers.1.weights"], "{}", "", ["/layers", "/layers/0"]),
            (["input", "layers.999999999.weights"], "{}", "", ["/layers", "/layers/0"]),
            (["input", "layers.0.weights", "1.weight"], "{}", "", ["/1.weight"]),
            (["input", "layers.0.weights"], #"{"layers":[{},{}]}"#, "", ["/layers/1"]),
            (["input", "layers.0.weights", "layers.1.weights"], #"{"layers":[{}]}"#, "", ["/layers"]),
            (["input", "layers.0.weights"], #"{"layers":[{"weights":[[1]]}]}"#, "", ["/layers/0/weights"]),
            (
                ["input", "layers.0.weights"], #"{"layers":[{"weights":"layers.1.weights"}]}"#, "",
                ["/layers/0/weights"]
            ),
            (["input", "layers.0.weights"], #"{"layers":5}"#, "", ["/layers"]),
            (["input"], #"{"rate":0.5,"input":[1]}"#, "", ["/input"]),
            (["input"], #"{"rate":0.5}"#, "?rate=0.5", ["/rate"]),
            (["input"], #"{"rate":0.5}"#, "?input=3", ["/input"]),
            (["input", "target"], #"{"rate":0.5}"#, "", ["/target"]),
            (["input", "optimizer_state.layers.0.mean_bias"], #"{"rate":0.5}"#, "", ["/optimizer_state"]),
            (["input"], #"{"rate":2,"sede":1}"#, "", ["/sede", "/rate"]),
            (["input"], #"{"rate":0.5,"mask_format":"packed"}"#, "", ["/mask_format"]),
            (["input"], #"{"rate":0.5,"samples":2,"samples_format":"ndjson"}"#, "", ["/samples_format"]),
            (["input"], #"{"rate":0.5,"tensor_format":"file"}"#, "", ["/tensor_format"]),
        ] as [([String], String, String, [String])])
    func mistakes(_ names: [String], _ question: String, _ query: String, _ pointers: [String]) throws {
        let file = TensorFile(names.map { ($0, .init([1, 1], [1])) }, question: question)
        let answer = Self.ask("/forward\(query)", try file.bytes, accept: Self.type)
        #expect(answer.status == 422)
        #expect(answer.pointers == pointers, "\(answer.text)")
    }

    @Test("A type that is not read does not hide the other mistakes")
    func unsupported() throws {
        let file = TensorFile([("input", .init("F8_E4M3", [1], [1]))], question: #"{"rate":2}"#)
        let answer = Self.ask("/forward", try file.bytes)
        #expect(answer.status == 422)
        #expect(answer.pointers == ["/input", "/rate"])
        #expect(answer.text.contains("F8_E4M3"))
    }

    @Test("A file that is none, and a question that is not JSON, are answered with 400")
    func malformed() throws {
        #expect(Self.ask("/forward", []).status == 400)
        #expect(Self.ask("/forward", Array("{}".utf8)).status == 400)
        let broken = Self.ask("/forward", try TensorFile([("input", Self.input)], question: "{").bytes)
        #expect(broken.status == 400)
        #expect(broken.text.contains("`question` in the metadata"))
        #expect(Self.ask("/forward", try TensorFile([("input", Self.input)], question: "[]").bytes).status == 422)
    }

    @Test("Every beginning of a file is refused, and every changed byte of its header is answered or refused")
    func hostile() throws {
        let file = try TensorFile([("input", Self.input)] + Self.weights, question: #"{\#(Self.rest),"seed":3}"#).bytes
        for count in stride(from: 0, to: file.count, by: 7) {
            #expect(Self.ask("/forward", Array(file[..<count])).status == 400)
        }
        for place in stride(from: 0, to: file.count, by: 3) {
            var changed = file
            changed[place] ^= 0x11
            #expect([200, 400, 422].contains(Self.ask("/forward", changed).status))
        }
    }

    @Test("The elements of all tensors together are within the limit")
    func elements() throws {
        var limits = ServiceLimits()
        limits.maximumElements = 7
        let file = TensorFile([("input", Self.input), ("mask", Self.input)], question: #"{"rate":0.5}"#)
        #expect(Self.ask("/forward", try file.bytes, limits: limits).pointers == ["/mask"])
    }

    @Test("A route that has no tensors to name, and one that answers none, say so", arguments: ["/mask", "/verify"])
    func otherRoutes(_ path: String) throws {
        #expect(Self.ask(path, try TensorFile([("input", Self.input)]).bytes).status == 415)
        let accepted = Self.ask(path, Array("{}".utf8), contentType: "application/json", accept: Self.type)
        #expect(accepted.status == 406)
    }

    @Test("QUERY with a file has a tag, which the file decides")
    func caching() throws {
        let file = TensorFile([("input", Self.input)], question: #"{"rate":0.5,"seed":3}"#)
        let answer = Self.ask("/forward", try file.bytes, method: "QUERY")
        #expect(answer.reply.caching.tag != nil)
        var other = file
        other.tensors[0].tensor.bytes[0] = 1
        #expect(Self.ask("/forward", try other.bytes, method: "QUERY").reply.caching.tag != answer.reply.caching.tag)
        #expect(
            Self.ask("/forward", try file.bytes, accept: Self.type, method: "QUERY").reply.caching.tag
                != answer.reply.caching.tag)
    }
}
