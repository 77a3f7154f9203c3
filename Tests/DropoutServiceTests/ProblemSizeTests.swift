import DropoutService
import Testing

/// Nothing that a client sends comes back at length: a problem document has a bound, whatever it quotes.
@Suite struct ProblemSizeTests {
    /// A request whose long text stands where a problem may quote it.
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let target: String
        let body: String
        var method: String?
        var contentType: String?
        var accept: String?
    }

    private static let long = String(repeating: "x", count: 1 << 20)

    /// Characters that JSON escapes, that are long in UTF-8, and that are one character together.
    private static let alphabets: [(name: String, text: String)] = [
        ("letters", long), ("quotation marks", String(repeating: #"\""#, count: 100_000)),
        ("control characters", String(repeating: #"\u0001"#, count: 100_000)),
        ("slashes", String(repeating: "/", count: 100_000)), ("tildes", String(repeating: "~", count: 100_000)),
        ("emoji", String(repeating: "🙂", count: 100_000)),
        ("combining marks", "e" + String(repeating: "\u{301}", count: 100_000)),
    ]

    private static let cases: [Case] = {
        var cases: [Case] = []
        for (name, text) in alphabets {
            func add(_ what: String, _ target: String, _ body: String) {
                cases.append(Case(testDescription: "\(what) of \(name)", target: target, body: body))
            }
            add("a field name", "/forward", #"{"input":[1],"rate":0.5,"\#(text)":1}"#)
            add("a name that is null", "/mask", #"{"shape":[1],"rate":0.5,"\#(text)":null}"#)
            add("a name in a layer", "/forward", #"{"input":[[1]],"layers":[{"weights":[[1]],"\#(text)":1}]}"#)
            add("a name in a tensor", "/forward", #"{"input":{"shape":[1],"data":[1],"\#(text)":1},"rate":0.5}"#)
            add(
                "a name in a mask", "/forward",
                #"{"input":[1],"rate":0.5,"mask":{"shape":[1],"packed":"gA==","\#(text)":1}}"#)
            add("an optimizer's name", "/train-step", #"{"optimizer":{"name":"sgd","\#(text)":1}}"#)
            add("a choice", "/forward", #"{"input":[1],"rate":0.5,"variant":"\#(text)"}"#)
            add("a generator", "/mask", #"{"shape":[1],"rate":0.5,"generator":"\#(text)"}"#)
            add("a draw type", "/mask", #"{"shape":[1],"rate":0.5,"generator":"numpy-pcg64","draw_dtype":"\#(text)"}"#)
            add("a seed", "/mask", #"{"shape":[1],"rate":0.5,"seed":"\#(text)"}"#)
            add("a tensor", "/forward", #"{"input":"\#(text)","rate":0.5}"#)
            add("a part", "/forward", #"{"input":[1],"rate":0.5,"include":["\#(text)"]}"#)
            add("a repeated name", "/forward", #"{"\#(text)":1,"\#(text)":2}"#)
            let nested = String(repeating: #"{"\#(text.prefix(40_000))":"#, count: 20)
            add("nested names", "/forward", #"{"input":[1],"rate":0.5,"a":\#(nested)[NaN]"#)
            let values = String(repeating: #"{"a":1},"#, count: 70_000)
            add("a nested limit", "/forward", #"{"\#(text)":{"\#(text)":[\#(values)1]}}"#)
        }
        let names = (0..<5000).map { #""\#($0)\#(String(repeating: #"\u0002"#, count: 40))":1"# }
        cases.append(Case(testDescription: "many names", target: "/forward", body: "{\(names.joined(separator: ","))}"))
        let choices = ["generator", "variant", "granularity", "mode", "scheme", "layout", "dtype", "mask_format"]
            .map { #""\#($0)":"\#(long)""# }
        cases.append(
            Case(testDescription: "many choices", target: "/forward", body: "{\(choices.joined(separator: ","))}"))
        let parts = String(repeating: #""\u0003","#, count: 60_000)
        cases.append(
            Case(testDescription: "many parts", target: "/forward", body: #"{"include":[\#(parts)"x"]}"#))
        let digits = String(repeating: "9", count: 1 << 20)
        for field in ["rate", "samples", "step", "offset", "seed", "input", "temperature"] {
            cases.append(
                Case(testDescription: "digits in \(field)", target: "/forward", body: #"{"\#(field)":\#(digits)}"#))
        }
        cases.append(
            Case(testDescription: "digits in a shape", target: "/mask", body: #"{"rate":0.5,"shape":[1,\#(digits)]}"#))
        let extents = [String](repeating: "9223372036854775807", count: 63).joined(separator: ",")
        for (name, body) in [
            ("mask", #"{"input":[1],"rate":0.5,"mask":{"shape":[0,\#(extents)],"data":[]}}"#),
            ("noise_shape", #"{"input":[1],"rate":0.5,"noise_shape":[\#(extents)]}"#),
            (
                "previous",
                #"{"input":[1],"rate":0.5,"variant":"zoneout","previous":{"shape":[\#(extents),0],"data":[]}}"#
            ),
        ] { cases.append(Case(testDescription: "extents in \(name)", target: "/forward", body: body)) }
        let escaped = String(repeating: "%01", count: 2000)
        for query in [
            escaped, "\(escaped)=1", "shape=\(escaped)", "shape=1&a\(escaped)=1&a\(escaped)=2", "seed=\(escaped)",
        ] {
            cases.append(Case(testDescription: "the query", target: "/mask?rate=0.5&\(query)", body: ""))
        }
        cases.append(Case(testDescription: "the path", target: "/\(long)", body: ""))
        cases.append(
            Case(testDescription: "the path's bytes", target: "/" + String(repeating: "\u{1}", count: 9000), body: ""))
        cases.append(Case(testDescription: "the method", target: "/forward", body: "{}", method: long))
        for type in [long, "application/json; charset=\(long)", "text/\(String(repeating: "\"", count: 9000))"] {
            cases.append(Case(testDescription: "the type", target: "/forward", body: "{}", contentType: type))
        }
        cases.append(Case(testDescription: "Accept", target: "/forward", body: "{}", accept: long))
        return cases
    }()

    @Test("A problem has at most 12 KiB, whatever it quotes", arguments: cases)
    func bounded(_ one: Case) throws {
        let reply = ask(
            one.target, one.body, method: one.method, contentType: one.contentType, accept: one.accept)
        #expect(reply.status >= 400)
        #expect(reply.text.utf8.count <= Problem.maximumBytes)
        let errors = reply.object["errors"] as? [[String: String]]
        #expect(try #require(errors).count <= 32)
        for entry in errors ?? [] { #expect((entry["pointer"] ?? "").utf8.count <= 260) }
    }

    @Test("The server's own refusals are bounded, too")
    func transport() {
        let reply = DropoutAPI().refuse(status: 501, detail: Self.long, instance: Self.long)
        guard case .bytes(let bytes) = reply.body else {
            Issue.record("a problem is whole")
            return
        }
        #expect(bytes.count <= Problem.maximumBytes)
    }

    @Test("Texts up to 64 bytes are quoted whole")
    func whole() throws {
        let name = String(repeating: "n", count: 64)
        let reply = ask("/mask", #"{"shape":[1],"rate":0.5,"\#(name)":1,"\#(name)o":2}"#)
        #expect(reply.pointers == ["/\(name)", "/\(name)…"])
    }
}
