import TensorJSON

extension JSONValue {
    /// The value in words, equal for equal values only; numbers to the bit.
    var shown: String {
        switch self {
        case .null: "null"
        case .bool(let bool): "\(bool)"
        case .number(let number): number.double.map { "\($0)" } ?? "too large"
        case .string(let string): "'" + string.unicodeScalars.map { "\($0.value)" }.joined(separator: " ") + "'"
        case .array(let items): "(" + items.map(\.shown).joined(separator: ",") + ")"
        case .object(let object):
            "{" + object.members.map { "\($0.name)=\($0.value.shown)" }.joined(separator: ",") + "}"
        case .numbers(let array): array.shown
        }
    }

    /// All packed arrays in the order of the text.
    var numberArrays: [NumberArray] {
        switch self {
        case .null, .bool, .number, .string: []
        case .array(let items): items.flatMap(\.numberArrays)
        case .object(let object): object.members.flatMap(\.value.numberArrays)
        case .numbers(let array): [array]
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
        return "[\(isBoolean) \(shape): \(elements.joined(separator: " "))]"
    }
}

extension JSONText {
    /// The value as the writer prints it; nil where it has a number or an array that no tensor has.
    static func writing(_ value: JSONValue) -> [UInt8]? {
        var writer = JSONWriter()
        guard write(value, to: &writer) else { return nil }
        var text = writer.finish()
        return text.allBytes()
    }

    private static func write(_ value: JSONValue, to writer: inout JSONWriter) -> Bool {
        switch value {
        case .null: writer.null()
        case .bool(let bool): writer.bool(bool)
        case .number(let number):
            guard let double = number.double else { return false }
            writer.number(double)
        case .string(let string): writer.string(string)
        case .array(let items):
            writer.beginArray()
            for item in items { guard write(item, to: &writer) else { return false } }
            writer.endArray()
        case .object(let object):
            writer.beginObject()
            for member in object.members {
                writer.key(member.name)
                guard write(member.value, to: &writer) else { return false }
            }
            writer.endObject()
        case .numbers(let array):
            guard array.problem == nil else { return false }
            switch array.storage {
            case .float64(let elements) where array.isBoolean:
                writer.nestedBits(elements.map { $0 == 1 ? 1 : 0 }, shape: array.shape, asBooleans: true)
            case .float32(let elements) where array.isBoolean:
                writer.nestedBits(elements.map { $0 == 1 ? 1 : 0 }, shape: array.shape, asBooleans: true)
            case .float64(let elements): writer.nested(elements, shape: array.shape)
            case .float32(let elements): writer.nested(elements, shape: array.shape)
            }
        }
        return true
    }
}
