import TensorJSON

/// The query of a URL as the JSON object that a POST would have sent.
///
/// A field's text becomes a list where the field is one by name (`shape=4,2`, `fold_in=7`) or is `seed` with a comma, a
/// number where it is one, and a string otherwise. `shape=[4,2]` is read like `shape=4,2`.
enum QueryFields {
    /// - Throws: a 422 naming a field that stands twice, or a 400 for broken percent-encoding.
    static func object(_ query: String, lists: Set<String>, limits: JSONLimits) throws(Problem) -> JSONObject {
        var names: Set<String> = []
        var json = "{"
        for pair in query.split(separator: "&", omittingEmptySubsequences: true) {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = try decoded(parts[0])
            let text = parts.count > 1 ? try decoded(parts[1]) : ""
            guard names.insert(name).inserted else {
                throw Problem(unanswerable: [.init(pointer: "/\(name.excerpt())", detail: "the field stands twice in the query")])
            }
            if json.utf8.count > 1 { json += "," }
            json +=
                "\(quoted(name)):\(value(text, isList: lists.contains(name) || name == "seed" && text.utf8.contains(0x2C)))"
        }
        json += "}"
        var bytes = Array(json.utf8)
        let parsed = try bytes.withUnsafeMutableBufferPointer { buffer throws(Problem) in
            try RequestText(UnsafeBufferPointer(buffer), limits: limits, concurrency: .serial)
                .parse(elementType: .float64)
        }
        guard case .object(let object) = parsed else { throw Problem(.malformed, detail: "the query holds no fields") }
        return object
    }

    private static func value(_ text: String, isList: Bool) -> String {
        guard isList else { return scalar(text) }
        let inner = text.hasPrefix("[") && text.hasSuffix("]") ? text.dropFirst().dropLast() : text[...]
        let items = inner.split(separator: ",", omittingEmptySubsequences: false).map { scalar(String($0)) }
        return inner.isEmpty ? "[]" : "[\(items.joined(separator: ","))]"
    }

    /// JSON's own numbers, `true` and `false` as they are; everything else as a string.
    private static func scalar(_ text: String) -> String {
        if text == "true" || text == "false" { return text }
        var bytes = Array(text.utf8)
        let isNumber = bytes.withUnsafeMutableBufferPointer { buffer in
            if case .number? = try? JSONDocument.parse(
                UnsafeBufferPointer(buffer), elementType: .float64, limits: JSONLimits())
            {
                return true
            }
            return false
        }
        return isNumber ? text : quoted(text)
    }

    private static func quoted(_ text: String) -> String {
        var writer = JSONWriter()
        writer.string(text)
        var json = writer.finish()
        return String(decoding: json.allBytes(), as: UTF8.self)
    }

    private static func decoded(_ text: Substring) throws(Problem) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(0x20)
            case UInt8(ascii: "%"):
                guard let high = hexadecimal(rest.next()), let low = hexadecimal(rest.next()) else {
                    throw Problem(
                        .malformed, detail: "the query has a % that is not followed by two hexadecimal digits")
                }
                bytes.append(high << 4 | low)
            default: bytes.append(byte)
            }
        }
        guard let string = String(validating: bytes, as: UTF8.self) else {
            throw Problem(.malformed, detail: "the query is not UTF-8")
        }
        return string
    }

    private static func hexadecimal(_ byte: UInt8?) -> UInt8? {
        switch byte {
        case .some(let digit) where (0x30...0x39).contains(digit): digit - 0x30
        case .some(let letter) where (0x41...0x46).contains(letter & 0xDF): (letter & 0xDF) - 0x41 + 10
        default: nil
        }
    }
}
