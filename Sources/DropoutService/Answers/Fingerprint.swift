import CCrypto
import TextCodecs

/// SHA-256 (FIPS 180-4) by libcrypto.
enum Fingerprint {
    /// The digest of `bytes` as 64 lower-case hexadecimal digits. Nil only if libcrypto refuses to run.
    static func sha256(_ bytes: [UInt8]) -> String? {
        var digest = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        guard EVP_Digest(bytes, bytes.count, &digest, &length, EVP_sha256(), nil) == 1, length == 32 else { return nil }
        return Hexadecimal.text(digest)
    }
}
