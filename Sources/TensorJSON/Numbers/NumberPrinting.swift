import TextCodecs

// Printing, step 2 of 4: how each number of a row is printed. ``NestedPrinting`` brings the rows. Blocks of whole numbers are printed
// here, usual numbers by ``PrintingScale`` and ``NumberLayout``, and others by ``ShortestDecimal``.

/// Prints numbers into memory that has ``maximumLength`` bytes left.
///
/// Style: numbers are printed as ECMAScript's Number::toString prints them. For 1e-6 <= |x| < 1e21 these are digits and a point, else
/// one digit, a point, digits and `e`. Negative zero is `-0.0`, since readers take `-0` for a whole number and lose its sign. NaN and
/// the infinities are the strings of the contract.
enum NumberPrinting {
    static let maximumLength = 32

    /// A number whose digits are known and not yet laid out.
    struct Digits: BitwiseCopyable {
        fileprivate var digits: UInt64
        /// The place of the layout in its table; below 0 for an unusual number.
        fileprivate var layout: Int32
        fileprivate var sign: Int32
    }

    /// The numbers whose digits are computed before the first of them is laid out. Two short loops keep a processor busier than
    /// one long loop.
    static let blockCount = 64

    @inline(__always)
    static func digits(_ x: Double, _ scales: UnsafePointer<PrintingScale>) -> Digits {
        let magnitude = x.magnitude.bitPattern
        let fraction = magnitude & (1 << 52 - 1)
        let exponent = magnitude >> 52 &- (1023 - 19)
        return digits(magnitude, exponent, fraction, Int32(truncatingIfNeeded: x.bitPattern >> 63), scales) {
            $0.pointee.digits(double: fraction | 1 << 52)
        }
    }

    @inline(__always)
    static func digits(_ x: Float, _ scales: UnsafePointer<PrintingScale>) -> Digits {
        let magnitude = UInt64(x.magnitude.bitPattern)
        let fraction = magnitude & (1 << 23 - 1)
        let exponent = magnitude >> 23 &- (127 - 19)
        return digits(magnitude, exponent, fraction, Int32(truncatingIfNeeded: x.bitPattern >> 31), scales) {
            $0.pointee.digits(float: fraction | 1 << 23)
        }
    }

    @inline(__always)
    private static func digits(
        _ magnitude: UInt64, _ exponent: UInt64, _ fraction: UInt64, _ sign: Int32,
        _ scales: UnsafePointer<PrintingScale>, _ digits: (UnsafePointer<PrintingScale>) -> UInt64
    ) -> Digits {
        let isUsual = (exponent < 45 ? 1 : 0) | (magnitude | UInt64(truncatingIfNeeded: sign) == 0 ? 1 : 0)
        guard isUsual == 1 else { return Digits(digits: 0, layout: -1, sign: sign) }
        var index = Int(truncatingIfNeeded: exponent) &+ (fraction == 0 ? PrintingScale.powersOfTwo : 0)
        index = magnitude == 0 ? PrintingScale.zero : index
        let scale = scales + index
        let found = digits(scale)
        let lacking = Int(truncatingIfNeeded: (found &- scale.pointee.threshold) >> 63)
        return Digits(digits: found, layout: Int32(truncatingIfNeeded: 2 &* index &+ lacking), sign: sign)
    }

    @inline(__always)
    static func print(
        _ digits: Digits, of x: Double, to bytes: UnsafeMutablePointer<UInt8>, _ layouts: UnsafePointer<NumberLayout>
    ) -> Int {
        guard digits.layout >= 0 else { return unusual(x, to: bytes) }
        bytes[0] = UInt8(ascii: "-")
        let sign = Int(digits.sign)
        let layout = layouts + Int(digits.layout)
        return sign &+ layout.pointee.seventeen(digits.digits &* layout.pointee.factor, to: bytes + sign)
    }

    @inline(__always)
    static func print(
        _ digits: Digits, of x: Float, to bytes: UnsafeMutablePointer<UInt8>, _ layouts: UnsafePointer<NumberLayout>
    ) -> Int {
        guard digits.layout >= 0 else { return unusual(x, to: bytes) }
        bytes[0] = UInt8(ascii: "-")
        let sign = Int(digits.sign)
        let layout = layouts + Int(digits.layout)
        return sign &+ layout.pointee.nine(digits.digits &* layout.pointee.factor, to: bytes + sign)
    }

    /// Prints one number and returns the length of its text.
    static func print(_ x: Double, to bytes: UnsafeMutablePointer<UInt8>) -> Int {
        PrintingScale.doubles.withPointers { print(digits(x, $0), of: x, to: bytes, $1) }
    }

