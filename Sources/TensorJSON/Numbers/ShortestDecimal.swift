package import TextCodecs

// Printing, the step beside ``PrintingScale``: the digits of an unusual number, one whose exponent has no scale. ``NumberPrinting``
// asks for them and lays them out.

/// The shortest decimal that reads back as a given binary number; the nearest one if several are as short.
///
///     |x| = c · 2^q = digits · 10^exponent, to within half a unit of c
///
/// All decimals between the middles to the neighbours read back as x: from (c - 1/2) · 2^q to (c + 1/2) · 2^q, ends included if c
/// is even. Below a power of two the neighbour is nearer: c - 1/4.
///
///     k = floor(log10(width of the interval)), so that the interval holds 1 to 10 multiples of 10^k
///     s = floor(x / 10^k)
///     candidates: the multiples of 10 beside s if just one of them is inside, else s or s + 1: the one inside, or the nearer
///
/// x / 10^k and the ends are products of 4c, 4c - 2 and 4c + 2 with 5^-k to 128 bits, rounded to odd: the lowest bit says whether
/// anything is below it. Two more bits than s has suffice for all comparisons.
///
/// Source: Giulietti, "The Schubfach way to render doubles", 2020.
package struct ShortestDecimal {
    package var digits: UInt64
    package var exponent: Int

    /// - Parameter x: finite and not 0.
    @inline(__always)
    package init(_ x: Double) {
        let fraction = x.significandBitPattern
        let biased = Int(x.exponentBitPattern)
        let c = biased == 0 ? fraction : fraction | 1 << 52
        let q = biased == 0 ? -1074 : biased - 1075
        // A whole number has its own digits.
        if q <= 0, q > -53, c & (1 << UInt64(-q) - 1) == 0 {
            self.init(digits: c >> UInt64(-q), exponent: 0)
            return
        }
        let isLowerCloser = fraction == 0 && biased > 1
        // 1262611 / 2^22 approximates log10(2), 524031 / 2^22 log10(4/3) and 1741647 / 2^19 log2(10).
        let k = (q * 1_262_611 - (isLowerCloser ? 524_031 : 0)) >> 22
        let h = UInt64(q + ((-k * 1_741_647) >> 19) + 1)
        let g = PowersOfFive.ceiling(-k)
        self.init(
            below: Self.roundToOdd(g, (4 * c - (isLowerCloser ? 1 : 2)) << h),
            at: Self.roundToOdd(g, (4 * c) << h),
            above: Self.roundToOdd(g, (4 * c + 2) << h),
            isEven: c & 1 == 0, k: k)
    }

    /// - Parameter x: finite and not 0.
    @inline(__always)
    package init(_ x: Float) {
        let fraction = UInt64(x.significandBitPattern)
        let biased = Int(x.exponentBitPattern)
        let c = biased == 0 ? fraction : fraction | 1 << 23
        let q = biased == 0 ? -149 : biased - 150
        self.init(single: c, q, isLowerCloser: fraction == 0 && biased > 1)
    }

    /// - Parameter x: a number of `type`, finite and not 0.
    package init(_ x: Float, _ type: HalfType) {
        let (c, q) = type.significand(of: x)
        self.init(
            single: c, q,
            isLowerCloser: c == 1 << UInt64(type.fractionBits) && q > type.leastExponent - type.fractionBits)
    }

    /// The digits of c · 2^q, with c of at most 24 bits.
    @inline(__always)
    private init(single c: UInt64, _ q: Int, isLowerCloser: Bool) {
        if q <= 0, q > -24, c & (1 << UInt64(-q) - 1) == 0 {
            self.init(digits: c >> UInt64(-q), exponent: 0)
            return
        }
        let k = (q * 1_262_611 - (isLowerCloser ? 524_031 : 0)) >> 22
        let h = UInt64(q + ((-k * 1_741_647) >> 19) + 1)
        let power = PowersOfFive.ceiling(-k)
        let g = power.low == 0 ? power.high : power.high &+ 1
        self.init(
            below: Self.roundToOdd(g, (4 * c - (isLowerCloser ? 1 : 2)) << h),
            at: Self.roundToOdd(g, (4 * c) << h),
            above: Self.roundToOdd(g, (4 * c + 2) << h),
            isEven: c & 1 == 0, k: k)
    }

    init(digits: UInt64, exponent: Int) {
        self.digits = digits
        self.exponent = exponent
    }

    /// Chooses the digits. The number `at` and the ends `below` and `above` of its interval are in quarters of 10^k.
    @inline(__always)
    private init(below: UInt64, at: UInt64, above: UInt64, isEven: Bool, k: Int) {
        let lower = isEven ? below : below &+ 1
        let upper = isEven ? above : above &- 1
        let s = at / 4
        if s >= 10 {
            let shorter = s / 10
            let isDownInside = lower <= 40 * shorter
            let isUpInside = 40 * shorter + 40 <= upper
            if isDownInside != isUpInside {
                digits = isUpInside ? shorter + 1 : shorter
                exponent = k + 1
                return
            }
        }
        let isDownInside = lower <= 4 * s
        let isUpInside = 4 * s + 4 <= upper
        exponent = k
        if isDownInside != isUpInside {
            digits = isUpInside ? s + 1 : s
        } else {
            let middle = 4 * s + 2
            digits = at > middle || (at == middle && s & 1 == 1) ? s + 1 : s
        }
    }

    /// g · c / 2^128, rounded to odd. The bit is not set by the error of g, which is less than 1 in the middle word.
    @inline(__always)
    private static func roundToOdd(_ g: (high: UInt64, low: UInt64), _ c: UInt64) -> UInt64 {
        let lower = g.low.multipliedFullWidth(by: c).high
        let upper = g.high.multipliedFullWidth(by: c)
        let (middle, carry) = upper.low.addingReportingOverflow(lower)
        return (upper.high &+ (carry ? 1 : 0)) | (middle > 1 ? 1 : 0)
    }

    /// g · c / 2^64, rounded to odd, for float32. The error of g is less than 1 in the upper half of the low word.
    @inline(__always)
    private static func roundToOdd(_ g: UInt64, _ c: UInt64) -> UInt64 {
        let product = g.multipliedFullWidth(by: c)
        return product.high | (product.low >> 32 > 1 ? 1 : 0)
    }
}
