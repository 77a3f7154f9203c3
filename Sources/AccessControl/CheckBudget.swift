/// The budget of scrypt checks of new tokens. Wrong tokens of one caller do not use up the checks of other callers.
///
/// Each address has a bucket. Each name has a bucket too, even if no key has that name. An address whose bucket is full is
/// *quiet*: it has presented no new token lately. All quiet addresses share one bucket of checks. All other addresses share
/// another. So a flood from addresses that are not quiet takes no checks of quiet addresses.
///
/// The bucket of the name does not bind quiet addresses. Otherwise a caller who knows the name of a key could lock the key
/// out with wrong tokens of that name.
struct CheckBudget: Sendable {
    private let limits: VerificationLimits
    private var addresses: BucketTable
    private var names: BucketTable
    private var quiet: TokenBucket?
    private var others: TokenBucket?

    init(_ limits: VerificationLimits) {
        self.limits = limits
        addresses = BucketTable(maximum: limits.maximumCounted)
        names = BucketTable(maximum: limits.maximumCounted)
    }

    /// Whether `address` has presented no new token lately.
    func isQuiet(_ address: String, now: Duration) -> Bool {
        addresses.bucket(address, limits.callerRate, now: now).isFull(now: now)
    }

    /// Takes one check. If none is left, nothing changes and the result is the seconds to wait, at least 1.
    mutating func take(address: String, name: String, now: Duration) -> Int? {
        let isQuiet = isQuiet(address, now: now)
        var ofAddress = addresses.bucket(address, limits.callerRate, now: now)
        var ofName = names.bucket(name, limits.callerRate, now: now)
        var ofAll = (isQuiet ? quiet : others) ?? TokenBucket(isQuiet ? limits.quietRate : limits.rate, now: now)
        guard ofAddress.take(now: now) else { return max(1, ofAddress.secondsToNext) }
        if !ofName.take(now: now), !isQuiet { return max(1, ofName.secondsToNext) }
        guard ofAll.take(now: now) else { return max(1, ofAll.secondsToNext) }
        addresses.keep(ofAddress, address, now: now)
        names.keep(ofName, name, now: now)
        if isQuiet { quiet = ofAll } else { others = ofAll }
        return nil
    }

    /// The numbers of addresses and names that are counted now, for tests.
    var counted: (addresses: Int, names: Int) { (addresses.count, names.count) }
}
