package import TextCodecs

// Reading, step 3 of 5: one usual number. ``NumberRun`` gives the place and stores the value. If there is no value, the run ends
// and ``JSONScanner/decimal()`` reads the number or reports what is wrong with it.

/// A number at the start of 32 bytes of text, read in words of eight bytes.
///
/// No branch depends on the digits, so that a processor never guesses wrong.
///
/// A usual number has no exponent and one of these forms:
///
/// | digits before the point | digits after the point | type |
/// | --- | --- | --- |
/// | 1 | none, or 1 to 18 | float64 |
/// | 1 | none, or 1 to 20; beyond 16 only if the number is 0.1 or more | float32 |
/// | 2 to 8 | none, or up to 16 digits in all | both |
/// | 9 to 16 (float64: to 11) | none, without a point | both |
package struct NumberWindow {
    package static let byteCount = 32

    private let start: UnsafePointer<UInt8>
    /// The bytes of sign, digits and point. The byte after them is none of these.
    package let length: Int
    /// The length without the sign.
    private let unsignedLength: Int
    /// The sign bit of a float64.
    private let sign: UInt64

    /// - Parameters:
    ///   - bytes: the number's first byte; ``byteCount`` bytes can be read.
    ///   - isMostlyLong: whether the third word is looked at before it is known to be needed.
    @inline(__always)
    package init(_ bytes: UnsafePointer<UInt8>, isMostlyLong: Bool) {
        // The length depends on the bytes alone, so the next number can begin before this one is converted.
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
    /// The number times 10^16, cut: the digit before the point and 16 after it, filled up with zeros.
    private struct OneDigit {
        let significand: UInt64
        /// The number of digits after the point.
        let fraction: Int
    }

    @inline(__always)
    private var oneDigit: OneDigit? {
        let fraction = unsignedLength &- 2
        let isPoint = start[1] == UInt8(ascii: ".")
        let whole = UInt64(start[0]) &- 0x30
        let upper = (Word.load(start + 2) ^ Word.zeros) & Self.mask(fraction)
        let lower = (Word.load(start + 10) ^ Word.zeros) & Self.mask(fraction &- 8)
        // There is a digit after a point, and without a point there is no second digit.
        let fits = isPoint ? fraction &- 1 : -1 &- fraction
        guard fits >= 0, whole <= 9, Word.overNine(upper) | Word.overNine(lower) == 0 else { return nil }
        return OneDigit(
            significand: whole &* 10_000_000_000_000_000 &+ Word.eightDigits(upper) &* 100_000_000
                &+ Word.eightDigits(lower),
            fraction: fraction)
    }

    /// The digits from the 17th after the point on, a byte each.
    @inline(__always)
    private func rest(_ fraction: Int) -> UInt64 {
        (Word.load(start + 18) ^ Word.zeros) & Self.mask(fraction &- 16)
    }

    /// The nearest float32, rounded once; nil if a float64 is too coarse to decide, or if the number is not usual.
    @inline(__always)
    package var float: Float? { approximation.flatMap { rounded($0) } }

    /// The nearest number of a type of 16 bits, rounded once; nil if a float64 is too coarse to decide, or if the number is not
    /// usual: subnormal and not 0, or too large.
    @inline(__always)
    package func half(_ type: HalfType) -> Float? { approximation.flatMap { rounded($0, to: type) } }

    /// A float64 near the number without its sign, wrong by less than 16 units of its last place. Nil if the number is not usual.
    @inline(__always)
    private var approximation: Double? {
        guard let number = oneDigit else { return severalDigitsApproximation }
        if number.fraction > 16 {
            // The digits that are cut are less than 10^-15 of the number.
            guard number.fraction <= 20, number.significand >= 1_000_000_000_000_000,
                Word.overNine(rest(number.fraction)) == 0
            else { return nil }
        }
        return Double(Int64(truncatingIfNeeded: number.significand)) * 1e-16
    }

    /// The nearest float32 to a number that `double` approximates; nil if the approximation cannot decide.
    ///
    /// `double` is wrong by less than 16 units of its last place (ulp), each at least 2^-53 of the number:
    ///
    ///     digits that were cut          less than 10^-15 of the number, which is less than 9.01 ulp
    ///     whole number to float64       at most 1 ulp
    ///     power of ten to float64       at most 1 ulp
    ///     product                       at most 1 ulp, together less than 12.1
    ///
    /// So narrowing rounds the number itself unless the middle between two float32 numbers is within 16 ulp. The middle has the
    /// bits 1 and 28 zeros below the float32's.
    @inline(__always)
    private func rounded(_ double: Double) -> Float? {
        guard double.bitPattern & 0x1FFF_FFFF &- (0x1000_0000 - 16) > 32 else { return nil }
        return Float(Double(bitPattern: double.bitPattern | sign))
    }

    /// The nearest number of a type of 16 bits to a number that `double` approximates, by the same argument.
    @inline(__always)
    private func rounded(_ double: Double, to type: HalfType) -> Float? {
        let unit: UInt64 = 1 << UInt64(52 - type.fractionBits)
        guard double >= Double(type.leastNormalMagnitude), double <= Double(type.greatestFiniteMagnitude),
            double.bitPattern & (unit - 1) &- (unit >> 1 - 16) > 32
        else { return double == 0 ? Float(Double(bitPattern: sign)) : nil }
        return Float(Double(bitPattern: (double.bitPattern &+ unit >> 1) & ~(unit - 1) | sign))
    }

    /// The nearest float64; nil if the number is not usual.
    @inline(__always)
    package var double: Double? {
        guard let number = oneDigit else { return severalDigitsDouble }
        guard number.fraction <= 18 else { return nil }
        let rest = rest(number.fraction)
        guard Word.overNine(rest) == 0 else { return nil }
        let significand = number.significand &* 100 &+ (rest & 0xFF) &* 10 &+ rest >> 8
        return nearest(significand, exponent: -18)
    }

    /// The nearest float64 to w · 10^exponent, with w = `significand` < 10^19 and n = -`exponent` from 5 to 18.
    ///
    /// One product of w, shifted to 64 bits, with the 128 bits of 5^-n rounded up. Its upper word is rounded to 53 bits, halves
    /// up. Halves and the error of the power do not matter, for two reasons:
    ///
    ///     1. No w · 10^-n is the middle m · 2^j between two numbers, where m is odd and at least 2^53. It would be that
    ///        w = m · 5^n · 2^(j+n). If j + n >= 0, then w >= 2^53 · 5^5 > 10^19. If j + n < 0, an even number equals an odd one.
    ///     2. The product is too large by less than 2^-64 in units of the upper word. In these units the number is
    ///        w · 2^s / 5^n with s >= 0 and a middle is a whole number, so they differ by at least 5^-18 > 2^-42.
    ///
    /// Source: Lemire, "Number parsing at a gigabyte per second", 2021; Mushtak and Lemire, "Fast number parsing without fallback",
    /// 2023, for all exponents.
    @inline(__always)
    private func nearest(_ significand: UInt64, exponent: Int) -> Double {
        let shift = (significand | 1).leadingZeroBitCount
        let power = PowersOfFive.floor(exponent)
        let shifted = significand &<< UInt64(truncatingIfNeeded: shift)
        let upper = shifted.multipliedFullWidth(by: power.high)
        let (_, carries) = upper.low.addingReportingOverflow(shifted.multipliedFullWidth(by: power.low &+ 1).high)
        let high = upper.high &+ (carries ? 1 : 0)
        let upperBit = high >> 63
        // 53 bits, or 2^53: then the carry raises the exponent.
        let rounded = (high &>> (upperBit &+ 9) &+ 1) >> 1
        // 217706 / 2^16 approximates log2(10).
        let binaryExponent = (217706 &* exponent) >> 16 &+ (64 + 1022 - 1) &- shift
        let bits = (UInt64(truncatingIfNeeded: binaryExponent) &+ upperBit) << 52 &+ rounded
        return Double(bitPattern: (significand == 0 ? 0 : bits) | sign)
    }
}

// MARK: Several digits before the point

extension NumberWindow {
    /// Up to 8 digits before the point, or up to 16 without a point, filled up with zeros to 16 digits.
    private struct SeveralDigits {
        let significand: UInt64
        /// The number of digits before the point.
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
        // If there is a point, the digits after it close up to those before it.
        let inPlace = Word.below(nonDigits) | (UInt64(truncatingIfNeeded: point) &- 1)
        let upper = (next ^ ((here ^ next) & inPlace)) & Self.mask(count)
        let lower = (Word.load(start + 8 + point) ^ Word.zeros) & Self.mask(count &- 8)
        // More than one digit, of which the first is not 0, and a digit after a point.
        guard here & 0xFF != 0, leading > 1, count <= 16, count >= leading &+ point,
            Word.overNine(upper) | Word.overNine(lower) == 0
        else { return nil }
        return SeveralDigits(
            significand: Word.eightDigits(upper) &* 100_000_000 &+ Word.eightDigits(lower),
            whole: point == 1 ? leading : count)
    }

    @inline(never)
    private var severalDigitsApproximation: Double? {
        guard let number = severalDigits else { return nil }
        let scale = Self.scales.withUnsafeBufferPointer { $0[number.whole & 31] }
        return Double(Int64(truncatingIfNeeded: number.significand)) * scale
    }

    @inline(never)
    private var severalDigitsDouble: Double? {
        guard let number = severalDigits, number.whole <= 11 else { return nil }
        return nearest(number.significand, exponent: number.whole &- 16)
    }

    /// 10^-16 to 10^15, each the nearest float64.
    private static let scales: [Double] = [
        1e-16, 1e-15, 1e-14, 1e-13, 1e-12, 1e-11, 1e-10, 1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 1e1,
        1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]
}

extension NumberWindow {
    /// All bits of the first `count` bytes of a word: none for a `count` up to 0, all from 8 on.
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
