/// Who calls: a key of the keys file, or nobody known.
package struct Identity: Sendable, Hashable {
    /// The key's name. For an anonymous caller: `@` and its address, which no key's name can be.
    package let name: String
    package let rate: KeyRate

    init(name: String, rate: KeyRate) { (self.name, self.rate) = (name, rate) }

    /// A caller without a key. `address` is what counts as one caller: an IPv4 address or a /64 of IPv6; "" for all callers
    /// whose address is not known.
    package static func anonymous(_ address: String) -> Identity { Identity(name: "@" + address, rate: .standard) }
}
