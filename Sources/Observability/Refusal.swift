/// The reason why a request was refused, for logs and metrics.
package enum Refusal: String, Sendable, CaseIterable {
    /// There is no token, or it is wrong: 401.
    case unauthenticated
    /// Too many new tokens wait for a check: 503.
    case verificationBusy = "verification_busy"
    /// The caller is over its rate: 429.
    case rateLimited = "rate_limited"
    /// Too many requests wait for a thread, or this one has waited too long: 503.
    case queueFull = "queue_full"
    /// There are too many connections: 503.
    case connectionLimit = "connection_limit"
    /// The server is stopping, so it is not ready: 503.
    case stopping
    /// The open requests hold all the memory of the budget: 503.
    case memory
    /// The computation would hold more memory than all computations may: 422.
    case tooExpensive = "too_expensive"
    /// The computation took too long and was stopped: 503.
    case deadline
    /// The header, the target or the body is over a limit: 413, 414, 431.
    case tooLarge = "too_large"
    /// The header or the body took too long to arrive: 408.
    case tooSlow = "too_slow"
    /// The body's content coding is unknown, broken or inflates too far: 400, 413, 415.
    case coding
    /// The request is not HTTP, or a form of HTTP that the server does not support: 400, 417, 501, 505.
    case malformed
}
