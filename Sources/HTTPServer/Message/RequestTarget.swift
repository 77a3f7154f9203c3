import TextCodecs

/// The target of a request: a path and a query (RFC 9112, 3.2).
package struct RequestTarget: Sendable, Equatable {
    /// The path, percent-decoded; `*` for the server as a whole.
    package let path: String
    /// The part after the `?`, as sent; nil if there is no `?`.
    package let query: String?

    /// Reads origin-form (`/x`), absolute-form (`http://host/x`) and, for OPTIONS, asterisk-form (`*`).
    init(_ text: String, method: String) throws(HTTPRefusal) {
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "#") }) else {
            throw HTTPRefusal(400, .malformed, "the target has characters that no target may have")
        }
        if text == "*", method == "OPTIONS" {
            (path, query) = ("*", nil)
            return
        }
        let parts = try Self.originForm(text)
            .split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let path = Self.percentDecoded(parts[0]) else {
            throw HTTPRefusal(400, .malformed, "the path is not percent-encoded UTF-8")
        }
        self.path = path
        query = parts.count > 1 ? String(parts[1]) : nil
    }

    private static func originForm(_ target: String) throws(HTTPRefusal) -> Substring {
        if target.hasPrefix("/") { return target[...] }
        let lowercased = target.prefix(8).lowercased()
        for scheme in ["http://", "https://"] where lowercased.hasPrefix(scheme) {
            let rest = target.dropFirst(scheme.utf8.count)
            let authority = rest.prefix { $0 != "/" && $0 != "?" }
            guard Authority.isLegal(authority), let first = authority.utf8.first, first != UInt8(ascii: ":") else {
                break
            }
            let path = rest[authority.endIndex...]
            return path.hasPrefix("/") ? path : "/" + path
        }
        throw HTTPRefusal(400, .malformed, "the target is neither a path nor an http URL")
    }

    private static func percentDecoded(_ text: Substring) -> String? {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        return PercentCoding.bytes(text.utf8).flatMap { String(validating: $0, as: UTF8.self) }
    }
}
