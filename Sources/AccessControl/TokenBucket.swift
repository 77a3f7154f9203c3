import TextCodecs

/// A bucket of tokens that fills at a rate up to its burst. One request takes one token.
///
/// Times are durations since any one moment, in whole microseconds. A level is counted in token-microseconds, so that the
/// arithmetic is exact: a token is `window` of them, and a microsecond adds `count` of them.
///
/// Threads race to the lock, so a time may be before the last time. Up to a second, such a time changes nothing. A time that
/// is further back becomes the new time of the bucket, without adding tokens.
struct TokenBucket: Sendable {
    let rate: RequestRate
    private var level: UInt64
    private(set) var updated: Int64

    init(_ rate: RequestRate, now: Duration) {
        self.rate = rate
        level = rate.capacity
        updated = now.microseconds
    }

    /// Takes a token if there is one.
    mutating func take(now: Duration) -> Bool {
        fill(now: now)
        guard level >= rate.window else { return false }
        level -= rate.window
        return true
    }

    /// The number of whole tokens at the last time.
    var remaining: Int { Int(level / rate.window) }

    /// The seconds until there is one whole token more than ``remaining``, rounded up. 0 for a full bucket.
    var secondsToNext: Int {
        guard level < rate.capacity else { return 0 }
        let microseconds = Self.quotientUp(rate.window - level % rate.window, UInt64(rate.count))
        return Int(Self.quotientUp(microseconds, 1_000_000))
    }

    func isFull(now: Duration) -> Bool {
        var later = self
        later.fill(now: now)
        return later.level == rate.capacity
    }

    private mutating func fill(now: Duration) {
        let now = now.microseconds
        let elapsed = now.subtractingReportingOverflow(updated)
        guard !elapsed.overflow, elapsed.partialValue > 0 else {
            if elapsed.overflow || elapsed.partialValue < -1_000_000 { updated = now }
            return
        }
        updated = now
        let gain = UInt64(elapsed.partialValue).times(UInt64(rate.count))
        level += min(gain, rate.capacity - level)
    }

    private static func quotientUp(_ value: UInt64, _ divisor: UInt64) -> UInt64 {
        value / divisor + (value % divisor == 0 ? 0 : 1)
    }
}

extension RequestRate {
    fileprivate var window: UInt64 { UInt64(windowSeconds) * 1_000_000 }
    fileprivate var capacity: UInt64 { UInt64(burst) * window }
}

extension Duration {
    /// The whole microseconds, at most ±292,000 years of them. Fractions are cut off.
    fileprivate var microseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds.times(1_000_000).adding(attoseconds / 1_000_000_000_000)
    }
}
