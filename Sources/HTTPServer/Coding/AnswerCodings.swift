import TextCodecs

/// What a client says of the content coding of an answer, in Accept-Encoding (RFC 9110, 12.5.3).
package struct AnswerCodings: Sendable, Equatable {
    /// The coding that the client likes best: that of the highest weight, gzip before deflate before none if weights are equal.
    /// Nil for none.
    package let preferred: ContentCoding?
    /// The codings that the client does not refuse.
    package let accepted: Set<ContentCoding>
    /// Whether the client refuses an answer without a coding.
    package let isIdentityRefused: Bool

    /// - Parameter value: the value of Accept-Encoding. Nil if the request has none.
    package init(acceptEncoding value: String?) {
        guard let value, !value.isEmpty else {
            (preferred, accepted, isIdentityRefused) = (nil, [], false)
            return
        }
        var weights: [String: Double] = [:]
        for member in QualityList(value).members {
            weights[member.name == "x-gzip" ? "gzip" : member.name] = member.weight
        }
        let unnamed = weights["*"]
        let identity = weights["identity"] ?? (unnamed == 0 ? 0 : nil)
        var best: (coding: ContentCoding?, weight: Double) = (nil, identity ?? 0)
        var accepted: Set<ContentCoding> = []
        for coding in ContentCoding.allCases {
            let weight = weights[coding.rawValue] ?? unnamed ?? 0
            if weight > 0 { accepted.insert(coding) }
            if weight > best.weight || (weight == best.weight && weight > 0 && best.coding == nil) {
                best = (coding, weight)
            }
        }
        (preferred, self.accepted, isIdentityRefused) = (best.coding, accepted, identity == 0)
    }

    /// The coding in which a response is sent. Nil for none.
    ///
    /// A response that hardly shrinks is encoded only if the client refuses it as it is.
    package func coding(for response: HTTPResponse) -> ContentCoding? {
        guard let preferred, response.isWorthCompressing else { return nil }
        return response.isDense && !isIdentityRefused ? nil : preferred
    }
}
