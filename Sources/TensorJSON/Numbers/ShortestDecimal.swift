/// The shortest decimal that reads back as a given binary number, the nearest one where several are as short.
///
///     |x| = digits · 10^exponent
///
/// Source: Giulietti, "The Schubfach way to render doubles", 2020.
struct ShortestDecimal {
    var digits: UInt64
    var exponent: Int

    /// For a finite, non-zero number.
    @inline(__always)
    init(_ x: Double) {
        let fraction = x.significandBitPattern
        let biased = Int(x.exponentBitPattern)
        let c = biased == 0 ? fraction : fraction | 1 << 52
        let q = biased == 0 ? -1074 : biased - 1075
        if q <= 0, q > -53, c & (1 << UInt64(-q) - 1) == 0 {
            self.init(digits: c >> UInt64(-q), exponent: 0)
            return
        }
        let isLowerCloser = fraction == 0 && biased > 1
        let k = (q * 1_262_611 - (isLowerCloser ? 524_031 : 0)) >> 22
        let h = UInt64(q + ((-k * 1_741_647) >> 19) + 1)
        let g = PowersOfFive.ceiling(-k)
        self.init(
            below: Self.roundToOdd(g, (4 * c - (isLowerCloser ? 1 : 2)) << h),
            at: Self.roundToOdd(g, (4 * c) << h),
            above: Self.roundToOdd(g, (4 * c + 2) << h),
            isEven: c & 1 == 0, k: k)
    }

    /// For a finite, non-zero number.
    @inline(__always)
    init(_ x: Float) {
        let fraction = UInt64(x.significandBitPattern)
        let biased = Int(x.exponentBitPattern)
        let c = biased == 0 ? fraction : fraction | 1 << 23
        let q = biased == 0 ? -149 : biased - 150
        if q <= 0, q > -24, c & (1 << UInt64(-q) - 1) == 0 {
            self.init(digits: c >> UInt64(-q), exponent: 0)
            return
        }
        let isLowerCloser = fraction == 0 && biased > 1
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

    /// The choice of digits, given the number and the ends of its rounding interval, four times too large.
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

    /// g · c / 2^128, with a sticky lowest bit.
    @inline(__always)
    private static func roundToOdd(_ g: (high: UInt64, low: UInt64), _ c: UInt64) -> UInt64 {
        let lower = g.low.multipliedFullWidth(by: c).high
        let upper = g.high.multipliedFullWidth(by: c)
        let (middle, carry) = upper.low.addingReportingOverflow(lower)
        return (upper.high &+ (carry ? 1 : 0)) | (middle > 1 ? 1 : 0)
    }

    /// g · c / 2^64 for operands of 32 bits, with a sticky lowest bit.
    @inline(__always)
    private static func roundToOdd(_ g: UInt64, _ c: UInt64) -> UInt64 {
        let product = g.multipliedFullWidth(by: c)
        return product.high | (product.low >> 32 > 1 ? 1 : 0)
    }
}
