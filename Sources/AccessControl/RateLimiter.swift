import Synchronization

/// One token bucket for each caller.
///
/// Cost of a call: one short lock, no I/O; fit for an event loop.
/// Memory: at most `maximumBuckets` buckets, as ``BucketTable`` keeps them.
package final class RateLimiter: Sendable {
    private let buckets: Mutex<BucketTable>
    private let standard: RequestRate?

    /// `standard` is the rate of callers without one of their own; nil sets them no limit.
    package init(standard: RequestRate?, maximumBuckets: Int = 10_000) {
        self.standard = standard
        buckets = Mutex(BucketTable(maximum: maximumBuckets))
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
            var bucket = buckets.bucket(identity.name, rate, now: now)
            let isAllowed = bucket.take(now: now)
            buckets.keep(bucket, identity.name, now: now)
            return RateDecision(
                isAllowed: isAllowed, remaining: bucket.remaining, limit: rate.advertisedQuota,
                window: rate.advertisedWindow, reset: bucket.secondsToNext)
        }
    }

    /// Buckets held; for tests and metrics.
    package var count: Int { buckets.withLock { $0.count } }
}
