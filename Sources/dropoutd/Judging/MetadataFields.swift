import TensorJSON

/// The fields of a question in the metadata of a safetensors file, as `POST /forward` takes them: JSON in the member `question`.
struct MetadataFields {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The member of the metadata.
    static let member = "question"

    /// The fields, as a form has them.
    private(set) var fields: [(name: String, text: String)] = []

    init(_ text: String) throws {
        let bytes = Array(text.utf8)
        try bytes.withUnsafeBufferPointer { bytes in
            let value: JSONValue
            do {
                value = try JSONDocument.parse(bytes, elementType: .float64, limits: JSONLimits())
            } catch {
                throw Failure(description: "`\(Self.member)` in the metadata is not JSON")
            }
            guard case .object(let object) = value else {
                throw Failure(description: "`\(Self.member)` in the metadata is not an object")
            }
            for (name, value) in object.members {
                if case .null = value { continue }
                guard let text = Self.text(value, bytes) else {
                    throw Failure(
                        description:
                            "`\(name)` of `\(Self.member)` in the metadata is neither a text, a number nor a list of them"
                    )
                }
                fields.append((name, text))
            }
        }
    }

    private static func text(_ value: JSONValue, _ source: UnsafeBufferPointer<UInt8>) -> String? {
        switch value {
        case .null, .object: return nil
        case .bool(let flag): return "\(flag)"
        case .number(let number): return number.text
        case .string(let text): return text
        case .array(let items):
            let texts = items.map { if case .string(let text) = $0 { text } else { nil } as String? }
            return texts.contains(nil) ? nil : texts.compactMap { $0 }.joined(separator: ",")
        case .numbers(let array):
            guard array.problem == nil, array.shape.count == 1, array.source.upperBound <= source.count else {
                return nil
            }
            // Numbers and true and false have no white space in them.
            return String(decoding: source[array.source].filter { $0 > 0x20 }, as: UTF8.self)
        }
    }
}
