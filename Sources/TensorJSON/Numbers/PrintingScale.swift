// Printing, step 3 of 4: the digits of a usual number. ``NumberPrinting`` chooses the scale by the number's exponent and gives the
// digits to ``NumberLayout``. ``ShortestDecimal`` has the same algorithm for any exponent.

/// The constants from which the digits of all numbers of one binary exponent are computed.
///
/// There are scales for the exponents whose numbers are printed without an exponent and with the point after the first -5...8
/// digits.
package struct PrintingScale: BitwiseCopyable {
    /// The power of ten as in ``ShortestDecimal``. Only its high word is used for float32.
    package fileprivate(set) var power: (high: UInt64, low: UInt64) = (0, 0)
    /// The left shift of a number's significand before the product.
    package fileprivate(set) var shift: UInt64 = 0
    /// The distance from the number's product to the products of the ends of its interval.
    package fileprivate(set) var half: (high: UInt64, middle: UInt64, low: UInt64) = (0, 0, 0)
    /// The least digits that have as many places as the exponent's numbers can have. Digits below it have one place fewer.
    package fileprivate(set) var threshold: UInt64 = 0
    /// The layouts of digits with as many places, and with one place fewer.
    fileprivate(set) var layouts = (long: NumberLayout(), short: NumberLayout())

    /// The scales of the exponents of 2 from -19 to 25, then one for each power of two, whose lower neighbour is nearer, and one
    /// for 0.
    package struct Table: Sendable {
        package let scales: [PrintingScale]
        /// The long and the short layout of each scale.
        package let layouts: [NumberLayout]

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

    package static let exponents = -19...25
    /// The place of the first power of two in the table.
    static let powersOfTwo = 45
    /// The place of 0 in the table.
    static let zero = 90

    static let floats = Table(
        exponents.map { PrintingScale(float: $0) }
            + exponents.map {
                PrintingScale(ShortestDecimal(Float(sign: .plus, exponent: $0, significand: 1)), digitCount: 9)
            } + [PrintingScale(ShortestDecimal(digits: 0, exponent: 0), digitCount: 9)])

    package static let doubles = Table(
        exponents.map { PrintingScale(double: $0) }
            + exponents.map {
                PrintingScale(ShortestDecimal(Double(sign: .plus, exponent: $0, significand: 1)), digitCount: 17)
            } + [PrintingScale(ShortestDecimal(digits: 0, exponent: 0), digitCount: 17)])

    private init(float exponent: Int) {
        let (k, h) = Self.scale(exponent - 23)
        power = (PowersOfFive.floor(-k).high + ((0...27).contains(-k) ? 0 : 1), 0)
        // The product's high word is in units of 2^-33 of a digit. What is below it is within the error of the power.
        shift = h + 33
        half = (power.high >> (65 - shift), 0, power.high << (shift - 1))
        place(digitsOf: 0x1p23 * Self.unit(exponent - 23, k), digitCount: 9, exponent: k)
    }

    private init(double exponent: Int) {
        let (k, h) = Self.scale(exponent - 52)
        power = PowersOfFive.ceiling(-k)
        // The product's highest word is in quarters of a digit.
        shift = h + 2
        let up = h + 1
        half = (
            power.high >> (64 - up), power.high << up | power.low >> (64 - up), power.low << up
        )
        place(digitsOf: 0x1p52 * Self.unit(exponent - 52, k), digitCount: 17, exponent: k)
    }

    /// The scale of one number, a power of two or 0, whose digits are known: the product with its significand gives them.
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

    /// Sets `threshold` and `layouts`. The digits of the exponent's numbers are from about `least` to twice that.
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

    /// The exponent k of the digits' unit 10^k, and the shift h that goes with it, as in ``ShortestDecimal``.
    private static func scale(_ q: Int) -> (k: Int, h: UInt64) {
        let k = (q * 1_262_611) >> 22
        return (k, UInt64(q + ((-k * 1_741_647) >> 19) + 1))
    }
}

extension PrintingScale {
    /// The digits of the float32 with the significand `c`, in the number of places that `threshold` says. They may end in zeros.
    ///
    /// ``ShortestDecimal`` has the plain form, with three products. Here one product g · c serves. The ends are c ± 1/2, so their
    /// products are g · c ± g / 2. These are sums of whole numbers, so `half` = g / 2 gives them exactly.
    ///
    ///     below = g · c - half      above = g · c + half      (an odd c excludes both ends)
    ///
    /// The interval is at least one digit wide, so the nearest whole number is inside. A multiple of ten inside has a digit less and
    /// wins. Below and above cannot both be such multiples, since the interval is less than ten digits wide.
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

    /// The digits of the float64 with the significand `c`, as ``digits(float:)`` has them for float32.
    ///
    /// The product has three words. Bits of the middle word above 1 say that something is below the highest word: rounding to odd,
    /// as in ``ShortestDecimal``.
    @inline(__always)
    package func digits(double c: UInt64) -> UInt64 {
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
