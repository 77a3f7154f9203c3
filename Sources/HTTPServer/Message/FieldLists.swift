import NIOHTTP1
import TextCodecs

extension HTTPHeaders {
    /// The values of a field as one list (RFC 9110, 5.3), without the white space around them; nil if there is none.
    func list(_ name: String) -> String? {
        guard let first = first(name: name) else { return nil }
        let values = self[name]
        return values.count == 1 ? Self.trimmed(first) : values.map(Self.trimmed).joined(separator: ", ")
    }

    /// The members of a field's list, in lower case.
    func members(_ name: String) -> [String] {
        contains(name: name) ? self[canonicalForm: name].map { $0.lowercased() } : []
    }

    /// A value without the white space around it (RFC 9110, 5.5).
    static func trimmed(_ value: String) -> String { String(OptionalWhiteSpace.trimmed(value[...])) }
}
