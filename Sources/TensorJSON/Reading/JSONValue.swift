/// A JSON value whose arrays of numbers are packed.
package indirect enum JSONValue: Sendable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    /// A list of anything else than numbers or booleans.
    case array([JSONValue])
    case object(JSONObject)
    /// A nested array of numbers, of booleans or of the names of non-finite numbers; also the empty list.
    case numbers(NumberArray)
}

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

/// Members in the order of the text; names are unique.
package struct JSONObject: Sendable {
    package let members: [(name: String, value: JSONValue)]

    package static let empty = JSONObject(members: [])

    /// - Parameter members: with names that are unique.
    package init(members: [(name: String, value: JSONValue)]) { self.members = members }

    package subscript(_ name: String) -> JSONValue? { members.first { $0.name == name }?.value }
}

package enum ElementType: String, Sendable {
    case float32, float64
}

/// A nested array of numbers in one row-major list.
package struct NumberArray: Sendable {
    package enum Storage: Sendable {
        case float64([Double])
        case float32([Float])
    }

    /// Outermost first; `[]` is [0] and `[[],[]]` is [2,0].
    package let shape: [Int]
    package let storage: Storage
    /// The leaves are true and false, stored as 1 and 0.
    package let isBoolean: Bool
    /// The first place that is no part of a rectangular array; `storage` and `shape` mean nothing then.
    package let problem: ArrayProblem?
    /// Where the array stands in the text.
    package let source: Range<Int>
    /// The numbers as written, for lists of up to 64; empty for longer ones and for nested ones.
    package let literals: [JSONNumber]
}

/// A wrong place inside an array: the indices that lead to it.
package struct ArrayProblem: Sendable, Equatable {
    package let path: [Int]
    package let detail: String
}

/// Text that is no JSON.
package struct JSONSyntaxError: Error, Sendable, Equatable {
    package let detail: String
    package let byteOffset: Int
    /// Counted from 1.
    package let line: Int
    /// In bytes, counted from 1.
    package let column: Int
}

package enum JSONParseError: Error, Sendable, Equatable {
    case syntax(JSONSyntaxError)
    /// JSON, but more of it than is read; an RFC 6901 pointer to the place.
    case limit(pointer: String, detail: String)
    /// The reading was told to stop.
    case stopped
}

/// How much of a text is read.
package struct JSONLimits: Sendable {
    /// Levels of `[` and `{`.
    package var maximumDepth = 64
    /// Numbers in packed arrays, in the whole text.
    package var maximumElements = 1 << 24
    /// Values outside packed arrays.
    package var maximumValues = 65_536

    package init() {}
}
