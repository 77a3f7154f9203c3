enum HexadecimalText {
    private static let alphabet = Array("0123456789abcdef".utf8)

    /// The lowest `count` digits of `value`, lower-case.
    static func digits(_ value: UInt64, count: Int) -> String {
        let digits = (0..<count).reversed().map { alphabet[Int(value >> UInt64(4 * $0) & 15)] }
        return String(decoding: digits, as: UTF8.self)
    }

    /// The value of 16 or fewer lower-case digits; nil for anything else.
    static func value(_ digits: some Collection<UInt8>) -> UInt64? {
        guard (1...16).contains(digits.count) else { return nil }
        var value: UInt64 = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt64(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return value
    }
}
