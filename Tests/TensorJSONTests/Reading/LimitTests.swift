import TensorJSON
import Testing

/// Depth, size and time of a text, and names that stand twice.
@Suite struct LimitTests {
    private func limits(depth: Int = 64, elements: Int = 1 << 24, values: Int = 65_536) -> JSONLimits {
        var limits = JSONLimits()
        limits.maximumDepth = depth
        limits.maximumElements = elements
        limits.maximumValues = values
        return limits
    }

    private func refusal(_ text: String, limits: JSONLimits = JSONLimits()) -> JSONParseError? {
        TensorJSONTests.refusal(Array(text.utf8), limits: limits)
    }

    /// `depth` levels, opened and closed by turns of `brackets`, with `core` in the middle.
    static func nested(_ brackets: [(String, String)], depth: Int, core: String) -> String {
        let levels = (0..<depth).map { brackets[$0 % brackets.count] }
        return levels.map(\.0).joined() + core + levels.reversed().map(\.1).joined()
    }

    static let nestings: [([(String, String)], String)] = [
        ([("[", "]")], "1"), ([("[", "]")], ""), ([("[", "]")], "null"), ([("[", "]")], "true"),
        ([("[", "]")], "\"a\""),
        ([("[ ", "]")], "1"), ([("{\"a\":", "}")], "1"), ([("[", "]"), ("{\"a\":", "}")], "1"),
        ([("{\"a\":", "}"), ("[", "]")], "[]"), ([("[1,", "]")], "2"), ([("[null,", "]")], "2"),
        ([("[1,", "]"), ("{\"a\":", "}")], "0"), ([("[1,{\"a\":", "}]"), ("[", "]")], "0"),
    ]

    @Test("64 levels are read and the 65th is refused where it opens", arguments: nestings.indices)
    func depth(nesting: Int) throws {
        let (brackets, core) = Self.nestings[nesting]
        let own = core == "[]" ? 1 : 0
        // An opening text may hold two levels itself.
        let perTurn = brackets.reduce(0) { $0 + $1.0.utf8.count { $0 == UInt8(ascii: "[") || $0 == UInt8(ascii: "{") } }
        let turns = (64 - own) * brackets.count / perTurn
        let fits = Self.nested(brackets, depth: turns, core: core)
        #expect(refusal(fits) == nil)
        let deep = Array(Self.nested(brackets, depth: turns + 1, core: core).utf8)
        let openings = deep.indices.filter { deep[$0] == UInt8(ascii: "[") || deep[$0] == UInt8(ascii: "{") }
        let error = try #require(syntaxError(deep))
        #expect(error.detail == "nested deeper than 64 levels")
        #expect(error.byteOffset == openings[64])
    }

    @Test(
        "A hundred thousand brackets are refused, not followed",
        arguments: ["[", "{\"\":", "[{\"\":", "[1,", "[[],", "[null,"])
    func hostileDepth(opening: String) {
        let text = String(repeating: opening, count: 100_000)
        #expect(syntaxError(Array(text.utf8))?.detail == "nested deeper than 64 levels")
    }

    @Test("The limit of levels is the caller's")
    func ownDepth() {
        #expect(refusal("[[1]]", limits: limits(depth: 2)) == nil)
        #expect(refusal("[[[1]]]", limits: limits(depth: 2)) != nil)
        #expect(refusal("{\"a\":[[1]]}", limits: limits(depth: 2)) != nil)
        #expect(refusal("1", limits: limits(depth: 0)) == nil)
        #expect(refusal("[]", limits: limits(depth: 0)) != nil)
    }

