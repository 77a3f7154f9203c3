/// What the digits of the numbers of one exponent have in common, for numbers that are printed without an exponent and with
/// the point behind the first -5...8 digits.
struct PrintingScale: BitwiseCopyable {
    /// The power of ten as in ``ShortestDecimal``; float32 needs its high word alone.
    fileprivate(set) var power: (high: UInt64, low: UInt64) = (0, 0)
    /// Of the number's significand.
    fileprivate(set) var shift: UInt64 = 0
    /// From the number's product to those of the ends of its interval.
    fileprivate(set) var half: (high: UInt64, middle: UInt64, low: UInt64) = (0, 0, 0)
    /// From here on the digits are as many as the exponent's numbers can have, below one fewer.
    fileprivate(set) var threshold: UInt64 = 0
    /// For as many digits, and for one fewer.
    fileprivate(set) var layouts = (long: NumberLayout(), short: NumberLayout())

    /// The exponents of 2 from -19 to 25, then those of the powers of two themselves, whose lower neighbour is closer, and 0.
    struct Table: Sendable {
        let scales: [PrintingScale]
        /// Two for each scale.
        let layouts: [NumberLayout]

        fileprivate init(_ scales: [PrintingScale]) {
            self.scales = scales
            layouts = scales.flatMap { [$0.layouts.long, $0.layouts.short] }
        }

        @inline(__always)
        func withPointers(_ use: (UnsafePointer<PrintingScale>, UnsafePointer<NumberLayout>) -> Int) -> Int {
            scales.withUnsafeBufferPointer { scales in
                layouts.withUnsafeBufferPointer { layouts in
                    guard let scales = scales.baseAddress, let layouts = layouts.baseAddress else { return 0 }
                    return use(scales, layouts)
                }
            }
        }
    }

    static let exponents = -19...25
    static let powersOfTwo = 45
    static let zero = 90

    static let floats = Table(
        exponents.map { PrintingScale(float: $0) }
            + exponents.map {
                PrintingScale(ShortestDecimal(Float(sign: .plus, exponent: $0, significand: 1)), digitCount: 9)
            } + [PrintingScale(ShortestDecimal(digits: 0, exponent: 0), digitCount: 9)])

    static let doubles = Table(
        exponents.map { PrintingScale(double: $0) }
            + exponents.map {
                PrintingScale(ShortestDecimal(Double(sign: .plus, exponent: $0, significand: 1)), digitCount: 17)
            } + [PrintingScale(ShortestDecimal(digits: 0, exponent: 0), digitCount: 17)])

    private init(float exponent: Int) {
        let (k, h) = Self.scale(exponent - 23)
        power = (PowersOfFive.floor(-k).high + ((0...27).contains(-k) ? 0 : 1), 0)
        // The product's high word counts in 2^-33 of the digits' unit; what is below is the error of the power.
        shift = h + 33
        half = (power.high >> (65 - shift), 0, power.high << (shift - 1))
        place(digitsOf: 0x1p23 * Self.unit(exponent - 23, k), digitCount: 9, exponent: k)
    }

    private init(double exponent: Int) {
        let (k, h) = Self.scale(exponent - 52)
        power = PowersOfFive.ceiling(-k)
        // The product's highest word counts in quarters of the digits' unit.
        shift = h + 2
        let up = h + 1
        half = (
            power.high >> (64 - up), power.high << up | power.low >> (64 - up), power.low << up
        )
        place(digitsOf: 0x1p52 * Self.unit(exponent - 52, k), digitCount: 17, exponent: k)
    }

    /// For one number alone: its digits come out of its significand, a power of two, by themselves.
    private init(_ decimal: ShortestDecimal, digitCount: Int) {
        var (digits, exponent) = (decimal.digits, decimal.exponent)
        while digits > 0, NumberPrinting.digitCount(digits) < digitCount {
            digits *= 10
            exponent -= 1
        }
        while NumberPrinting.digitCount(digits) > digitCount {
            digits /= 10
            exponent += 1
        }
        power = digitCount == 9 ? (digits << 34, 0) : (digits << 3, 0)
        shift = digitCount == 9 ? 40 : 11
        if digits == 0 { exponent = 1 - digitCount }
        let layout = NumberLayout(point: digitCount + exponent, factor: 1)
        layouts = (layout, layout)
    }

