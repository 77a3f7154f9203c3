/// The hash of a secret in the keys file.
package enum KeyHash: Sendable, Hashable {
    /// A fast hash, for secrets of 256 random bits.
    case sha256(SHA256Hash)
    /// A slow hash, for secrets that a person has chosen.
    case scrypt(ScryptHash)

    /// Reads `$sha256$...` or `$scrypt$...`.
    /// - Throws: What is wrong, without the text.
    package init(text: String) throws(KeyFileError.Reason) {
        if text.utf8.starts(with: "$sha256$".utf8) {
            self = .sha256(try SHA256Hash(text: text))
        } else {
            self = .scrypt(try ScryptHash(text: text))
        }
    }

    package var text: String {
        switch self {
        case .sha256(let hash): hash.text
        case .scrypt(let hash): hash.text
        }
    }
}
