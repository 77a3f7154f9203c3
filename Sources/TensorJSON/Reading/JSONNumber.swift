/// A number as it stands in the text, so that no reading of it loses anything.
package struct JSONNumber: Sendable {
    package let text: String
    /// The same number in a text that is read in bounded time.
    private let shortText: String

    init(_ scanner: JSONScanner, _ token: Range<Int>) {
        shortText = scanner.shortNumber(token)
        text = token.count == shortText.utf8.count ? shortText : scanner.string(token)
    }

    /// The nearest float64; nil where it is too large for one.
    package var double: Double? { Double(shortText).flatMap { $0.isFinite ? $0 : nil } }

    /// The nearest float32, rounded once; nil where it is too large for one.
    package var float: Float? { Float(shortText).flatMap { $0.isFinite ? $0 : nil } }

    /// The value where it is a whole number that fits: `3`, and also `3.0` and `3e0`.
    package var signed: Int64? { Int64(text) ?? wholeDouble.flatMap { Int64(exactly: $0) } }

    /// The value where it is a whole number from 0 that fits.
    package var unsigned: UInt64? { UInt64(text) ?? wholeDouble.flatMap { UInt64(exactly: $0) } }

    /// A number with a point or an exponent, where float64 holds it exactly beyond doubt.
    private var wholeDouble: Double? {
        guard let double, double.magnitude <= 0x1p53, double == double.rounded(), text.utf8.count <= 17 else {
            return nil
        }
        // A tiny number is nearest to 0 without being 0.
        return double != 0 || isZero ? double : nil
    }

    /// No digit before the exponent is other than 0.
    private var isZero: Bool {
        text.utf8.prefix { $0 | 0x20 != UInt8(ascii: "e") }.allSatisfy { !(0x31...0x39).contains($0) }
    }
}