    /// The least digits of the exponent's numbers are about `least`, the greatest about twice as many.
    private mutating func place(digitsOf least: Double, digitCount: Int, exponent: Int) {
        let count = NumberPrinting.digitCount(UInt64(2 * least))
        threshold = NumberPrinting.powersOfTen[count - 1]
        let factor = NumberPrinting.powersOfTen[digitCount - count]
        layouts = (
            NumberLayout(point: count + exponent, factor: factor),
            NumberLayout(point: count - 1 + exponent, factor: 10 * factor)
        )
    }

    /// 2^q / 10^k, from 1 to 10.
    private static func unit(_ q: Int, _ k: Int) -> Double {
        var unit = Double(sign: .plus, exponent: q, significand: 1)
        for _ in 0..<abs(k) { unit = k < 0 ? unit * 10 : unit / 10 }
        return unit
    }

    /// As in ``ShortestDecimal``: the power of ten that counts the digits, and the shift that goes with it.
    private static func scale(_ q: Int) -> (k: Int, h: UInt64) {
        let k = (q * 1_262_611) >> 22
        return (k, UInt64(q + ((-k * 1_741_647) >> 19) + 1))
    }
}

extension PrintingScale {
    /// The digits of the float32 with this significand, as many as the threshold says; there may be zeros at their end.
    ///
    /// The plain form is in ``ShortestDecimal``. Here one multiplication serves the number and the ends of its interval: they
    /// lie half a unit of the last place beside it, and so do their products beside its product, exactly, for they are
    /// sums of whole numbers. The interval is at least one wide, so that the nearest whole number is in it.
    @inline(__always)
    func digits(float c: UInt64) -> UInt64 {
        let at = power.high.multipliedFullWidth(by: c &<< shift)
        let (_, borrow) = at.low.subtractingReportingOverflow(half.low)
        let (_, carry) = at.low.addingReportingOverflow(half.low)
        let odd = c & 1
        let below = at.high &- half.high &- (borrow ? 1 : 0) &+ odd
        let above = at.high &+ half.high &+ (carry ? 1 : 0) &- odd
        let whole = at.high >> 33
        let ten = UInt64(UInt32(truncatingIfNeeded: whole) / 10 &* 10)
        let isUp = at.high & 0x1_FFFF_FFFF &+ (whole & 1) > 2 << 31
        var digits = whole &+ (isUp ? 1 : 0)
        digits = below <= ten << 33 ? ten : digits
        return (ten &+ 10) << 33 <= above ? ten &+ 10 : digits
    }

    @inline(__always)
    func digits(double c: UInt64) -> UInt64 {
        let shifted = c &<< shift
        let lower = power.low.multipliedFullWidth(by: shifted)
        let upper = power.high.multipliedFullWidth(by: shifted)
        let (middle, carry) = upper.low.addingReportingOverflow(lower.high)
        let high = upper.high &+ (carry ? 1 : 0)

        let (_, borrow0) = lower.low.subtractingReportingOverflow(half.low)
        let (middle1, borrow1) = middle.subtractingReportingOverflow(half.middle)
        let (middleBelow, borrow2) = middle1.subtractingReportingOverflow(borrow0 ? 1 : 0)
        let highBelow = high &- half.high &- (borrow1 ? 1 : 0) &- (borrow2 ? 1 : 0)
        let (_, carry0) = lower.low.addingReportingOverflow(half.low)
        let (middle3, carry1) = middle.addingReportingOverflow(half.middle)
        let (middleAbove, carry2) = middle3.addingReportingOverflow(carry0 ? 1 : 0)
        let highAbove = high &+ half.high &+ (carry1 ? 1 : 0) &+ (carry2 ? 1 : 0)

        let odd = c & 1
        let below = (highBelow | (middleBelow > 1 ? 1 : 0)) &+ odd
        let above = (highAbove | (middleAbove > 1 ? 1 : 0)) &- odd
        let whole = high >> 2
        let ten = whole / 10 &* 10
        let isUp = (high & 3 | (middle > 1 ? 1 : 0)) &+ (whole & 1) > 2
        var digits = whole &+ (isUp ? 1 : 0)
        digits = below <= 4 &* ten ? ten : digits
        return 4 &* ten &+ 40 <= above ? ten &+ 10 : digits
    }
}
