import CCrypto

/// The mark by which a token is remembered: its HMAC-SHA-256 under a key of this process that is never shown.
struct TokenMark: Sendable, Hashable {
    private let bytes: [UInt8]

    /// Nil only if libcrypto refuses.
    init?(_ token: String, key: [UInt8]) {
        var (token, digest, length) = (token, [UInt8](repeating: 0, count: 32), UInt32(0))
        let isMade = token.withUTF8 { token in
            HMAC(EVP_sha256(), key, Int32(clamping: key.count), token.baseAddress, token.count, &digest, &length) != nil
        }
        guard isMade, length == 32 else { return nil }
        bytes = digest
    }

    /// An index that nobody without the key can predict.
    ///
    /// - Parameter count: At least 1.
    func index(below count: Int) -> Int {
        Int(bytes.prefix(4).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } % UInt64(count))
    }

    /// Compares in constant time.
    func isEqual(_ other: TokenMark) -> Bool { Scrypt.isEqual(bytes, other.bytes) }
}
