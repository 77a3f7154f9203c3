/// A number at the start of 32 bytes of text, read in words of eight bytes, without a branch that depends on its digits.
///
/// ``JSONScanner/decimal()`` reads what is unusual, and says what is wrong with what is no number.
struct NumberWindow {
    static let byteCount = 32

    private let start: UnsafePointer<UInt8>
    /// Sign, digits and point; what stands behind it is none of these.
    let length: Int
    /// Without the sign.
    private let unsignedLength: Int
    /// The sign bit of a float64.
    private let sign: UInt64

    @inline(__always)
    init(_ bytes: UnsafePointer<UInt8>, isMostlyLong: Bool) {
        // From the bytes alone: the next number's place waits for nothing else.
        let first = Word.outsideNumber(Word.load(bytes))
        let second = Word.outsideNumberAlso(Word.load(bytes + 8))
        var end = 64 &+ second.trailingZeroBitCount
        if isMostlyLong || first | second == 0 {
            let third = Word.outsideNumber(Word.load(bytes + 16))
            end = second == 0 ? 128 &+ third.trailingZeroBitCount : end
        }
        length = (first == 0 ? end : first.trailingZeroBitCount) >> 3
        let isNegative = bytes[0] == UInt8(ascii: "-") ? 1 : 0
        start = bytes + isNegative
        unsignedLength = length &- isNegative
        sign = UInt64(truncatingIfNeeded: isNegative) << 63
    }
}

// MARK: One digit before the point, or alone

extension NumberWindow {
    /// The digit and 16 behind the point, zeros where there are fewer: the number times 10^16, cut.
    private struct OneDigit {
        let significand: UInt64
        /// The digits behind the point.
        let fraction: Int
    }

    @inline(__always)
    private var oneDigit: OneDigit? {
        let fraction = unsignedLength &- 2
        let isPoint = start[1] == UInt8(ascii: ".")
        let whole = UInt64(start[0]) &- 0x30
        let upper = (Word.load(start + 2) ^ Word.zeros) & Self.mask(fraction)
        let lower = (Word.load(start + 10) ^ Word.zeros) & Self.mask(fraction &- 8)
        // A digit stands behind a point, and no second one without it.
        let fits = isPoint ? fraction &- 1 : -1 &- fraction
        guard fits >= 0, whole <= 9, Word.overNine(upper) | Word.overNine(lower) == 0 else { return nil }
        return OneDigit(
            significand: whole &* 10_000_000_000_000_000 &+ Word.eightDigits(upper) &* 100_000_000
                &+ Word.eightDigits(lower),
            fraction: fraction)
    }

    /// The bytes of the digits from the 17th behind the point on.
    @inline(__always)
    private func rest(_ fraction: Int) -> UInt64 {
        (Word.load(start + 18) ^ Word.zeros) & Self.mask(fraction &- 16)
    }

    /// The nearest float32, rounded once; nil where a float64 is too coarse to tell.
    @inline(__always)
    var float: Float? {
        guard let number = oneDigit else { return severalDigitsFloat }
        if number.fraction > 16 {
            // What is cut is less than 10^-15 of the number then.
            guard number.fraction <= 20, number.significand >= 1_000_000_000_000_000,
                Word.overNine(rest(number.fraction)) == 0
            else { return nil }
        }
        return rounded(Double(Int64(truncatingIfNeeded: number.significand)) * 1e-16)
    }

    /// The float32 next to a float64 that is less than 16 of its last places wrong; nil where a middle between two float32
    /// numbers is as near as that.
    @inline(__always)
    private func rounded(_ double: Double) -> Float? {
        guard double.bitPattern & 0x1FFF_FFFF &- (0x1000_0000 - 16) > 32 else { return nil }
        return Float(Double(bitPattern: double.bitPattern | sign))
    }

    /// The nearest float64, of up to 18 digits behind the point.
    @inline(__always)
    var double: Double? {
        guard let number = oneDigit else { return severalDigitsDouble }
        guard number.fraction <= 18 else { return nil }
        let rest = rest(number.fraction)
        guard Word.overNine(rest) == 0 else { return nil }
        let significand = number.significand &* 100 &+ (rest & 0xFF) &* 10 &+ rest >> 8
        return nearest(significand, exponent: -18)
    }

