extension ShortestDecimal {
    /// The same for the magnitude of a normal float32 (or of 0, which goes the way of 1), without a branch and with one
    /// multiplication for the number and the ends of its interval; the digits may end in zeros.
    ///
    /// The ends lie half a unit of the last place beside the number, and so do their products beside its product: exactly,
    /// for they are sums of whole numbers.
    @inline(__always)
    init(normal magnitude: UInt32, _ scales: UnsafeBufferPointer<FloatScale>) {
        let fraction = magnitude & 0x7F_FFFF
        let c = UInt64(fraction | 1 << 23)
        let index = Int(magnitude >> 23) &+ (fraction == 0 ? FloatScale.lowerCloser : 0)
        let scale = scales.baseAddress.unsafelyUnwrapped + index
        // In units of 2^-31, a quarter of the digits' unit; what is below is the error of the power.
        let at = scale.pointee.power.multipliedFullWidth(by: c &<< scale.pointee.shift)
        let (_, borrow) = at.low.subtractingReportingOverflow(scale.pointee.toBelow.low)
        let below = at.high &- scale.pointee.toBelow.high &- (borrow ? 1 : 0)
        let (_, carry) = at.low.addingReportingOverflow(scale.pointee.toAbove.low)
        let above = at.high &+ scale.pointee.toAbove.high &+ (carry ? 1 : 0)
        let odd = UInt64(magnitude & 1)
        let s = UInt32(truncatingIfNeeded: at.high >> 33)
        let ten = UInt64(s / 10 &* 10)
        let isUp = at.high & 0x1_FFFF_FFFF &+ UInt64(s & 1) > 2 << 31
        let isAbove = below &+ odd > UInt64(s) << 33
        var chosen = UInt64(s) &+ ((isUp ? 1 : 0) | (isAbove ? 1 : 0))
        chosen = below &+ odd <= ten << 33 ? ten : chosen
        chosen = (ten &+ 10) << 33 <= above &- odd ? ten &+ 10 : chosen
        digits = chosen
        exponent = scale.pointee.exponent
    }

    @inline(__always)
    init(normal magnitude: UInt64) {
        let fraction = magnitude & 0xF_FFFF_FFFF_FFFF
        let c = fraction | 1 << 52
        let isLowerCloser = fraction == 0
        let (k, h) = Self.scale(Int(truncatingIfNeeded: magnitude >> 52) &- 1075, isLowerCloser)
        let g = PowersOfFive.ceiling(0 &- k)
        let cAt = (4 &* c) &<< h
        let lower = g.low.multipliedFullWidth(by: cAt)
        let upper = g.high.multipliedFullWidth(by: cAt)
        let (middle, carry) = upper.low.addingReportingOverflow(lower.high)
        let high = upper.high &+ (carry ? 1 : 0)

        let down = isLowerCloser ? h : h &+ 1
        let (_, borrow0) = lower.low.subtractingReportingOverflow(g.low &<< down)
        let (middle1, borrow1) = middle.subtractingReportingOverflow(
            g.high &<< down | (g.low >> 1) &>> (63 &- down))
        let (middleBelow, borrow2) = middle1.subtractingReportingOverflow(borrow0 ? 1 : 0)
        let highBelow = high &- (g.high >> 1) &>> (63 &- down) &- (borrow1 ? 1 : 0) &- (borrow2 ? 1 : 0)

        let up = h &+ 1
        let (_, carry0) = lower.low.addingReportingOverflow(g.low &<< up)
        let (middle3, carry1) = middle.addingReportingOverflow(g.high &<< up | (g.low >> 1) &>> (63 &- up))
        let (middleAbove, carry2) = middle3.addingReportingOverflow(carry0 ? 1 : 0)
        let highAbove = high &+ (g.high >> 1) &>> (63 &- up) &+ (carry1 ? 1 : 0) &+ (carry2 ? 1 : 0)
        self.init(
            normalBelow: highBelow | (middleBelow > 1 ? 1 : 0), at: high | (middle > 1 ? 1 : 0),
            above: highAbove | (middleAbove > 1 ? 1 : 0), odd: c & 1, k: k)
    }

    /// The power of ten whose multiples are tried first, and the shift of the number.
    @inline(__always)
    static func scale(_ q: Int, _ isLowerCloser: Bool) -> (k: Int, h: UInt64) {
        let k = (q &* 1_262_611 &- (isLowerCloser ? 524_031 : 0)) >> 22
        return (k, UInt64(truncatingIfNeeded: q &+ ((0 &- k) &* 1_741_647) >> 19 &+ 1))
    }

    /// The choice of digits as in the plain form; the interval is less than ten wide and holds the nearest whole number, but
    /// for a lower end that is closer.
    @inline(__always)
    private init(normalBelow below: UInt64, at: UInt64, above: UInt64, odd: UInt64, k: Int) {
        let lower = below &+ odd
        let upper = above &- odd
        let s = at >> 2
        let ten = s / 10 &* 10
        let isUp = (at & 3) &+ (s & 1) > 2
        let isAbove = lower > 4 &* s
        var chosen = s &+ ((isUp ? 1 : 0) | (isAbove ? 1 : 0))
        chosen = lower <= 4 &* ten ? ten : chosen
        chosen = 4 &* ten &+ 40 <= upper ? ten &+ 10 : chosen
        digits = chosen
        exponent = k
    }
}

/// What the digits of a float32 need to know of its exponent.
struct FloatScale: BitwiseCopyable {
    let power: UInt64
    let shift: UInt64
    /// From the number's product to those of the ends of its interval.
    let toBelow: (high: UInt64, low: UInt64)
    let toAbove: (high: UInt64, low: UInt64)
    let exponent: Int

    /// From here on for powers of two, whose lower neighbour is closer.
    static let lowerCloser = 256

    /// By the biased exponent; 0 is 1's.
    static let all: [FloatScale] = (0..<512).map { index in
        let biased = index % lowerCloser
        return FloatScale(biased: biased == 0 ? 127 : biased, isLowerCloser: index >= lowerCloser)
    }

    private init(biased: Int, isLowerCloser: Bool) {
        let (k, h) = ShortestDecimal.scale(biased - 150, isLowerCloser)
        power = PowersOfFive.floor(-k).high + ((0...27).contains(-k) ? 0 : 1)
        shift = h + 33
        toBelow = Self.product(power, shift - (isLowerCloser ? 2 : 1))
        toAbove = Self.product(power, shift - 1)
        exponent = k
    }

    /// power · 2^shift, for shifts from 1 to 63.
    private static func product(_ power: UInt64, _ shift: UInt64) -> (high: UInt64, low: UInt64) {
        (power >> (64 - shift), power << shift)
    }
}
