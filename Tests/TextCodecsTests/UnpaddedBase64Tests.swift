import Testing
import TextCodecs

@Suite("Base64 without padding")
struct UnpaddedBase64Tests {
    /// RFC 4648, section 10, without the padding.
    @Test(
        "has the vectors of RFC 4648",
        arguments: [
            ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
            ("foobar", "Zm9vYmFy"),
        ])
    func vectors(plain: String, text: String) {
        #expect(UnpaddedBase64.encode(Array(plain.utf8)) == text)
        #expect(UnpaddedBase64.encodeURLSafe(Array(plain.utf8)) == text)
        #expect(UnpaddedBase64.decode(text.utf8) == Array(plain.utf8))
    }

    @Test("has two other characters in URLs")
    func alphabets() {
        #expect(UnpaddedBase64.encode([0xFB, 0xFF, 0xFE]) == "+//+")
        #expect(UnpaddedBase64.encodeURLSafe([0xFB, 0xFF, 0xFE]) == "-__-")
        #expect(UnpaddedBase64.decode("+//+".utf8) == [0xFB, 0xFF, 0xFE])
    }

    @Test(
        "is refused with padding, stray bits, impossible lengths and other characters",
        arguments: ["Zg==", "Zh", "Zm9", "Z", "Zm9vY", "-__-", "Zm 9", "Zg\n"])
    func refuses(text: String) { #expect(UnpaddedBase64.decode(text.utf8) == nil) }

    @Test("gives each character of its alphabet its six bits, and others none", arguments: UInt8.min...UInt8.max)
    func values(byte: UInt8) {
        let text = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        #expect(Base64Alphabet.standard == Array(text.utf8))
        #expect(Base64Alphabet.value(byte) == Array(text.utf8).firstIndex(of: byte).map { UInt8($0) })
    }
}
