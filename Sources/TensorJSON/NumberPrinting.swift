/// Prints numbers into memory that has ``maximumLength`` bytes left.
///
/// Style: whole numbers and decimals as ECMAScript's Number::toString has them: digits and point for 1e-6 <= |x| < 1e21,
/// else one digit, point, digits and `e`; negative zero is `-0`, since it must read back. Non-finite numbers are the
/// strings of the contract.
enum NumberPrinting {
    static let maximumLength = 32

    @inline(__always)
    static func print(_ x: Double, to bytes: UnsafeMutablePointer<UInt8>) -> Int {
        let magnitude = x.magnitude.bitPattern
        bytes[0] = UInt8(ascii: "-")
        let sign = Int(truncatingIfNeeded: x.bitPattern >> 63)
        // 0 goes the way of 1, without its digits.
        let nonZero = (magnitude &+ 0x7FFF_FFFF_FFFF_FFFF) >> 63
        let scaled = magnitude | ((nonZero &- 1) & 1.0.bitPattern)
        if scaled &- 0x0020_0000_0000_0000 < 0x7FD0_0000_0000_0000 {
            let decimal = ShortestDecimal(normal: scaled)
            // 17 digits, zeros at the end of fewer.
            let lacking = (decimal.digits &- 10_000_000_000_000_000) >> 63
            let digits = (decimal.digits &* (1 &+ 9 &* lacking)) & (0 &- nonZero)
            let point = decimal.exponent &+ 17 &- Int(truncatingIfNeeded: lacking)
            if let layout = Layout(point: point) { return sign &+ layout.seventeen(digits, to: bytes + sign) }
        }
        return unusual(x, to: bytes)
    }

    @inline(__always)
    static func print(
        _ x: Float, to bytes: UnsafeMutablePointer<UInt8>, _ scales: UnsafeBufferPointer<FloatScale>
    ) -> Int {
        let magnitude = x.magnitude.bitPattern
        bytes[0] = UInt8(ascii: "-")
        let sign = Int(truncatingIfNeeded: x.bitPattern >> 31)
        let nonZero = (magnitude &+ 0x7FFF_FFFF) >> 31
        let isUsual = magnitude &- 0x0100_0000 < 0x7E80_0000
        if isUsual || nonZero == 0 {
            let decimal = ShortestDecimal(normal: magnitude, scales)
            // As nine digits, zeros at the end of fewer, in units of 10^8: the first digit, then a fraction of 57 bits.
            let lacksOne = (decimal.digits &- 100_000_000) >> 63
            let lacksTwo = (decimal.digits &- 10_000_000) >> 63
            let factor = 1_441_151_881 &* (1 &+ 9 &* lacksOne &+ 90 &* lacksTwo)
            let digits = (decimal.digits & (0 &- UInt64(truncatingIfNeeded: nonZero))) &* factor
            let point = decimal.exponent &+ 9 &- Int(truncatingIfNeeded: lacksOne &+ lacksTwo)
            if let layout = Layout(point: point) { return sign &+ layout.nine(digits, to: bytes + sign) }
        }
        return unusual(x, to: bytes)
    }

    /// Any number; the first byte may be overwritten.
    @inline(never)
    private static func unusual(_ x: Double, to bytes: UnsafeMutablePointer<UInt8>) -> Int {
        guard x.isFinite else { return nonFinite(isNaN: x.isNaN, isNegative: x < 0, to: bytes) }
        let start = x.sign == .minus ? 1 : 0
        return start + layout(ShortestDecimal(x), to: bytes + start)
    }

    @inline(never)
    private static func unusual(_ x: Float, to bytes: UnsafeMutablePointer<UInt8>) -> Int {
        guard x.isFinite else { return nonFinite(isNaN: x.isNaN, isNegative: x < 0, to: bytes) }
        let start = x.sign == .minus ? 1 : 0
        return start + layout(ShortestDecimal(x), to: bytes + start)
    }

    private static func nonFinite(isNaN: Bool, isNegative: Bool, to bytes: UnsafeMutablePointer<UInt8>) -> Int {
        let name: StaticString = isNaN ? "\"NaN\"" : isNegative ? "\"-Infinity\"" : "\"Infinity\""
        bytes.update(from: name.utf8Start, count: name.utf8CodeUnitCount)
        return name.utf8CodeUnitCount
    }

    @inline(__always)
    private static func layout(_ decimal: ShortestDecimal, to bytes: UnsafeMutablePointer<UInt8>) -> Int {
        var digits = decimal.digits
        var exponent = decimal.exponent
        while digits % 10 == 0 {
            digits /= 10
            exponent += 1
        }
        let count = digitCount(digits)
        // The decimal point stands behind this many digits.
        let point = count + exponent
        if point > 21 || point < -5 { return scientific(digits, count, point - 1, to: bytes) }
        if exponent >= 0 {
            write(digits, count, to: bytes)
            for i in count..<count + exponent { bytes[i] = 0x30 }
            return count + exponent
        }
        if point <= 0 {
            bytes[0] = 0x30
            bytes[1] = UInt8(ascii: ".")
            for i in 0..<(-point) { bytes[2 + i] = 0x30 }
            write(digits, count, to: bytes + (2 - point))
            return 2 - point + count
        }
        // Written one place to the right, then the digits before the point move back.
        write(digits, count, to: bytes + 1)
        for i in 0..<point { bytes[i] = bytes[i + 1] }
        bytes[point] = UInt8(ascii: ".")
        return count + 1
    }

    private static func scientific(
        _ digits: UInt64, _ count: Int, _ exponent: Int, to bytes: UnsafeMutablePointer<UInt8>
    ) -> Int {
        write(digits, count, to: bytes + 1)
        bytes[0] = bytes[1]
        bytes[1] = UInt8(ascii: ".")
        var length = count == 1 ? 1 : count + 1
        bytes[length] = UInt8(ascii: "e")
        length += 1
        if exponent < 0 {
            bytes[length] = UInt8(ascii: "-")
            length += 1
        }
        let magnitude = UInt64(exponent.magnitude)
        let width = digitCount(magnitude)
        write(magnitude, width, to: bytes + length)
        return length + width
    }

    /// The number of decimal digits; 1 for 0.
    @inline(__always)
    static func digitCount(_ value: UInt64) -> Int {
        let estimate = ((64 - (value | 1).leadingZeroBitCount) * 1233) >> 12
        return estimate + (estimate < 20 && value >= powersOfTen[estimate] ? 1 : 0)
    }

    /// Writes exactly `count` digits.
    @inline(__always)
    static func write(_ value: UInt64, _ count: Int, to bytes: UnsafeMutablePointer<UInt8>) {
        var value = value
        var position = count
        while position >= 2 {
            let (quotient, pair) = value.quotientAndRemainder(dividingBy: 100)
            value = quotient
            position -= 2
            let tens = UInt8(truncatingIfNeeded: pair / 10)
            bytes[position] = 0x30 + tens
            bytes[position + 1] = 0x30 + UInt8(truncatingIfNeeded: pair) - tens * 10
        }
        if position == 1 { bytes[0] = 0x30 + UInt8(truncatingIfNeeded: value) }
    }

    private static let powersOfTen: [UInt64] = [
        1, 10, 100, 1000, 10000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
        100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
        10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
    ]
}
