/// Who calls: a key of the keys file, or nobody known.
package struct Identity: Sendable, Hashable {
    /// The key's name; `@` and the peer for an anonymous caller, which no key's name can be.
    package let name: String
    package let rate: KeyRate

    init(name: String, rate: KeyRate) { (self.name, self.rate) = (name, rate) }

    /// A caller without a key, told from others by `peer`: an address, or "" for all of them together.
    package static func anonymous(_ peer: String) -> Identity { Identity(name: "@" + peer, rate: .standard) }
}
