/// The caller of a request: a key of the keys file, or the address of a caller without a key.
package struct Identity: Sendable, Hashable {
    /// The name of the key. For an address: `@` and the address, which no key can have as its name.
    package let name: String
    package let rate: KeyRate

    init(name: String, rate: KeyRate) { (self.name, self.rate) = (name, rate) }

    /// A caller without a key.
    ///
    /// - Parameter address: What counts as one caller: an IPv4 address, or the /64 network of an IPv6 address. Callers
    ///   whose address is not known share the empty text.
    package static func anonymous(_ address: String) -> Identity { Identity(name: "@" + address, rate: .standard) }
}

/// The rate of a caller, as its line of the keys file says it.
package enum KeyRate: Sendable, Hashable {
    /// The line says nothing: the rate of the server.
    case standard
    /// `rate=none`
    case unlimited
    case limited(RequestRate)
}
