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
}
