import DropoutService
import Foundation
import Testing

/// Questions and answers in NumPy's array file. `Vectors/array-files.json` has what `numpy.save` of NumPy 2.4 wrote: the numbers of
/// the README's first request and of its answer. The bfloat16 are those of ml_dtypes.
@Suite("Array files in requests and answers")
struct ArrayFileTests {
    private struct Answer {
        let status: Int
        let bytes: [UInt8]
        let headers: [String: String]

        var text: String { String(decoding: bytes, as: UTF8.self) }
    }

    private static func ask(
        _ target: String, _ body: [UInt8], contentType: String? = "application/x-npy", accept: String? = nil,
        method: String = "POST", limits: ServiceLimits = ServiceLimits()
    ) -> Answer {
        let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
        return body.withUnsafeBufferPointer { bytes in
            let reply = DropoutAPI(limits: limits).respond(
                to: ServiceRequest(
                    method: method, path: parts[0], query: parts.count > 1 ? parts[1] : nil, contentType: contentType,
                    accept: accept, body: bytes))
            var all: [UInt8] = []
            reply.body.forEachChunk { all += $0 }
            return Answer(
                status: reply.status, bytes: all,
                headers: Dictionary(reply.headers.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 }))
        }
    }

    private static func file(_ name: String) throws -> [UInt8] {
        let url = try #require(
            Bundle.module.url(forResource: "array-files", withExtension: "json", subdirectory: "Vectors"))
        let files = try JSONDecoder().decode([String: String].self, from: Data(contentsOf: url))
        return Array(try #require(files[name].flatMap { Data(base64Encoded: $0) }))
    }

    private static let question = "/forward?keep_prob=0.8&seed=42"
    private static let json = #"{"input":[[7,13],[7,13],[16,31],[16,31]],"keep_prob":0.8,"seed":42}"#

    @Test(
        "An array file is the input, whatever its type, byte order and order",
        arguments: ["input", "inputBigEndianFortran"])
    func input(_ name: String) throws {
        let answer = Self.ask(Self.question, try Self.file(name))
        #expect(answer.text == DropoutServiceTests.ask("/forward", Self.json).text)
    }

    @Test(
        "An array file answers with the bytes that NumPy writes",
        arguments: [
            ("/forward?keep_prob=0.8&seed=42", "input", "output"),
            ("/forward?keep_prob=0.8&seed=42", "inputFloat32", "outputFloat32"),
            ("/forward?keep_prob=0.8&seed=42&dtype=float64", "inputFloat32", "output"),
            ("/forward?keep_prob=0.8&seed=42&dtype=float32", "inputFloat16", "outputFloat32"),
            ("/forward?keep_prob=0.8&seed=42", "inputFloat16", "outputFloat16"),
            ("/forward?keep_prob=0.8&seed=42&dtype=float16", "input", "outputFloat16"),
            ("/forward?keep_prob=0.8&seed=42&dtype=float16", "inputBigEndianFortran", "outputFloat16"),
            ("/forward?keep_prob=0.8&seed=42&dtype=bfloat16", "inputBfloat16", "outputBfloat16"),
            ("/forward?keep_prob=0.8&seed=42&include=output", "input", "output"),
            ("/forward?keep_prob=0.8&seed=42&include=mask", "input", "mask"),
            ("/forward?keep_prob=0.8&seed=42&include=mask&mask_format=booleans", "input", "maskBooleans"),
        ])
    func output(_ target: String, _ input: String, _ output: String) throws {
        let answer = Self.ask(target, try Self.file(input), accept: "application/x-npy")
        #expect(answer.bytes == (try Self.file(output)))
        #expect(answer.headers["Content-Type"] == "application/x-npy")
    }

    @Test("A JSON question may be answered with an array file")
    func fromJSON() throws {
        let answer = Self.ask(
            "/forward", Array(Self.json.utf8), contentType: "application/json", accept: "application/x-npy")
        #expect(answer.bytes == (try Self.file("output")))
    }

    @Test("The output of a network is an array file too")
    func network() throws {
        let body = #"""
            {"input":[[7,13],[7,13],[16,31],[16,31]],"seed":42,
            "layers":[{"weights":[[1,0,0,0],[0,1,0,0],[0,0,1,0],[0,0,0,1]],"keep_prob":0.8}]}
            """#
        let answer = Self.ask("/forward", Array(body.utf8), contentType: nil, accept: "application/x-npy")
        #expect(answer.bytes == (try Self.file("output")))
    }

    @Test("A mask is an array file by GET and by POST")
    func mask() throws {
        let get = Self.ask(
            "/mask?shape=4,2&keep_prob=0.8&seed=42", [], contentType: nil, accept: "application/x-npy", method: "GET")
        #expect(get.bytes == (try Self.file("mask")))
        let body = Array(#"{"shape":[4,2],"keep_prob":0.8,"seed":42,"mask_format":"booleans"}"#.utf8)
        #expect(
            Self.ask("/mask", body, contentType: nil, accept: "application/x-npy").bytes
                == (try Self.file("maskBooleans")))
    }

    @Test("A seed that the service drew is in the header, and draws the same again")
    func drawnSeed() throws {
        let input = try Self.file("input")
        let first = Self.ask("/forward?rate=0.5", input, accept: "application/x-npy")
        let seed = try #require(first.headers["Dropout-Seed"])
        let second = Self.ask("/forward?rate=0.5&seed=\(seed)", input, accept: "application/x-npy")
        #expect(second.bytes == first.bytes)
    }

    @Test("A list of seeds is in the header as a query takes it", arguments: ["5", "1,2", ""])
    func listOfSeeds(_ seeds: String) throws {
        let body = Array(#"{"shape":[16],"rate":0.5,"generator":"numpy-pcg64","seed":[\#(seeds)]}"#.utf8)
        let first = Self.ask("/mask", body, contentType: nil, accept: "application/x-npy")
        let seed = try #require(first.headers["Dropout-Seed"])
        let second = Self.ask(
            "/mask?shape=16&rate=0.5&generator=numpy-pcg64&seed=\(seed)", [], contentType: nil,
            accept: "application/x-npy", method: "GET")
        #expect(second.bytes == first.bytes)
    }

    @Test("Nothing drawn has no seed in the header", arguments: ["rate=0", "rate=0.5&mode=eval"])
    func nothingDrawn(_ fields: String) throws {
        let answer = Self.ask("/forward?\(fields)", try Self.file("input"), accept: "application/x-npy")
        #expect(answer.headers["Dropout-Seed"] == nil)
        #expect(answer.status == 200)
    }

    @Test(
        "Accept chooses between JSON and an array file by its weights",
        arguments: [
            ("application/x-npy", "application/x-npy"), ("*/*", "application/json"), ("", "application/json"),
            ("application/*", "application/json"), ("application/x-npy;q=0.9, */*;q=0.1", "application/x-npy"),
            ("application/json, application/x-npy", "application/json"),
            ("application/x-npy, application/json", "application/json"),
            ("application/json;q=0.5, application/x-npy", "application/x-npy"),
            ("application/x-npy;q=0, */*", "application/json"), ("APPLICATION/X-NPY", "application/x-npy"),
            ("text/html, application/x-npy;q=0.1", "application/x-npy"),
        ])
    func negotiation(_ accept: String, _ type: String) throws {
        let answer = Self.ask(Self.question, try Self.file("input"), accept: accept)
        #expect(answer.headers["Content-Type"] == type)
    }

    @Test(
        "What an array file cannot say or answer is refused with a pointer",
        arguments: [
            ("/forward?rate=0.5&include=check", "input", "/include"),
            ("/forward?rate=0.5&include=output,mask", "input", "/include"),
            ("/forward?rate=0.5&samples=2", "input", "/samples"),
            ("/forward?rate=0.5&exact=true", "input", "/exact"),
            ("/forward?rate=0.5&include=mask&mask_format=packed", "input", "/mask_format"),
            ("/forward?rate=0.5&include=mask&variant=gaussian", "input", "/include"),
            ("/forward?rate=0.5&input=3", "input", "/input"),
            ("/forward?rate=0.5", "inputBfloat16", "/input"),
            ("/forward?rate=0.5&dtype=float32", "inputBfloat16", "/input"),
            ("/forward?rate=0.5", "inputComplex", "/input"),
            ("/forward?rate=0.5&sede=3", "input", "/sede"),
        ])
    func refusals(_ target: String, _ input: String, _ pointer: String) throws {
        let answer = Self.ask(target, try Self.file(input), accept: "application/x-npy")
        #expect(answer.status == 422)
        #expect(Reply(status: 422, text: answer.text, headers: [:]).pointers == [pointer], "\(answer.text)")
    }

    @Test("A type that is not read and too many elements do not hide the other mistakes of a question")
    func allMistakes() throws {
        let complex = Self.ask("/forward?rate=2&sede=3", try Self.file("inputComplex"))
        #expect(Reply(status: 422, text: complex.text, headers: [:]).pointers == ["/input", "/sede", "/rate"])
        var limits = ServiceLimits()
        limits.maximumElements = 7
        let large = Self.ask("/forward?rate=2&input=3", try Self.file("input"), limits: limits)
        #expect(Reply(status: 422, text: large.text, headers: [:]).pointers == ["/input", "/input", "/rate"])
    }

    @Test("A body that is no array file is answered with 400, in JSON", arguments: [[], Array("{}".utf8)] as [[UInt8]])
    func notAFile(_ body: [UInt8]) {
        let answer = Self.ask(Self.question, body, accept: "application/x-npy")
        #expect(answer.status == 400)
        #expect(answer.headers["Content-Type"] == "application/problem+json")
    }

    @Test("An array of more elements than the limit is refused before it is read")
    func tooMany() throws {
        var limits = ServiceLimits()
        limits.maximumElements = 7
        let answer = Self.ask(Self.question, try Self.file("input"), limits: limits)
        #expect(answer.status == 422)
        #expect(answer.text.contains("8 found"))
    }

    @Test("A route that takes no array file says so", arguments: ["/mask", "/train-step", "/verify"])
    func otherRoutes(_ path: String) throws {
        #expect(Self.ask(path, try Self.file("input")).status == 415)
    }
}
