import Synchronization

/// One token bucket for each caller.
///
/// A call costs one short lock and no I/O, so an event loop may call it. The limiter keeps at most `maximumBuckets` buckets in a
/// ``BucketTable``.
package final class RateLimiter: Sendable {
    private let buckets: Mutex<BucketTable>
    private let standard: RequestRate?

    /// - Parameter standard: The rate of callers whose key has no rate. Nil means no limit.
    package init(standard: RequestRate?, maximumBuckets: Int = 10_000) {
        self.standard = standard
        buckets = Mutex(BucketTable(maximum: maximumBuckets))
    }

    /// Takes one request from the quota of the caller. Nil if the caller has no limit.
    ///
    /// A caller whose rate was changed starts with a full bucket.
    ///
    /// - Parameter now: The time since any moment, from a monotonic clock.
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
            var bucket = buckets.bucket(identity.name, rate, now: now)
            let isAllowed = bucket.take(now: now)
            buckets.keep(bucket, identity.name, now: now)
            return RateDecision(
                isAllowed: isAllowed, remaining: bucket.remaining, limit: rate.advertisedQuota,
                window: rate.advertisedWindow, reset: bucket.secondsToNext)
        }
    }

    /// The number of buckets, for tests.
    package var count: Int { buckets.withLock { $0.count } }
}
