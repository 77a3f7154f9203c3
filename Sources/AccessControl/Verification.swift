/// What became of a token.
package enum Verification: Sendable, Equatable {
    case accepted(Identity)
    /// Wrong, unknown or malformed; the caller does not learn which. 401 with `WWW-Authenticate`.
    case refused
    /// Not checked, because the budget for new tokens is used up: 503 with Retry-After in seconds, at least 1.
    case busy(retryAfter: Int)
}

/// How much work scrypt checks of tokens that were not seen before may cause.
package struct VerificationLimits: Sendable {
    /// Tokens under check at one time; each may take 64 MiB.
    package var maximumConcurrent = 1
    /// Tokens of quiet addresses that wait for a check to end, each on a thread.
    package var maximumQueued = 2
    /// Threads that wait for the check of a token that another thread presents too.
    package var maximumWaiting = 16
    /// Checks for each address, and for each name: one in two seconds, 16 at once.
    package var callerRate = VerificationLimits.standardCallerRate
    /// Checks for all quiet addresses together: 8 a second, 32 at once.
    package var quietRate = VerificationLimits.standardQuietRate
    /// Checks for all other addresses together: 4 a second, 16 at once.
    package var rate = VerificationLimits.standardRate
    /// Addresses, and names, whose checks are counted.
    package var maximumCounted = 10_000
    /// Wrong tokens remembered.
    package var maximumRemembered = 1024

    package init() {}

    private static let standardCallerRate = RequestRate(count: 30, windowSeconds: 60, burst: 16)
    private static let standardQuietRate = RequestRate(count: 8, windowSeconds: 1, burst: 32)
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
