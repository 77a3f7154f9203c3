import CCrypto

/// The functions of libcrypto for secrets: scrypt (RFC 7914), random bytes and a comparison in constant time.
package enum Scrypt {
    /// Derives `count` bytes from `secret` and `salt`. Nil only if libcrypto refuses, for example without memory.
    package static func hash(
        _ secret: [UInt8], salt: [UInt8], parameters: ScryptParameters, count: Int = 32
    ) -> [UInt8]? {
        var key = [UInt8](repeating: 0, count: count)
        let isDerived = secret.withUnsafeBytes { secret in
            // For libcrypto a null pointer means no password at all, so an empty secret needs a pointer too.
            withUnsafeBytes(of: UInt8(0)) { empty in
                let bytes = secret.isEmpty ? empty : secret
                return EVP_PBE_scrypt(
                    bytes.bindMemory(to: CChar.self).baseAddress, secret.count, salt, salt.count,
                    1 << UInt64(parameters.logN), UInt64(parameters.r), UInt64(parameters.p),
                    UInt64(ScryptParameters.maximumBytes + (1 << 20)), &key, count) == 1
            }
        }
        return isDerived ? key : nil
    }

    /// Bytes from the generator of libcrypto. Nil only if it has no entropy.
    package static func randomBytes(_ count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return RAND_bytes(&bytes, Int32(clamping: count)) == 1 ? bytes : nil
    }

    /// Whether both are the same. The time of the comparison depends only on the lengths.
    static func isEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        one.count == other.count && CRYPTO_memcmp(one, other, one.count) == 0
    }
}

/// The cost of a hash: N = 2^`logN` rounds over blocks of 128 · `r` bytes, `p` times.
///
/// `logN` is 1 to 20 and less than 16 · `r`. `r` is 1 to 32, and `p` is 1 to 16. The memory, 128 · r · N bytes, is at most 64 MiB.
/// The work, N · r · p, is at most 2^21, which is eight times that of ``standard``. So a keys file cannot ask for gigabytes or
/// for seconds a hash.
package struct ScryptParameters: Sendable, Hashable {
    package let logN: Int
    package let r: Int
    package let p: Int

    package static let maximumBytes = 64 << 20
    private static let maximumWork = 1 << 21

    /// Nil outside the bounds.
    package init?(logN: Int, r: Int, p: Int) {
        guard (1...20).contains(logN), (1...32).contains(r), (1...16).contains(p), logN < 16 * r,
            128 * r << logN <= Self.maximumBytes, r * p << logN <= Self.maximumWork
        else { return nil }
        self.init(checked: logN, r, p)
    }

    private init(checked logN: Int, _ r: Int, _ p: Int) { (self.logN, self.r, self.p) = (logN, r, p) }

    /// The default: 32 MiB and about 60 ms of one core.
    package static let standard = ScryptParameters(checked: 15, 8, 1)
}
