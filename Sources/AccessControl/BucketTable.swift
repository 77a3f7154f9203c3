/// Token buckets by name, at most a fixed number of them.
///
/// If there are more names, the full buckets are removed first. A new bucket is full too, so their names notice nothing.
/// If fewer than a quarter of all buckets are full, the buckets that are unused for the longest time are removed as well,
/// up to a quarter.
struct BucketTable: Sendable {
    private var buckets: [String: TokenBucket] = [:]
    private let maximum: Int

    init(maximum: Int) { self.maximum = max(4, maximum) }

    var count: Int { buckets.count }

    /// The bucket of `name`. It is new and full if the table has none, or if the rate has changed.
    func bucket(_ name: String, _ rate: RequestRate, now: Duration) -> TokenBucket {
        if let bucket = buckets[name], bucket.rate == rate { return bucket }
        return TokenBucket(rate, now: now)
    }

    /// Stores the bucket of `name` after a use.
    mutating func keep(_ bucket: TokenBucket, _ name: String, now: Duration) {
        if buckets[name] == nil, buckets.count >= maximum { makeRoom(now: now) }
        buckets[name] = bucket
    }

    private mutating func makeRoom(now: Duration) {
        let before = buckets.count
        buckets = buckets.filter { !$0.value.isFull(now: now) }
        let surplus = before / 4 - (before - buckets.count)
        guard surplus > 0 else { return }
        for (name, _) in buckets.sorted(by: { $0.value.updated < $1.value.updated }).prefix(surplus) {
            buckets[name] = nil
        }
    }
}
