import Testing
import TextCodecs

@Suite("An escape in a JSON string")
struct JSONEscapeTests {
    /// RFC 8259, section 7. U+1D11E is its example of a surrogate pair.
    @Test(
        "is the short one where readers expect it, and four digits elsewhere",
        arguments: [
            (0x22, #"\""#), (0x5C, #"\\"#), (0x0A, #"\n"#), (0x0D, #"\r"#), (0x09, #"\t"#), (0x00, #"\u0000"#),
            (0x08, #"\u0008"#), (0x1F, #"\u001f"#), (0x7F, #"\u007f"#), (0x2028, #"\u2028"#), (0xD834, #"\ud834"#),
            (0xDD1E, #"\udd1e"#), (0xFFFF, #"\uffff"#),
        ] as [(UInt16, String)])
    func escape(code: UInt16, text: String) {
        var bytes = Array("a".utf8)
        JSONEscape.append(code, to: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "a" + text)
    }

    @Test("is required for control characters, quotation marks and backslashes")
    func required() {
        let required = (UInt8.min...UInt8.max).filter { JSONEscape.isRequired($0) }
        #expect(required == Array(0x00...0x1F) + [0x22, 0x5C])
    }
}
