/// The numbers for which JSON has no literals. They are strings, named as in ECMAScript.
package enum NonFiniteNumber: Sendable {
    case nan
    case infinity
    case negativeInfinity

    /// Nil for a finite number.
    package init?(_ number: some BinaryFloatingPoint) {
        guard !number.isFinite else { return nil }
        self = number.isNaN ? .nan : number < 0 ? .negativeInfinity : .infinity
    }

    /// The number of a name without quotation marks; nil for any other text.
    package init?(name: String) {
        switch name {
        case "NaN": self = .nan
        case "Infinity": self = .infinity
        case "-Infinity": self = .negativeInfinity
        default: return nil
        }
    }

    /// The name as a JSON string.
    @inlinable package var quoted: StaticString {
        switch self {
        case .nan: "\"NaN\""
        case .infinity: "\"Infinity\""
        case .negativeInfinity: "\"-Infinity\""
        }
    }

    @inlinable package func value<Number: BinaryFloatingPoint>(as type: Number.Type = Number.self) -> Number {
        switch self {
        case .nan: .nan
        case .infinity: .infinity
        case .negativeInfinity: -.infinity
        }
    }
}
