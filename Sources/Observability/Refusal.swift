/// Why a request was turned away, in logs and metrics.
package enum Refusal: String, Sendable, CaseIterable {
    /// No token, or a wrong one: 401.
    case unauthenticated
    /// Too many new tokens to check: 503.
    case verificationBusy = "verification_busy"
    /// Over the caller's rate: 429.
    case rateLimited = "rate_limited"
    /// Too many requests wait for a thread, or this one has waited too long: 503.
    case queueFull = "queue_full"
    /// One connection too many: 503.
    case connectionLimit = "connection_limit"
    /// The server stops and is not ready: 503.
    case stopping
    /// Requests in work hold all the memory that they may: 503.
    case memory
    /// The computation would hold more memory than all computations may: 422.
    case tooExpensive = "too_expensive"
    /// The computation took too long and was stopped: 503.
    case deadline
    /// Header, target or body over a bound: 413, 414, 431.
    case tooLarge = "too_large"
    /// Header or body took too long to come: 408.
    case tooSlow = "too_slow"
    /// The body's content coding is unknown, broken or inflates too far: 400, 413, 415.
    case coding
    /// Not HTTP, or not as this server speaks it: 400, 417, 501, 505.
    case malformed
}
