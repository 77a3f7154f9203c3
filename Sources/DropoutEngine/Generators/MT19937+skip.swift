package import Stopping

extension MT19937 {
    /// The most words that a request may skip, two for each of 2^24 elements: the Twister has no cheap jump.
    package static let maximumSkip: UInt64 = 1 << 25

    /// Moves past `count` words.
    ///
    /// - Throws: ``DropoutError/skipTooLarge(maximum:)``, ``DropoutError/stopped``.
    package mutating func skip(_ count: UInt64, stop: StopFlag) throws(DropoutError) {
        guard count <= Self.maximumSkip else { throw .skipTooLarge(maximum: Self.maximumSkip) }
        try advance(by: count, stop: stop)
    }

    /// Moves past `units` draws of `wordsEach` words after `words` single ones.
    package mutating func skip(_ words: UInt64, units: UInt64, wordsEach: UInt64, stop: StopFlag) throws(DropoutError) {
        let (product, overflow) = units.multipliedReportingOverflow(by: wordsEach)
        let (total, sumOverflow) = words.addingReportingOverflow(product)
        guard !overflow, !sumOverflow else { throw .skipTooLarge(maximum: Self.maximumSkip) }
        try skip(total, stop: stop)
    }

    /// NumPy's `random_sample` as its integer: 27 upper bits of one word, 26 of the next; u = K · 2^-53.
    @inline(__always)
    mutating func nextNumPyDouble() -> UInt64 {
        let high = UInt64(next() >> 5)
        return high << 26 | UInt64(next() >> 6)
    }
}
