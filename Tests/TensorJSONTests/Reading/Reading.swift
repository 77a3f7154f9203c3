import TensorJSON

/// A generator for the tests' random cases: SplitMix64 of Steele, Lea and Flood, 2014.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

func parse(
    _ bytes: [UInt8], as elementType: ElementType = .float64, limits: JSONLimits = JSONLimits()
) throws(JSONParseError) -> JSONValue {
    // A typed throw does not pass through the closure, so the outcome does.
    try bytes.withUnsafeBufferPointer { text in
        Result { () throws(JSONParseError) in
            try JSONDocument.parse(text, elementType: elementType, limits: limits)
        }
    }.get()
}

func parse(
    _ text: String, as elementType: ElementType = .float64, limits: JSONLimits = JSONLimits()
) throws(JSONParseError) -> JSONValue {
    try parse(Array(text.utf8), as: elementType, limits: limits)
}

/// Where and why a text is refused; nil where it is accepted.
func refusal(
    _ bytes: [UInt8], as elementType: ElementType = .float64, limits: JSONLimits = JSONLimits()
) -> JSONParseError? {
    do {
        _ = try parse(bytes, as: elementType, limits: limits)
        return nil
    } catch {
        return error
    }
}

/// The place of a syntax error; nil where the text is accepted or over a limit.
func syntaxError(_ bytes: [UInt8]) -> JSONSyntaxError? {
    guard case .syntax(let error) = refusal(bytes) else { return nil }
    return error
}

extension JSONSyntaxError {
    /// Place and reason in one line.
    var shown: String { "byte \(byteOffset), \(line):\(column): \(detail)" }
}

extension JSONValue {
    /// The packed array that this value is.
    var numberArray: NumberArray? {
        guard case .numbers(let array) = self else { return nil }
        return array
    }

    var doubles: [Double]? {
        guard case .float64(let elements)? = numberArray?.storage else { return nil }
        return elements
    }

    var floats: [Float]? {
        guard case .float32(let elements)? = numberArray?.storage else { return nil }
        return elements
    }

    /// The value in words: packed arrays as `[shape: elements]`, numbers as they were written.
    var shown: String {
        switch self {
        case .null: "null"
        case .bool(let bool): "\(bool)"
        case .number(let number): number.text
        case .string(let string): "'\(string)'"
        case .array(let items): "(" + items.map(\.shown).joined(separator: ",") + ")"
        case .object(let object):
            "{" + object.members.map { "\($0.name)=\($0.value.shown)" }.joined(separator: ",") + "}"
        case .numbers(let array):
            array.shown
        }
    }
}

extension NumberArray {
    var shown: String {
        if let problem { return "<\(problem.path) \(problem.detail)>" }
        let elements =
            switch storage {
            case .float64(let elements): elements.map { "\($0)" }
            case .float32(let elements): elements.map { "\($0)" }
            }
        let extents = shape.map(String.init).joined(separator: "x")
        return "[\(isBoolean ? "booleans " : "")\(extents): \(elements.joined(separator: " "))]"
    }
}
