package import TextCodecs

/// A number with its text, so that nothing is lost before its type is known.
package struct JSONNumber: Sendable {
    package let text: String
    /// A text of the same number that is read in bounded time.
    private let shortText: String

    init(_ scanner: JSONScanner, _ token: Range<Int>) {
        shortText = scanner.shortNumber(token)
        text = token.count == shortText.utf8.count ? shortText : scanner.string(token)
    }

    /// The nearest float64; nil if the number is too large.
    package var double: Double? { Double(shortText).flatMap { $0.isFinite ? $0 : nil } }

    /// The nearest float32, rounded once; nil if the number is too large.
    package var float: Float? { Float(shortText).flatMap { $0.isFinite ? $0 : nil } }

    /// The nearest number of a type of 16 bits, rounded once; nil if the number is too large.
    package func half(_ type: HalfType) -> Float? {
        HalfDecimal.nearest(shortText, type).flatMap { $0.isFinite ? $0 : nil }
    }

    /// The value; nil if it is no whole number or does not fit. `3.0` and `3e0` are whole numbers.
    package var signed: Int64? { Int64(text) ?? wholeDouble.flatMap { Int64(exactly: $0) } }

    /// The value; nil if it is no whole number from 0 on or does not fit.
    package var unsigned: UInt64? { UInt64(text) ?? wholeDouble.flatMap { UInt64(exactly: $0) } }

    /// The value of a number with a point or an exponent; nil unless it is whole and float64 holds it exactly.
    private var wholeDouble: Double? {
        guard let double, double.magnitude <= 0x1p53, double == double.rounded(), text.utf8.count <= 17 else {
            return nil
        }
        // A tiny number is rounded to 0 and is not 0.
        return double != 0 || isZero ? double : nil
    }

    /// Whether all digits before the exponent are 0.
    private var isZero: Bool {
        text.utf8.prefix { $0 | 0x20 != UInt8(ascii: "e") }.allSatisfy { !(0x31...0x39).contains($0) }
    }
}
