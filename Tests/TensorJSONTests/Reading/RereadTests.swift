import TensorJSON
import Testing

/// The element type that a text asks for: guessed before the reading, put right after it.
@Suite struct RereadTests {
    private func hint(_ text: String) -> ElementType {
        Array(text.utf8).withUnsafeBufferPointer { JSONDocument.elementTypeHint($0) }
    }

    @Test(
        "The hint is float32 where the name and the type stand near one end of the text",
        arguments: [
            (#"{"dtype":"float32","input":[1]}"#, .float32), (#"{"input":[1],"dtype":"float32"}"#, .float32),
            (#"{"dtype" : "float32"}"#, .float32), (#"{"dtype":"float64"}"#, .float64), (#"{"input":[1]}"#, .float64),
            (#"{"dtype":"float16"}"#, .float64), (#"{"type":"float32"}"#, .float64), ("", .float64), ("{", .float64),
            (#"{"dtype":float32}"#, .float64),
        ] as [(String, ElementType)])
    func hints(text: String, expected: ElementType) {
        #expect(hint(text) == expected)
    }

    @Test(
        "The hint looks at 512 bytes of either end, wherever the type stands there",
        arguments: [0, 100, 600, 100_000])
    func hintOfLongTexts(count: Int) {
        let member = #""dtype":"float32""#
        let filler = String(repeating: "1,", count: count)
        #expect(hint("{\(member),\"input\":[\(filler)1]}") == .float32)
        #expect(hint("{\"input\":[\(filler)1],\(member)}") == .float32)
        #expect(
            hint("{\"input\":[\(filler)1],\(member),\"mask\":[\(filler)1]}") == (count <= 100 ? .float32 : .float64))
        #expect(hint("{\"dtype\":[\(filler)1],\"a\":\"float32\"}") == (count <= 100 ? .float32 : .float64))
    }

    /// The only array of `text` under the name `a`, read as one type and then as the other.
    private func both(
        _ text: String, first: ElementType, then second: ElementType, limits: JSONLimits = JSONLimits()
    ) throws -> (first: NumberArray, second: NumberArray) {
        try Array(text.utf8).withUnsafeBufferPointer { bytes in
            let value = try JSONDocument.parse(bytes, elementType: first, limits: limits)
            guard case .object(let object) = value, let array = object["a"]?.numberArray else {
                throw Missing()
            }
            return (array, try JSONDocument.reread(array, as: second, in: bytes))
        }
    }

    private struct Missing: Error {}

    @Test(
        "An array read again equals the array read so at first",
        arguments: [
            "[]", "[0.1]", "[[0.1,0.2],[0.3,1e-45]]", "[1.00000017881393432617187501]", #"["NaN",1,"-Infinity"]"#,
            "[true,false]", "[[1,2],[3]]", "[[1,2],[3,null]]", "[ [ 0.1 ] ]", "[-0.0,1e-400]", "[1e300,1]", "[1,1e300]",
            "[[1],[1e300]]", "[1e300,1e400]",
        ])
    func rereading(text: String) throws {
        let text = #"{"b":[1,2],"a":"# + text + #" ,"c":[3]}"#
        let doubles = try both(text, first: .float64, then: .float32)
        let floats = try both(text, first: .float32, then: .float64)
        #expect(doubles.first.shown == floats.second.shown)
        #expect(doubles.second.shown == floats.first.shown)
        #expect(doubles.second.source == doubles.first.source)
        #expect(doubles.second.literals.map(\.text) == floats.first.literals.map(\.text))
        if case .float64 = doubles.second.storage { Issue.record("still float64") }
        if case .float32 = floats.second.storage { Issue.record("still float32") }
    }

    @Test("An array of the wanted type is given back as it is")
    func sameType() throws {
        let same = try both(#"{"a":[0.1,0.2]}"#, first: .float32, then: .float32)
        #expect(same.first.shown == "[2: 0.1 0.2]")
        #expect(same.second.shown == "[2: 0.1 0.2]")
    }

    @Test("A float32 is rounded from the text, not from the float64 before it")
    func noSecondRounding() throws {
        let arrays = try both(#"{"a":[1.00000017881393432617187499]}"#, first: .float64, then: .float32)
        #expect(arrays.second.shown == "[1: \(Float(bitPattern: 0x3F80_0001))]")
        guard case .float64(let doubles) = arrays.first.storage else { return }
        #expect(Float(doubles[0]).bitPattern == 0x3F80_0002)
    }

    @Test("A list too large for float32 is refused at its place, also when the type is learnt late")
    func overflow() throws {
        let arrays = try both(#"{"a":[1,2,1e39,4]}"#, first: .float64, then: .float32)
        #expect(arrays.first.problem == nil)
        #expect(arrays.second.shown == "<[2] the number is too large for float32>")
    }

    @Test("Limits do not count an array twice")
    func limits() throws {
        var limits = JSONLimits()
        limits.maximumElements = 4
        let arrays = try both(#"{"a":[[1,2],[3,4]]}"#, first: .float64, then: .float32, limits: limits)
        #expect(arrays.second.shown == "[2x2: 1.0 2.0 3.0 4.0]")
    }
}
