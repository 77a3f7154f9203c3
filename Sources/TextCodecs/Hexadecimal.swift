/// Hexadecimal digits: four bits each, the highest bits first (RFC 4648, 8).
package enum Hexadecimal {
    /// The value of a digit in either case; nil for any other byte.
    @inlinable package static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case 0x30...0x39: digit - 0x30
        case 0x41...0x46, 0x61...0x66: (digit & 0xDF) - 0x41 + 10
        default: nil
        }
    }

    /// The value of two digits in either case.
    @inlinable package static func value(_ high: UInt8, _ low: UInt8) -> UInt8? {
        guard let high = value(high), let low = value(low) else { return nil }
        return high << 4 | low
    }

    /// The value of 1 to 16 lower-case digits; nil for anything else.
    @inlinable package static func lowerCaseValue(_ digits: some Collection<UInt8>) -> UInt64? {
        guard (1...16).contains(digits.count) else { return nil }
        var number: UInt64 = 0
        for digit in digits {
            guard !(0x41...0x46).contains(digit), let value = value(digit) else { return nil }
            number = number << 4 | UInt64(value)
        }
        return number
    }

    /// The digit of the lowest four bits, in lower case.
    @inlinable package static func digit(_ value: UInt8) -> UInt8 {
        let value = value & 15
        return value < 10 ? 0x30 + value : 0x61 + value - 10
    }

    /// The lowest `count` digits of `value`, in lower case.
    package static func digits(_ value: UInt64, count: Int) -> String {
        let digits = (0..<count).reversed().map { digit(UInt8(truncatingIfNeeded: value >> UInt64(4 * $0))) }
        return String(decoding: digits, as: UTF8.self)
    }

    /// Two lower-case digits for each byte.
    package static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.flatMap { [digit($0 >> 4), digit($0)] }, as: UTF8.self)
    }
}
