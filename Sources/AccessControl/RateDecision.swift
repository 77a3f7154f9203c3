/// What a rate limit says to one request.
package struct RateDecision: Sendable, Equatable {
    package let isAllowed: Bool
    /// Requests that would be allowed at this moment.
    package let remaining: Int
    /// The advertised quota of requests in ``window`` seconds; never below ``remaining``.
    package let limit: Int
    package let window: Int
    /// Seconds until there is quota for one request more; at least 1.
    package let reset: Int

    package init(isAllowed: Bool, remaining: Int, limit: Int, window: Int, reset: Int) {
        self.isAllowed = isAllowed
        self.remaining = remaining
        self.limit = limit
        self.window = window
        self.reset = reset
    }

    /// Seconds to wait before another try: ``reset`` for a refused request, else 0.
    package var retryAfter: Int { isAllowed ? 0 : reset }

    /// RateLimit-Policy and RateLimit, with Retry-After where the request is refused.
    ///
    ///     RateLimit-Policy: "default";q=100;w=1
    ///     RateLimit: "default";r=99;t=1
    ///
    /// Source: draft-ietf-httpapi-ratelimit-headers-10; Retry-After is RFC 9110, 10.2.3.
    package var fields: [(name: String, value: String)] {
        let fields = [
            (name: "RateLimit-Policy", value: "\"default\";q=\(limit);w=\(window)"),
            (name: "RateLimit", value: "\"default\";r=\(remaining);t=\(reset)"),
        ]
        return isAllowed ? fields : fields + [(name: "Retry-After", value: "\(retryAfter)")]
    }
}
