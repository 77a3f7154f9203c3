import Synchronization

/// One token bucket for each caller.
///
/// Cost of a call: one short lock, no I/O; fit for an event loop.
/// Memory: at most `maximumBuckets` buckets. Where there are more callers, those whose buckets are full go first, which changes
/// nothing for them, then a quarter of all, longest unused first.
package final class RateLimiter: Sendable {
    private let buckets = Mutex<[String: TokenBucket]>([:])
    private let standard: RequestRate?
    private let maximumBuckets: Int

    /// `standard` is the rate of callers without one of their own; nil sets them no limit.
    package init(standard: RequestRate?, maximumBuckets: Int = 10_000) {
        self.standard = standard
        self.maximumBuckets = max(4, maximumBuckets)
    }

    /// Takes one request of the caller's quota; nil where no limit applies.
    ///
    /// `now` counts from any moment and should be monotonic. A caller whose rate was changed starts with a full bucket.
    package func take(_ identity: Identity, now: Duration) -> RateDecision? {
        let rate: RequestRate
        switch identity.rate {
        case .unlimited: return nil
        case .limited(let own): rate = own
        case .standard:
            guard let standard else { return nil }
            rate = standard
        }
        return buckets.withLock { buckets in
            var bucket = buckets[identity.name].flatMap { $0.rate == rate ? $0 : nil }
            if bucket == nil, buckets.count >= maximumBuckets { Self.makeRoom(in: &buckets, now: now) }
            var taken = bucket.take() ?? TokenBucket(rate, now: now)
            let isAllowed = taken.take(now: now)
            buckets[identity.name] = taken
            return RateDecision(
                isAllowed: isAllowed, remaining: taken.remaining, limit: rate.advertisedQuota,
                window: rate.advertisedWindow, reset: taken.secondsToNext)
        }
    }

    /// Buckets held; for tests and metrics.
    package var count: Int { buckets.withLock { $0.count } }

    private static func makeRoom(in buckets: inout [String: TokenBucket], now: Duration) {
        let before = buckets.count
        buckets = buckets.filter { !$0.value.isFull(now: now) }
        let surplus = before / 4 - (before - buckets.count)
        guard surplus > 0 else { return }
        for (name, _) in buckets.sorted(by: { $0.value.updated < $1.value.updated }).prefix(surplus) {
            buckets[name] = nil
        }
    }
}
