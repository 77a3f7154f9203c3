import TextCodecs

/// The content codings of zlib (RFC 9110, 8.4.1).
package enum ContentCoding: String, Sendable, CaseIterable {
    case gzip
    /// A zlib stream (RFC 1950).
    case deflate

    /// The coding of a request's body from its Content-Encoding; nil for none.
    ///
    /// - Throws: a 415 for any other coding and for more than one.
    init?(contentEncoding value: String?) throws(HTTPRefusal) {
        switch value?.lowercased() {
        case nil, "", "identity": return nil
        case "gzip", "x-gzip": self = .gzip
        case "deflate": self = .deflate
        default: throw HTTPRefusal(415, .coding, "the content codings that are understood are gzip and deflate")
        }
    }

    /// The coding that an answer should have by the request's Accept-Encoding (RFC 9110, 12.5.3): that of the highest
    /// weight, gzip before deflate before none if weights are equal; nil for none.
    package static func preferred(acceptEncoding value: String?) -> ContentCoding? {
        guard let value, !value.isEmpty else { return nil }
        var weights: [String: Double] = [:]
        for member in QualityList(value).members {
            weights[member.name == "x-gzip" ? "gzip" : member.name] = member.weight
        }
        let unnamed = weights["*"]
        let identity = weights["identity"] ?? (unnamed == 0 ? 0 : nil)
        var best: (coding: ContentCoding?, weight: Double) = (nil, identity ?? 0)
        for coding in allCases {
            let weight = weights[coding.rawValue] ?? unnamed ?? 0
            if weight > best.weight || (weight == best.weight && weight > 0 && best.coding == nil) {
                best = (coding, weight)
            }
        }
        return best.coding
    }
}
