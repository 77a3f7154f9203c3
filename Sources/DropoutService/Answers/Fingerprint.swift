import CCrypto
import Stopping
import TextCodecs

/// SHA-256 (FIPS 180-4) by libcrypto.
enum Fingerprint {
    /// The bytes that are hashed between two looks at the stop flag, half a millisecond's.
    private static let bytesPerStep = 1 << 18

    /// The digest of `bytes` as 64 lower-case hexadecimal digits. Nil only if libcrypto refuses to run.
    static func sha256(_ bytes: [UInt8]) -> String? {
        var digest = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        guard EVP_Digest(bytes, bytes.count, &digest, &length, EVP_sha256(), nil) == 1, length == 32 else { return nil }
        return Hexadecimal.text(digest)
    }

    /// The digest of many bytes.
    ///
    /// - Throws: if the flag is set.
    static func sha256(_ bytes: UnsafeRawBufferPointer, _ stop: StopFlag) throws(Stopped) -> String? {
        guard let context = EVP_MD_CTX_new() else { return nil }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else { return nil }
        var start = 0
        while start < bytes.count {
            try stop.check()
            let step = UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + bytesPerStep, bytes.count)])
            guard EVP_DigestUpdate(context, step.baseAddress, step.count) == 1 else { return nil }
            start += step.count
        }
        var digest = [UInt8](repeating: 0, count: 32)
        var length: UInt32 = 0
        guard EVP_DigestFinal_ex(context, &digest, &length) == 1, length == 32 else { return nil }
        return Hexadecimal.text(digest)
    }
}
