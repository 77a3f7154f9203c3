import CCrypto
import TextCodecs

/// A secret's SHA-256, written `$sha256$<hash>` with the 32 bytes in base64 without padding.
///
/// Only for secrets that cannot be guessed, such as the 256 random bits that `dropoutd hash-key` makes: then a fast hash
/// without a salt is as hard to invert as a slow one. A secret that a person has chosen needs a ``ScryptHash``.
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
    /// - Throws: what is wrong, without the text.
    init(text: String) throws(KeyFileError.Reason) {
        let parts = text.utf8.split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].isEmpty, parts[1].elementsEqual("sha256".utf8) else { throw .notAHash }
        guard let digest = UnpaddedBase64.decode(parts[2]), digest.count == 32 else { throw .wrongSHA256 }
        self.digest = digest
    }

    package var text: String { "$sha256$\(UnpaddedBase64.encode(digest))" }

    /// Whether `secret` is the one that was hashed; nil if libcrypto refuses. The comparison takes constant time.
    ///
    /// Cost: about a microsecond; fit for an event loop.
    package func matches(_ secret: [UInt8]) -> Bool? {
        SHA256Hash(of: secret).map { Scrypt.isEqual($0.digest, digest) }
    }
}
