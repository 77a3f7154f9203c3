/// The result of checking a token.
package enum Verification: Sendable, Equatable {
    case accepted(Identity)
    /// The token is wrong, unknown or malformed. The caller does not learn which. The answer is 401 with `WWW-Authenticate`.
    case refused
    /// The token was not checked, because the budget for new tokens is used up. The answer is 503 with Retry-After in seconds, at
    /// least 1.
    case busy(retryAfter: Int)
}

/// The limits of the work that scrypt checks of new tokens may cause.
package struct VerificationLimits: Sendable {
    /// The most tokens under check at the same time. Each check may take 64 MiB.
    package var maximumConcurrent = 1
    /// The most tokens of quiet addresses that wait for a check to end. Each of them keeps a thread.
    package var maximumQueued = 2
    /// The most threads that wait for a check of the same token by another thread.
    package var maximumWaiting = 16
    /// The checks of each address, and of each name: one in two seconds, 16 at once.
    package var callerRate = VerificationLimits.standardCallerRate
    /// The checks of all quiet addresses together: 8 a second, 32 at once.
    package var quietRate = VerificationLimits.standardQuietRate
    /// The checks of all other addresses together: 4 a second, 16 at once.
    package var rate = VerificationLimits.standardRate
    /// The most addresses, and the most names, whose checks are counted.
    package var maximumCounted = 10_000
    /// The most wrong tokens that are remembered.
    package var maximumRemembered = 1024

    package init() {}

    private static let standardCallerRate = RequestRate(count: 30, windowSeconds: 60, burst: 16)
    private static let standardQuietRate = RequestRate(count: 8, windowSeconds: 1, burst: 32)
    private static let standardRate = RequestRate(count: 4, windowSeconds: 1, burst: 16)
}

/// The marks that were inserted last, up to a fixed number.
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