    /// The nearest float64 to significand · 10^exponent, for exponents from -18 to -5: no such number is in the middle
    /// between two float64 numbers.
    ///
    /// Source: Lemire, "Number parsing at a gigabyte per second", 2021.
    @inline(__always)
    private func nearest(_ significand: UInt64, exponent: Int) -> Double {
        let shift = (significand | 1).leadingZeroBitCount
        let power = PowersOfFive.floor(exponent)
        let shifted = significand &<< UInt64(truncatingIfNeeded: shift)
        let upper = shifted.multipliedFullWidth(by: power.high)
        let (_, carries) = upper.low.addingReportingOverflow(shifted.multipliedFullWidth(by: power.low &+ 1).high)
        let high = upper.high &+ (carries ? 1 : 0)
        let upperBit = high >> 63
        // 53 bits, or 2^53, which the exponent takes up.
        let rounded = (high &>> (upperBit &+ 9) &+ 1) >> 1
        let binaryExponent = (217706 &* exponent) >> 16 &+ (64 + 1022 - 1) &- shift
        let bits = (UInt64(truncatingIfNeeded: binaryExponent) &+ upperBit) << 52 &+ rounded
        return Double(bitPattern: (significand == 0 ? 0 : bits) | sign)
    }

}

// MARK: Several digits before the point

extension NumberWindow {
    /// Up to 8 digits before the point, or up to 16 and no point, as 16 digits with zeros behind them.
    private struct SeveralDigits {
        let significand: UInt64
        let whole: Int
    }

    @inline(__always)
    private var severalDigits: SeveralDigits? {
        let here = Word.load(start) ^ Word.zeros
        let next = Word.load(start + 1) ^ Word.zeros
        let nonDigits = Word.overNine(here)
        let leading = nonDigits.trailingZeroBitCount >> 3
        let point = start[leading] == UInt8(ascii: ".") ? 1 : 0
        let count = unsignedLength &- point
        // With a point, the digits behind it move up to those before it.
        let inPlace = Word.below(nonDigits) | (UInt64(truncatingIfNeeded: point) &- 1)
        let upper = (next ^ ((here ^ next) & inPlace)) & Self.mask(count)
        let lower = (Word.load(start + 8 + point) ^ Word.zeros) & Self.mask(count &- 8)
        // More than one digit, the first one not 0; a digit behind a point.
        guard here & 0xFF != 0, leading > 1, count <= 16, count >= leading &+ point,
            Word.overNine(upper) | Word.overNine(lower) == 0
        else { return nil }
        return SeveralDigits(
            significand: Word.eightDigits(upper) &* 100_000_000 &+ Word.eightDigits(lower),
            whole: point == 1 ? leading : count)
    }

    @inline(never)
    private var severalDigitsFloat: Float? {
        guard let number = severalDigits else { return nil }
        let scale = Self.scales.withUnsafeBufferPointer { $0[number.whole & 31] }
        return rounded(Double(Int64(truncatingIfNeeded: number.significand)) * scale)
    }

    @inline(never)
    private var severalDigitsDouble: Double? {
        guard let number = severalDigits, number.whole <= 11 else { return nil }
        return nearest(number.significand, exponent: number.whole &- 16)
    }

    /// The powers of ten from -16 on.
    private static let scales: [Double] = [
        1e-16, 1e-15, 1e-14, 1e-13, 1e-12, 1e-11, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 1e1,
        1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]
}

extension NumberWindow {
    /// The first `count` bytes of a word.
    @inline(__always)
    private static func mask(_ count: Int) -> UInt64 {
        masks.withUnsafeBufferPointer { $0[(count &+ 24) & 63] }
    }

    private static let masks: [UInt64] = [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFFFF, 0xFF_FFFF,
        0xFFFF_FFFF, 0xFF_FFFF_FFFF, 0xFFFF_FFFF_FFFF, 0xFF_FFFF_FFFF_FFFF, .max, .max, .max, .max, .max, .max, .max,
        .max, .max, .max, .max, .max, .max, .max, .max, .max, .max, .max, .max, .max, .max, .max, .max, .max, .max,
        .max, .max, .max, .max, .max, .max, .max,
    ]
}