    @Test(
        "A limit of numbers holds over the whole text and names the first number over it",
        arguments: [
            ("[1,2,3]", nil), ("[1,2,3,4]", "/3"), ("[[1,2],[3,4]]", "/1/1"), (#"{"a":[1,2],"b":[3]}"#, nil),
            (#"{"a":[1,2],"b":[3,4]}"#, "/b/1"), (#"{"a":[1,2],"b":{"c":[[3],[4]]}}"#, "/b/c/1/0"),
            (#"[{"a":[1]},{"a":[2,3]},{"a":[4]}]"#, "/2/a/0"), ("[true,false,true,true]", "/3"),
            (#"["NaN",1,2,3]"#, "/3"), (#"[1,2,3,"NaN"]"#, "/3"), (#"{"a/b~c":[1,2,3,4]}"#, "/a~1b~0c/3"),
            (#"{"":[1,2,3,4]}"#, "//3"), (#"{"a":1,"b":2,"c":3,"d":4}"#, nil), (#"{"\u00e9\"":[1,2,3,4]}"#, "/é\"/3"),
            (#"[["a",1,2],[3,4]]"#, nil), ("[[[[1,2,3,4]]]]", "/0/0/0/3"),
        ] as [(String, String?)])
    func elements(text: String, pointer: String?) {
        let expected = pointer.map { JSONParseError.limit(pointer: $0, detail: "more than 3 numbers in one request") }
        #expect(refusal(text, limits: limits(elements: 3)) == expected)
    }

    @Test("A pointer escapes a slash and a tilde that carry a combining mark")
    func combinedPointer() {
        let error = refusal("{\"/\u{301}~\u{302}\":[1]}", limits: limits(elements: 0))
        guard case .limit(let pointer, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(Array(pointer.utf8) == Array("/~1\u{301}~0\u{302}/0".utf8))
    }

    @Test(
        "A limit of values counts what is outside packed arrays",
        arguments: [
            ("[1,2,3,4,5,6,7]", nil), (#"{"a":1,"b":2}"#, nil), (#"{"a":1,"b":2,"c":[1,2]}"#, "/c"),
            (#"[null,null,null]"#, "/2"), (#"[{},{},{}]"#, "/2"), (#"{"a":{"b":{"c":1}}}"#, "/a/b/c"),
            (#"[[1,2],[3,4,5],[6]]"#, nil),
        ] as [(String, String?)])
    func values(text: String, pointer: String?) {
        let expected = pointer.map {
            JSONParseError.limit(pointer: $0, detail: "more than 3 values besides number arrays")
        }
        #expect(refusal(text, limits: limits(values: 3)) == expected)
    }

    @Test("Names inside a broken array count too, for they are kept until their object ends")
    func namesOfSkippedObjects() {
        let object = "{" + (0..<100).map { "\"\($0)\":0" }.joined(separator: ",") + "}"
        #expect(refusal("[[1],\(object)]", limits: limits(values: 99)) != nil)
        #expect(refusal("[[1],\(object)]", limits: limits(values: 101)) == nil)
        let nulls = String(repeating: ",null", count: 100)
        #expect(refusal("[[1]\(nulls)]", limits: limits(values: 1)) == nil)
    }

    @Test(
        "A name that stands twice in one object is refused where it stands again",
        arguments: [
            (#"{"a":1,"a":1}"#, 7), (#"{"a":1,"b":2,"a":3}"#, 13), (#"{"a":1,"\u0061":2}"#, 7),
            (#"{"\u00e9":1,"é":2}"#, 12),
            (#"{"":1,"":2}"#, 6), (#"{"x":{"a":1,"a":2}}"#, 12), (#"[1,{"a":1,"a":2}]"#, 10),
            (#"{"\ud83d\ude00":1,"😀":2}"#, 18),
            (#"{"a\/b":1,"a/b":2}"#, 10), (#"[[1],{"a":[1],"a":[2]}]"#, 14),
            (#"{"a":1,"\ud83d\ude00":1,"\uD83D\uDE00":1}"#, 24),
        ])
    func duplicates(text: String, offset: Int) throws {
        let error = try #require(syntaxError(Array(text.utf8)))
        #expect(error.byteOffset == offset)
        #expect(error.detail.hasSuffix("stands twice in one object"))
    }

    @Test(
        "Names that differ in any code point are two names",
        arguments: [
            (#"{"a":1,"A":2}"#, 2), (#"{"a":1,"a ":2}"#, 2), ("{\"\u{E9}\":1,\"e\u{301}\":2}", 2),
            (#"{"a":{"a":{"a":1}}}"#, 1),
            ("{\"\u{212A}\":1,\"K\":2}", 2), (#"{"a":1,"a\u0000":2}"#, 2),
            ("{\"\u{1100}\u{1161}\":1,\"\u{AC00}\":2}", 2),
        ])
    func distinctNames(text: String, count: Int) throws {
        guard case .object(let object) = try parse(text) else {
            Issue.record("no object")
            return
        }
        #expect(object.members.count == count)
    }

    @Test("A list of numbers and objects in turn is read in time that grows with the text, not with 2 to its depth")
    func mixedNesting() throws {
        let text = String(repeating: #"[1,{"a":"#, count: 31) + "[1,2]" + String(repeating: "}]", count: 31)
        let shown = String(repeating: "(1,{a=", count: 31) + "[2: 1.0 2.0]" + String(repeating: "})", count: 31)
        #expect(try parse(text).shown == shown)
    }
}
