/// The number of requests that a caller may send: `count` in each window, and up to `burst` at once.
package struct RequestRate: Sendable, Hashable {
    package let count: Int
    package let windowSeconds: Int
    package let burst: Int

    /// - Parameters:
    ///   - count: Within ``bounds``.
    ///   - burst: Within ``bounds``.
    init(count: Int, windowSeconds: Int, burst: Int) {
        (self.count, self.windowSeconds, self.burst) = (count, windowSeconds, burst)
    }

    package static let bounds = 1...1_000_000

    /// Reads `100/s`, `30/m`, `500/h` or `10000/d`. Nil for any other text, and for a count or a burst outside ``bounds``.
    ///
    /// - Parameter burst: Nil for the count.
    package init?(_ text: String, burst: Int? = nil) {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 2, let count = DecimalNumber.read(parts[0]), Self.bounds.contains(count),
            Self.bounds.contains(burst ?? count)
        else { return nil }
        switch String(parts[1]) {
        case "s": windowSeconds = 1
        case "m": windowSeconds = 60
        case "h": windowSeconds = 3600
        case "d": windowSeconds = 86_400
        default: return nil
        }
        (self.count, self.burst) = (count, burst ?? count)
    }

    /// The window in answers: the whole seconds in which an empty bucket fills, at least 1.
    package var advertisedWindow: Int { max(1, (burst * windowSeconds + count - 1) / count) }

    /// The quota in answers: the requests that the rate gives in ``advertisedWindow``. It is never less than the burst.
    package var advertisedQuota: Int { count * advertisedWindow / windowSeconds }
}
