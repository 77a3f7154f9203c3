import Testing
import TextCodecs

@Suite("Hexadecimal digits")
struct HexadecimalTests {
    private static let lowerCase = Array("0123456789abcdef".utf8)
    private static let upperCase = Array("0123456789ABCDEF".utf8)

    @Test("have values in either case, and no other byte has one", arguments: UInt8.min...UInt8.max)
    func digit(byte: UInt8) {
        let value = lowerCaseIndex(byte) ?? Self.upperCase.firstIndex(of: byte)
        #expect(Hexadecimal.value(byte) == value.map { UInt8($0) })
        #expect(Hexadecimal.lowerCaseValue([byte]) == lowerCaseIndex(byte).map { UInt64($0) })
    }

    private func lowerCaseIndex(_ byte: UInt8) -> Int? { Self.lowerCase.firstIndex(of: byte) }

    @Test(
        "make a byte of two",
        arguments: [("00", 0), ("7f", 0x7F), ("7F", 0x7F), ("fF", 0xFF), ("g0", nil), ("0g", nil), (" 0", nil)]
            as [(String, UInt8?)])
    func pair(text: String, value: UInt8?) {
        let bytes = Array(text.utf8)
        #expect(Hexadecimal.value(bytes[0], bytes[1]) == value)
    }

    /// The first one is the parent-id of W3C Trace Context, 3.2.
    @Test(
        "make a number of 1 to 16 lower-case ones",
        arguments: [
            ("00f067aa0ba902b7", 67_667_974_448_284_343), ("0", 0), ("10", 16), ("ffffffffffffffff", .max), ("", nil),
            ("0ffffffffffffffff", nil), ("0F", nil), ("0x", nil), ("-1", nil),
        ] as [(String, UInt64?)])
    func number(text: String, value: UInt64?) { #expect(Hexadecimal.lowerCaseValue(text.utf8) == value) }

    @Test("are written lowest bits last, as many as asked for")
    func digits() {
        #expect(Hexadecimal.digits(67_667_974_448_284_343, count: 16) == "00f067aa0ba902b7")
        #expect(Hexadecimal.digits(0x1234, count: 2) == "34")
        #expect(Hexadecimal.digits(.max, count: 0) == "")
    }

    /// The vectors of RFC 4648, section 10, in lower case.
    @Test(
        "are two for each byte",
        arguments: [("", ""), ("f", "66"), ("foo", "666f6f"), ("foobar", "666f6f626172")])
    func text(bytes: String, text: String) { #expect(Hexadecimal.text(Array(bytes.utf8)) == text) }
}
