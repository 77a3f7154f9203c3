/// Cross-origin resource sharing (the Fetch standard, "HTTP extensions"): which web pages may read the answers.
///
/// Off where no origin is configured: no field is added and nothing is a preflight. Credentials (cookies) are never allowed;
/// a bearer token needs none. A field carries a configured origin or `*`, never what the request says.
package struct CrossOrigin: Sendable {
    /// What a request may carry besides what every page may send.
    package var allowedHeaders = ["Authorization", "Content-Encoding", "Content-Type", "X-Request-Id", "traceparent"]
    package var allowedMethods = ["GET", "HEAD", "POST"]
    /// What a page may read besides what it always may.
    package var exposedHeaders = [
        "RateLimit", "RateLimit-Policy", "Retry-After", "Server-Timing", "X-Request-Id", "traceparent",
    ]
    /// How long a browser may keep the answer to a preflight.
    package var maximumAgeSeconds = 600

    private let origins: Set<String>
    private let allowsAll: Bool

    /// `origins` is empty (off), `["*"]`, or origins as browsers send them.
    /// - Throws: the first origin that no browser would send, and why.
    package init(origins: [String]) throws(OriginError) {
        allowsAll = origins == ["*"]
        if !allowsAll {
            for origin in origins { try OriginError.check(origin) }
        }
        self.origins = allowsAll ? [] : Set(origins)
    }

    package struct Answer: Sendable {
        /// To add to the answer, errors and refusals among them.
        package let fields: [(name: String, value: String)]
        /// Answer 204 with ``fields`` at once: before authentication, as browsers send no token with it.
        package let isPreflight: Bool
    }

    /// `origin` and `requestedMethod` are the values of Origin and Access-Control-Request-Method. The headers and the method that
    /// a preflight asks for are not looked at: the answer lists all that are allowed, and the browser compares.
    package func answer(method: String, origin: String?, requestedMethod: String?) -> Answer {
        guard allowsAll || !origins.isEmpty else { return Answer(fields: [], isPreflight: false) }
        let vary = allowsAll ? [] : [(name: "Vary", value: "Origin")]
        guard let origin, allowsAll || origins.contains(origin) else { return Answer(fields: vary, isPreflight: false) }
        let allowed = [(name: "Access-Control-Allow-Origin", value: allowsAll ? "*" : origin)] + vary
        guard method == "OPTIONS", requestedMethod != nil else {
            let exposed = (name: "Access-Control-Expose-Headers", value: exposedHeaders.joined(separator: ", "))
            return Answer(fields: allowed + [exposed], isPreflight: false)
        }
        return Answer(
            fields: allowed + [
                (name: "Access-Control-Allow-Methods", value: allowedMethods.joined(separator: ", ")),
                (name: "Access-Control-Allow-Headers", value: allowedHeaders.joined(separator: ", ")),
                (name: "Access-Control-Max-Age", value: "\(maximumAgeSeconds)"),
            ], isPreflight: true)
    }
}
