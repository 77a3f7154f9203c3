import TextCodecs

/// The token of a caller: `<name>.<secret>`, split at the last dot.
///
/// A secret is 1 to 256 of A-Z a-z 0-9 - _ ~ + / =. These are the characters of tokens in RFC 6750, without the dot.
package struct BearerToken: Sendable {
    package let name: String
    let secret: [UInt8]

    package static let maximumSecretBytes = 256

    /// Reads a token. Nil for a text that cannot be a token.
    package init?(_ text: String) {
        let bytes = text.utf8
        guard bytes.count <= 64 + 1 + Self.maximumSecretBytes, let dot = bytes.lastIndex(of: UInt8(ascii: ".")),
            KeyFile.isName(bytes[..<dot]), Self.isSecret(bytes[bytes.index(after: dot)...])
        else { return nil }
        name = String(Substring(bytes[..<dot]))
        secret = Array(bytes[bytes.index(after: dot)...])
    }

    /// A new secret: 32 random bytes in base64url, which are 43 characters. Nil only if libcrypto refuses.
    package static func freshSecret() -> String? { Scrypt.randomBytes(32).map { UnpaddedBase64.encodeURLSafe($0) } }

    package static func isSecret(_ text: some Collection<UInt8>) -> Bool {
        (1...maximumSecretBytes).contains(text.count)
            && text.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "~"),
                    UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="):
                    true
                default: false
                }
            }
    }

    /// The token in the value of an Authorization field, `Bearer <token>` (RFC 6750, 2.1).
    ///
    /// The scheme may be in upper or lower case. Nil for other schemes and for more than one value.
    package static func text(authorization: String) -> String? {
        let parts = authorization.utf8.split(separator: UInt8(ascii: " "))
        guard parts.count == 2, String(parts[0])?.lowercased() == "bearer" else { return nil }
        return String(parts[1])
    }

    /// The value of WWW-Authenticate in a 401 to a request without a token (RFC 6750, 3).
    package static let challenge = "Bearer realm=\"dropoutd\""

    /// The value of WWW-Authenticate in a 401 to a token that is refused.
    package static let refusalChallenge = challenge + ", error=\"invalid_token\""
}
