/// A configured origin that no browser would send.
package struct OriginError: Error, Sendable, Equatable, CustomStringConvertible {
    package let origin: String
    package let reason: String

    package var description: String { "\"\(origin)\" is not an origin: \(reason)" }

    /// Accepts `scheme://host` and `scheme://host:port` as browsers write them (RFC 6454, 6.2): in lower case and ASCII, without
    /// the default port of the scheme and without a path.
    static func check(_ origin: String) throws(OriginError) {
        func refuse(_ reason: String) -> OriginError { OriginError(origin: origin, reason: reason) }
        if origin == "*" { throw refuse("\"*\" must be the only origin") }
        if origin == "null" { throw refuse("every sandboxed page and every local file sends \"null\"") }
        guard origin.utf8.count <= 300 else { throw refuse("longer than 300 bytes") }
        guard let colon = origin.utf8.firstIndex(of: UInt8(ascii: ":")),
            origin.utf8[colon...].starts(with: "://".utf8)
        else { throw refuse("scheme://host or scheme://host:port expected") }
        if origin.utf8.contains(where: { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }) {
            throw refuse("browsers send origins in lower case")
        }
        let scheme = String(origin[..<colon])
        guard isScheme(scheme.utf8) else { throw refuse("the scheme is not a name such as https") }
        let authority = origin.utf8[colon...].dropFirst(3)
        guard !authority.contains(UInt8(ascii: "/")) else {
            throw refuse("an origin has no path and no slash at the end")
        }
        let (host, port) = parts(authority)
        guard isHost(host) else { throw refuse("the host is not a name or an address") }
        guard let port else { return }
        guard let number = DecimalNumber.read(port), (1...65_535).contains(number) else {
            throw refuse("the port is not 1 to 65535")
        }
        if ["http": 80, "https": 443][scheme] == number {
            throw refuse("browsers leave out the default port of the scheme")
        }
    }

    /// The host and the port.
    private static func parts(_ authority: Substring.UTF8View) -> (Substring.UTF8View, port: Substring.UTF8View?) {
        let close = authority.lastIndex(of: UInt8(ascii: "]")) ?? authority.startIndex
        guard let colon = authority[close...].lastIndex(of: UInt8(ascii: ":")) else { return (authority, nil) }
        return (authority[..<colon], authority[authority.index(after: colon)...])
    }

    private static func isScheme(_ text: String.UTF8View) -> Bool {
        guard let first = text.first, isLetter(first) else { return false }
        return text.allSatisfy { isLetter($0) || isDigit($0) || "+-.".utf8.contains($0) }
    }

    private static func isHost(_ text: Substring.UTF8View) -> Bool {
        guard text.first == UInt8(ascii: "[") else {
            return !text.isEmpty && text.allSatisfy { isLetter($0) || isDigit($0) || "-._".utf8.contains($0) }
        }
        let address = text.dropFirst().dropLast()
        return text.last == UInt8(ascii: "]") && address.contains(UInt8(ascii: ":"))
            && address.allSatisfy { isDigit($0) || "abcdef:".utf8.contains($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
