import Testing
import TextCodecs

@Suite("Percent coding")
struct PercentCodingTests {
    /// The second and the third are the examples of RFC 3986, section 2.5.
    @Test(
        "stands for bytes",
        arguments: [
            ("", []), ("%C3%80", [0xC3, 0x80]), ("%E3%82%A2", [0xE3, 0x82, 0xA2]),
            ("%7Euser", [0x7E] + Array("user".utf8)),
            ("%7euser", [0x7E] + Array("user".utf8)), ("%2525", Array("%25".utf8)), ("%00%ff", [0x00, 0xFF]),
            ("a+b", Array("a+b".utf8)),
        ] as [(String, [UInt8])])
    func decodes(text: String, bytes: [UInt8]) { #expect(PercentCoding.bytes(text[...].utf8) == bytes) }

    @Test(
        "is refused without two hexadecimal digits", arguments: ["%", "a%", "%4", "%4g", "%g4", "%%41", "% 41", "%+1"])
    func refuses(text: String) {
        #expect(PercentCoding.bytes(text[...].utf8) == nil)
        #expect(PercentCoding.bytes(text[...].utf8, plusIsSpace: true) == nil)
    }

    @Test("of forms has spaces as plus signs, and plus signs as %2B")
    func forms() {
        #expect(PercentCoding.bytes("a+%2B%20b"[...].utf8, plusIsSpace: true) == Array("a + b".utf8))
    }
}
