/// The text of a strong ETag (RFC 9110, 8.8.3): the first half of a SHA-256 in hexadecimal.
enum EntityTag {
    /// The tag of a text that is the same for everybody. Nil only if libcrypto refuses to run.
    static func of(_ text: [UInt8]) -> String? {
        Fingerprint.sha256(text).map { String($0.prefix(32)) }
    }

    /// The tag of an answer, by everything that decides it: the version of the service, the route, the question.
    ///
    /// Two lists of parts have two texts, since each part has its length before it.
    static func of(_ parts: [String]) -> String? {
        of(Array(parts.map { "\($0.utf8.count):\($0)" }.joined().utf8))
    }
}
