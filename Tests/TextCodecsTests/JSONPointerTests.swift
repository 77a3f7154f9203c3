import Testing
import TextCodecs

@Suite("A name in a JSON pointer")
struct JSONPointerTests {
    /// The names of RFC 6901, section 5, and the one of its section 3.
    @Test(
        "has its tildes and slashes escaped",
        arguments: [
            ("foo", "foo"), ("", ""), ("a/b", "a~1b"), ("c%d", "c%d"), ("e^f", "e^f"), ("g|h", "g|h"), ("i\\j", "i\\j"),
            ("k\"l", "k\"l"), (" ", " "), ("m~n", "m~0n"), ("~1", "~01"),
        ])
    func escapes(name: String, escaped: String) { #expect(JSONPointer.escaped(name) == escaped) }

    @Test("has them escaped below an accent too")
    func accents() {
        #expect(Array(JSONPointer.escaped("/\u{301}~\u{302}").utf8) == Array("~1\u{301}~0\u{302}".utf8))
    }
}
