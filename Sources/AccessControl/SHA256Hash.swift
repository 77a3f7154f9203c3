import CCrypto
import TextCodecs

/// The SHA-256 of a secret, written as `$sha256$<hash>`. The hash is 32 bytes in base64 without padding.
///
/// It is only for secrets that cannot be guessed, such as the 256 random bits that `dropoutd hash-key` makes. For these a fast
/// hash without a salt is as hard to invert as a slow hash. A secret that a person has chosen needs a ``ScryptHash``.
package struct SHA256Hash: Sendable, Hashable {
    let digest: [UInt8]

    /// Hashes `secret`. Nil only if libcrypto refuses.
    package init?(of secret: [UInt8]) {
        var (digest, length) = ([UInt8](repeating: 0, count: 32), UInt32(0))
        guard EVP_Digest(secret, secret.count, &digest, &length, EVP_sha256(), nil) == 1, length == 32 else {
            return nil
        }
        self.digest = digest
    }

    /// Reads the text.
    /// - Throws: What is wrong, without the text.
    init(text: String) throws(KeyFileError.Reason) {
        let parts = text.utf8.split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].isEmpty, parts[1].elementsEqual("sha256".utf8) else { throw .notAHash }
        guard let digest = UnpaddedBase64.decode(parts[2]), digest.count == 32 else { throw .wrongSHA256 }
        self.digest = digest
    }

    package var text: String { "$sha256$\(UnpaddedBase64.encode(digest))" }

    /// Whether `secret` is the secret that was hashed. Nil if libcrypto refuses. The comparison takes constant time.
    ///
    /// The cost is about a microsecond, so an event loop may call it.
    package func matches(_ secret: [UInt8]) -> Bool? {
        SHA256Hash(of: secret).map { Scrypt.isEqual($0.digest, digest) }
    }
}
