import Stopping
import TensorJSON
import TextCodecs

/// The query of a URL as the JSON object that a POST would have sent.
///
/// The text of a field becomes a list if the field is a list by its name (`shape=4,2`, `fold_in=7`). A `seed` with a comma or a
/// bracket is a list too. Any other text becomes a number if it is one, and else a string. `shape=[4,2]` and `shape=4&shape=2` are
/// read like `shape=4,2`. A `seed` and an `order` that are there several times become lists as well. The items of `path` are strings.
struct QueryFields {
    /// The fields that are lists, whatever their text.
    private static let lists: Set<String> = [
        "shape", "noise_shape", "full_shape", "start", "fold_in", "key_data", "path", "include",
    ]
    /// The fields that are lists or single values, by their text.
    private static let listsOrNot: Set<String> = ["seed", "order"]

    /// The fields, each with the JSON of its value, in the order of the query.
    private let members: [(name: String, value: String)]

    /// - Parameter form: further fields, which a form has as text.
    /// - Throws: a 422 that names a field which is there twice, a 400 for broken percent-encoding.
    init(_ query: String, form: [(name: String, text: String)] = []) throws(Problem) {
        var pairs: [(name: String, text: String)] = []
        for pair in query.split(separator: "&", omittingEmptySubsequences: true) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            pairs.append((try Self.decoded(parts[0]), parts.count > 1 ? try Self.decoded(parts[1]) : ""))
        }
        var fields: [(name: String, text: String)] = []
        var places: [String: Int] = [:]
        for (name, text) in pairs + form {
            if Self.lists.contains(name) || Self.listsOrNot.contains(name), let place = places[name] {
                fields[place].text += ",\(text)"
                continue
            }
            guard places.updateValue(fields.count, forKey: name) == nil else {
                throw Problem(unanswerable: [
                    .init(
                        pointer: "/\(JSONPointer.escaped(name.excerpt()))",
                        detail: form.isEmpty
                            ? "the field is in the query twice; give it once"
                            : "the field is there twice, in the query and in parts together; give it once")
                ])
            }
            fields.append((name, text))
        }
        members = fields.map { ($0.name, Self.value($0.text, of: $0.name)) }
    }

    var names: [String] { members.map(\.name) }

    /// The fields in the order of their names. Queries that differ only in their order, their percent-encoding or the spelling of
    /// a list have one text.
    var canonicalText: String { Self.text(members.sorted { $0.name < $1.name }) }

    /// - Throws: a 422 for a query over a limit.
    func object(limits: JSONLimits) throws(Problem) -> JSONObject {
        try Self.object(members, limits: limits)
    }

    /// The object of these members, whose values are JSON texts.
    ///
    /// - Throws: a 422 for members over a limit.
    static func object(
        _ members: [(name: String, value: String)], limits: JSONLimits
    ) throws(Problem) -> JSONObject {
        var bytes = Array(text(members).utf8)
        let parsed = try bytes.withUnsafeMutableBufferPointer { buffer throws(Problem) in
            try RequestText(UnsafeBufferPointer(buffer), limits: limits, concurrency: .serial, stop: .never)
                .parse(elementType: .float64)
        }
        guard case .object(let object) = parsed else { throw Problem(.malformed, detail: "the query holds no fields") }
        return object
    }

    private static func text(_ members: [(name: String, value: String)]) -> String {
        "{\(members.map { "\(quoted($0.name)):\($0.value)" }.joined(separator: ","))}"
    }

    /// The JSON text of a field that is written as text.
    static func value(_ text: String, of name: String) -> String {
        // A seed is one number or several, an order of units a name or several axes.
        let isList =
            lists.contains(name) || name == "seed" && (text.utf8.contains(UInt8(ascii: ",")) || text.hasPrefix("["))
            || name == "order" && text.first.map { $0.isNumber || $0 == "[" } ?? false
        guard isList else { return scalar(text) }
        let inner = text.hasPrefix("[") && text.hasSuffix("]") ? text.dropFirst().dropLast() : text[...]
        let items = inner.split(separator: ",", omittingEmptySubsequences: false).map {
            name == "path" ? quoted(String($0)) : scalar(String($0))
        }
        return inner.isEmpty ? "[]" : "[\(items.joined(separator: ","))]"
    }

    /// JSON's own numbers, `true` and `false` as they are. Everything else becomes a string.
    private static func scalar(_ text: String) -> String {
        if text == "true" || text == "false" { return text }
        return isNumber(text) ? text : quoted(text)
    }

    private static func isNumber(_ text: String) -> Bool {
        guard let first = text.utf8.first, first == UInt8(ascii: "-") || (0x30...0x39).contains(first) else {
            return false
        }
        return Array(text.utf8).withUnsafeBufferPointer { bytes in
            do {
                guard case .number = try JSONDocument.parse(bytes, elementType: .float64, limits: JSONLimits()) else {
                    return false
                }
                return text.utf8.last.map { (0x30...0x39).contains($0) } ?? false
            } catch {
                return false
            }
        }
    }

    /// The JSON text of a string.
    static func quoted(_ text: String) -> String {
        var writer = JSONWriter()
        writer.string(text)
        var json = writer.finish()
        return String(decoding: json.allBytes(), as: UTF8.self)
    }

    private static func decoded(_ text: Substring) throws(Problem) -> String {
        guard let bytes = PercentCoding.bytes(text.utf8, plusIsSpace: true) else {
            throw Problem(
                .malformed,
                detail: "the query has a % that is not followed by two hexadecimal digits; write %25 for a %")
        }
        guard let string = String(validating: bytes, as: UTF8.self) else {
            throw Problem(.malformed, detail: "the query is not UTF-8")
        }
        return string
    }
}
