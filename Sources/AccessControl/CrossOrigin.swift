/// Cross-origin resource sharing (the Fetch standard, "HTTP extensions"): decides which web pages may read the answers.
///
/// Without a configured origin no field is added and no request is a preflight. Credentials (cookies) are never allowed,
/// because a bearer token does not need them. A field carries a configured origin or `*`, never the text of the request.
package struct CrossOrigin: Sendable {
    /// The headers that a request may carry in addition to those that every page may send.
    private static let allowedHeaders = [
        "Authorization", "Content-Encoding", "Content-Type", "If-None-Match", "Inference-Header-Content-Length",
        "X-Request-Id", "traceparent",
    ]
    private static let allowedMethods = ["GET", "HEAD", "POST", "QUERY"]
    /// The headers that a page may read in addition to those that it may always read.
    private static let exposedHeaders = [
        "Dropout-Seed", "ETag", "Inference-Header-Content-Length", "RateLimit", "RateLimit-Policy", "Retry-After",
        "Server-Timing", "X-Request-Id", "traceparent",
    ]
    /// The time for which a browser may keep the answer to a preflight.
    private static let maximumAgeSeconds = 600

    private let origins: Set<String>
    private let allowsAll: Bool

    /// - Parameter origins: Empty for none, `["*"]` for every page, or origins as browsers send them.
    /// - Throws: The first origin that no browser would send, and the reason.
    package init(origins: [String]) throws(OriginError) {
        allowsAll = origins == ["*"]
        if !allowsAll {
            for origin in origins { try OriginError.check(origin) }
        }
        self.origins = allowsAll ? [] : Set(origins)
    }

    package struct Answer: Sendable {
        /// The fields to add to the answer. Errors and refusals get them too.
        package let fields: [(name: String, value: String)]
        /// Whether to answer 204 with ``fields`` at once. Authentication comes later, because browsers send no token with a preflight.
        package let isPreflight: Bool
    }

    /// The fields for one request, and whether it is a preflight.
    ///
    /// The headers and the method that a preflight asks for do not matter. The answer lists all that are allowed, and the
    /// browser compares.
    ///
    /// - Parameters:
    ///   - origin: The value of Origin.
    ///   - requestedMethod: The value of Access-Control-Request-Method.
    package func answer(method: String, origin: String?, requestedMethod: String?) -> Answer {
        guard allowsAll || !origins.isEmpty else { return Answer(fields: [], isPreflight: false) }
        let vary = allowsAll ? [] : [(name: "Vary", value: "Origin")]
        guard let origin, allowsAll || origins.contains(origin) else { return Answer(fields: vary, isPreflight: false) }
        let allowed = [(name: "Access-Control-Allow-Origin", value: allowsAll ? "*" : origin)] + vary
        guard method == "OPTIONS", requestedMethod != nil else {
            let exposed = (name: "Access-Control-Expose-Headers", value: Self.exposedHeaders.joined(separator: ", "))
            return Answer(fields: allowed + [exposed], isPreflight: false)
        }
        return Answer(
            fields: allowed + [
                (name: "Access-Control-Allow-Methods", value: Self.allowedMethods.joined(separator: ", ")),
                (name: "Access-Control-Allow-Headers", value: Self.allowedHeaders.joined(separator: ", ")),
                (name: "Access-Control-Max-Age", value: "\(Self.maximumAgeSeconds)"),
            ], isPreflight: true)
    }
}
