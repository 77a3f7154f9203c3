/// The decision of a rate limit about one request.
package struct RateDecision: Sendable, Equatable {
    package let isAllowed: Bool
    /// The number of requests that would be allowed at this moment.
    package let remaining: Int
    /// The quota of requests in ``window`` seconds, for the answer. It is never below ``remaining``.
    package let limit: Int
    package let window: Int
    /// The seconds until one more request is allowed, at least 1.
    package let reset: Int

    package init(isAllowed: Bool, remaining: Int, limit: Int, window: Int, reset: Int) {
        self.isAllowed = isAllowed
        self.remaining = remaining
        self.limit = limit
        self.window = window
        self.reset = reset
    }

    /// The seconds to wait before another try: ``reset`` for a refused request, 0 for an allowed request.
    package var retryAfter: Int { isAllowed ? 0 : reset }

    /// The fields RateLimit-Policy and RateLimit, and Retry-After if the request is refused.
    ///
    ///     RateLimit-Policy: "default";q=100;w=1
    ///     RateLimit: "default";r=99;t=1
    ///
    /// Sources: draft-ietf-httpapi-ratelimit-headers-10, and RFC 9110, 10.2.3 for Retry-After.
    package var fields: [(name: String, value: String)] {
        let fields = [
            (name: "RateLimit-Policy", value: "\"default\";q=\(limit);w=\(window)"),
            (name: "RateLimit", value: "\"default\";r=\(remaining);t=\(reset)"),
        ]
        return isAllowed ? fields : fields + [(name: "Retry-After", value: "\(retryAfter)")]
    }
}
