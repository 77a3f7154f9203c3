/// What became of a token.
package enum Verification: Sendable, Equatable {
    case accepted(Identity)
    /// Wrong, unknown or malformed, which is not told apart: 401 with `WWW-Authenticate`.
    case refused
    /// Not checked, because too many new tokens are: 503 with Retry-After in seconds, at least 1.
    case busy(retryAfter: Int)
}

/// How much work tokens that were not seen before may cause.
package struct VerificationLimits: Sendable {
    /// Tokens under check at one time; each may take 64 MiB.
    package var maximumConcurrent = 1
    /// Threads that wait for the check of a token that another thread presents too.
    package var maximumWaiting = 16
    /// New tokens checked: 4 a second, 16 at once.
    package var rate = VerificationLimits.standardRate
    /// Wrong tokens remembered.
    package var maximumRemembered = 1024

    package init() {}

    private static let standardRate = RequestRate(count: 4, windowSeconds: 1, burst: 16)
}

/// The last few marks that were inserted.
struct RecentMarks: Sendable {
    private var marks: Set<TokenMark> = []
    private var order: [TokenMark] = []
    private var oldest = 0
    private let maximum: Int

    init(_ maximum: Int) { self.maximum = max(1, maximum) }

    func contains(_ mark: TokenMark) -> Bool { marks.contains(mark) }

    mutating func insert(_ mark: TokenMark) {
        guard marks.insert(mark).inserted else { return }
        if order.count < maximum {
            order.append(mark)
        } else {
            marks.remove(order[oldest])
            order[oldest] = mark
            oldest = (oldest + 1) % maximum
        }
    }
}
