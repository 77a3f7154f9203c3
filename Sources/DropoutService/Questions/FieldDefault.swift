import TensorJSON

/// A value that openapi.yaml documents as a field's default.
///
/// Sending it means leaving the field out, even if the field does not apply. `OpenAPITests` compares the table with the
/// document.
enum FieldDefault {
    case text(String)
    case number(Double)
    case flag(Bool)
    case emptyList

    /// The defaults of the fields that do not apply to every question.
    static let documented: [String: FieldDefault] = [
        "generator": .text("philox"), "offset": .number(0), "granularity": .text("element"),
        "variant": .text("dropout"), "data_format": .text("channels_first"), "block_size": .number(7),
        "temperature": .number(0.1), "samples_format": .text("summary"), "exact": .flag(false), "step": .number(0),
        "stream": .number(0), "skip": .number(0), "x64": .flag(false), "fold_in": .emptyList,
        "rate_dtype": .text("float32"), "call": .number(0), "draws_before_fork": .number(0),
        "offset_philox": .number(0), "multiprocessors": .number(108), "threads_per_multiprocessor": .number(2048),
        "vector_width": .number(4), "partitionable": .flag(true), "key_type": .text("threefry2x32"),
        "execution": .text("jit"), "keep_when": .text("below"),
    ]

    /// Whether `value` is the default, in any of its spellings: `0`, `0.0` and, for a field of 64 bits, `"0"`.
    func matches(_ value: JSONValue, takesDigits: Bool) -> Bool {
        switch (self, value) {
        case (.text(let text), .string(let string)): text == string
        case (.number(let expected), .number(let number)): number.double == expected
        case (.number(let expected), .string(let digits)) where takesDigits:
            JSONValue.digits(digits).map(Double.init) == expected
        case (.flag(let flag), .bool(let bool)): flag == bool
        case (.emptyList, .numbers(let array)): array.problem == nil && array.shape == [0]
        default: false
        }
    }
}
