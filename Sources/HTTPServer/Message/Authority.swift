import TextCodecs

/// A host with or without a port, as the Host field and absolute targets have it (RFC 3986, 3.2; no user information).
package enum Authority {
    /// `host:port` of a URL: an IPv6 address is in brackets, without its zone (RFC 3986, 3.2.2).
    package static func text(_ host: String, port: Int) -> String { "\(text(host)):\(port)" }

    /// The host of a URL or of a Host field.
    package static func text(_ host: String) -> String {
        host.utf8.contains(UInt8(ascii: ":")) ? "[\(host.prefix { $0 != "%" })]" : host
    }

    /// A host as sockets take it: without the brackets of a URL.
    package static func bareHost(_ host: String) -> String {
        host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    }

    /// Whether `text` is `host [":" port]`; the host may be empty.
    static func isLegal(_ text: Substring) -> Bool {
        var rest = text.utf8
        if rest.first == UInt8(ascii: "[") {
            guard let end = rest.firstIndex(of: UInt8(ascii: "]")) else { return false }
            let literal = rest[rest.index(after: rest.startIndex)..<end]
            guard !literal.isEmpty, literal.allSatisfy({ isName($0) || $0 == UInt8(ascii: ":") }) else { return false }
            rest = rest[rest.index(after: end)...]
        } else {
            let name = rest.prefix { $0 != UInt8(ascii: ":") }
            guard isPercentEncoded(name) else { return false }
            rest = rest[name.endIndex...]
        }
        return rest.isEmpty
            || rest.dropFirst().allSatisfy { (0x30...0x39).contains($0) } && rest.first == UInt8(ascii: ":")
    }

    /// Unreserved characters and sub-delims.
    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "-._~!$&'()*+,;=".utf8.contains(byte)
        }
    }

    private static func isPercentEncoded(_ name: Substring.UTF8View) -> Bool {
        if name.allSatisfy({ isName($0) }) { return true }
        return name.allSatisfy { isName($0) || $0 == UInt8(ascii: "%") } && PercentCoding.bytes(name) != nil
    }
}
