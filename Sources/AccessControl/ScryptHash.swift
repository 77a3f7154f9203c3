import TextCodecs

/// The scrypt hash of a secret in the PHC string format: `$scrypt$ln=15,r=8,p=1$<salt>$<hash>`.
///
/// The salt and the hash are in base64 without padding.
package struct ScryptHash: Sendable, Hashable {
    package let parameters: ScryptParameters
    let salt: [UInt8]
    let digest: [UInt8]

    /// Hashes `secret` with a new salt of 16 random bytes. Nil only if libcrypto refuses.
    package init?(of secret: [UInt8], parameters: ScryptParameters = .standard) {
        guard let salt = Scrypt.randomBytes(16), let digest = Scrypt.hash(secret, salt: salt, parameters: parameters)
        else { return nil }
        (self.parameters, self.salt, self.digest) = (parameters, salt, digest)
    }

    /// Reads the text. A salt has 8 to 64 bytes, a hash 16 to 64 bytes.
    /// - Throws: What is wrong, without the text.
    package init(text: String) throws(KeyFileError.Reason) {
        let parts = text.utf8.split(separator: UInt8(ascii: "$"), omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1].elementsEqual("scrypt".utf8) else { throw .notAHash }
        guard let costs = Self.costs(parts[2]) else { throw .unreadableCosts }
        guard let parameters = ScryptParameters(logN: costs[0], r: costs[1], p: costs[2]) else {
            throw .costsOutOfBounds
        }
        guard let salt = UnpaddedBase64.decode(parts[3]), (8...64).contains(salt.count) else { throw .wrongSalt }
        guard let digest = UnpaddedBase64.decode(parts[4]), (16...64).contains(digest.count) else { throw .wrongDigest }
        (self.parameters, self.salt, self.digest) = (parameters, salt, digest)
    }

    package var text: String {
        "$scrypt$ln=\(parameters.logN),r=\(parameters.r),p=\(parameters.p)"
            + "$\(UnpaddedBase64.encode(salt))$\(UnpaddedBase64.encode(digest))"
    }

    /// Whether `secret` is the secret that was hashed. Nil if libcrypto refuses. The cost is one scrypt in every case.
    package func matches(_ secret: [UInt8]) -> Bool? {
        Scrypt.hash(secret, salt: salt, parameters: parameters, count: digest.count)
            .map { Scrypt.isEqual($0, digest) }
    }

    /// The three numbers of `ln=15,r=8,p=1`.
    private static func costs(_ text: Substring.UTF8View) -> [Int]? {
        let fields = text.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard fields.count == 3 else { return nil }
        let values = zip(fields, ["ln=", "r=", "p="]).compactMap { field, name in
            field.starts(with: name.utf8) ? DecimalNumber.read(field.dropFirst(name.utf8.count)) : nil
        }
        return values.count == 3 ? values : nil
    }
}
