import Testing
import TextCodecs

@Suite("Optional white space")
struct OptionalWhiteSpaceTests {
    @Test(
        "is spaces and tabs around a text",
        arguments: [
            ("", ""), (" \t ", ""), ("a", "a"), (" \ta b\t ", "a b"), ("\u{A0}a\n", "\u{A0}a\n"), ("a ", "a"),
            (" a", "a"),
        ])
    func trims(text: String, trimmed: String) { #expect(OptionalWhiteSpace.trimmed(text[...]) == trimmed[...]) }

    @Test("is bytes: an accent after a space does not keep the space")
    func bytes() {
        let trimmed = OptionalWhiteSpace.trimmed(" \u{301}a"[...])
        #expect(Array(trimmed.utf8) == Array("\u{301}a".utf8))
    }
}