    static func print(_ x: Float, to bytes: UnsafeMutablePointer<UInt8>) -> Int {
        PrintingScale.floats.withPointers { print(digits(x, $0), of: x, to: bytes, $1) }
    }

    /// Prints a number that has no scale.
    @inline(never)
    private static func unusual(_ x: Double, to bytes: UnsafeMutablePointer<UInt8>) -> Int {
        if let name = NonFiniteNumber(x) { return text(name.quoted, to: bytes) }
        guard x != 0 else { return text("-0.0", to: bytes) }
        let start = x.sign == .minus ? 1 : 0
        bytes[0] = UInt8(ascii: "-")
        return start + layout(ShortestDecimal(x), to: bytes + start)
    }

    @inline(never)
    private static func unusual(_ x: Float, to bytes: UnsafeMutablePointer<UInt8>) -> Int {
        if let name = NonFiniteNumber(x) { return text(name.quoted, to: bytes) }
        guard x != 0 else { return text("-0.0", to: bytes) }
        let start = x.sign == .minus ? 1 : 0
        bytes[0] = UInt8(ascii: "-")
        return start + layout(ShortestDecimal(x), to: bytes + start)
    }

    static func text(_ text: StaticString, to bytes: UnsafeMutablePointer<UInt8>) -> Int {
        bytes.update(from: text.utf8Start, count: text.utf8CodeUnitCount)
        return text.utf8CodeUnitCount
    }

    @inline(__always)
    static func layout(_ decimal: ShortestDecimal, to bytes: UnsafeMutablePointer<UInt8>) -> Int {
        var digits = decimal.digits
        var exponent = decimal.exponent
        while digits % 10 == 0 {
            digits /= 10
            exponent += 1
        }
        let count = digitCount(digits)
        // The number of digits before the point.
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
        // The digits are written one place to the right. Then those before the point move back.
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

    /// Prints whole numbers below 10^8 with a comma after each, and returns the length of the text.
    ///
    /// - Returns: nil if `whole` is nil for one of the elements. What was written then means nothing.
    @inline(__always)
    static func printWhole<Element>(
        _ elements: Slice<UnsafeBufferPointer<Element>>, to bytes: UnsafeMutablePointer<UInt8>,
        _ whole: (Element) -> Int32?
    ) -> Int? {
        for x in elements { guard whole(x) != nil else { return nil } }
        var place = bytes
        for x in elements {
            let x = whole(x) ?? 0
            place.pointee = UInt8(ascii: "-")
            place += x < 0 ? 1 : 0
            place += print(whole: UInt64(x.magnitude), to: place)
            place.pointee = UInt8(ascii: ",")
            place += 1
        }
        return place - bytes
    }

    /// `x` as a whole number; nil for fractions, for -0 and from 10^8 on.
    @inline(__always)
    static func whole(_ x: Double) -> Int32? {
        guard x.magnitude < 100_000_000 else { return nil }
        let whole = Int32(x)
        return Double(whole).bitPattern == x.bitPattern ? whole : nil
    }

    /// `x` as a whole number; nil for fractions, for -0 and above 2^24.
    @inline(__always)
    static func whole(_ x: Float) -> Int32? {
        guard x.magnitude < 100_000_000 else { return nil }
        let whole = Int32(x)
        // Above 2^24 the shortest digits may be fewer than those of the whole number.
        return Float(whole).bitPattern == x.bitPattern && whole.magnitude <= 1 << 24 ? whole : nil
    }

    /// Prints a whole number and returns the number of digits. Up to eight digits are one store.
    @inline(__always)
    static func print(whole value: UInt64, to bytes: UnsafeMutablePointer<UInt8>) -> Int {
        let count = digitCount(value)
        guard count <= 8 else {
            write(value, count, to: bytes)
            return count
        }
        let digits = Word.digits(fraction: value &* Word.hundredMillionth) | Word.zeros
        Word.store(digits &>> UInt64(truncatingIfNeeded: 64 &- 8 &* count), to: bytes)
        return count
    }

    /// The number of decimal digits of `value`; 1 for 0.
    @inline(__always)
    static func digitCount(_ value: UInt64) -> Int {
        let estimate = ((64 - (value | 1).leadingZeroBitCount) * 1233) >> 12
        return estimate + (estimate < 20 && value | 1 >= powersOfTen[estimate] ? 1 : 0)
    }

    /// Writes the last `count` digits of `value`.
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

    static let powersOfTen: [UInt64] = [
        1, 10, 100, 1000, 10000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
        100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
        10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
    ]
}
