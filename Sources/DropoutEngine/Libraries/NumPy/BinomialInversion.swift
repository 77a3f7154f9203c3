package import Stopping

/// One draw of `RandomState.binomial(1, keep)` by inversion, as ``NumPyLegacyBinomial`` describes it.
///
/// A draw takes one double, or more if a double is rejected. Whether one is rejected depends on that double alone.
package struct BinomialInversion: Sendable {
    /// The most draws that are passed to enter a stream, if a double may be rejected: the Twister's jump does not see which.
    package static let mostPassed: UInt64 = 1 << 24

    private let isFlipped: Bool
    private let qn: Double
    private let px: Double

    /// Nil if nothing is drawn: at keep 0 and keep 1.
    package init?(_ probability: KeepProbability) {
        guard 0 < probability.keep, probability.keep < 1 else { return nil }
        isFlipped = probability.keep > 0.5
        let p = isFlipped ? 1 - probability.keep : probability.keep
        let q = 1 - p
        qn = Double.exp(Double.log(q))
        px = p * qn / q
    }

    /// Whether the unit of the next draw is kept.
    ///
    /// The draw is 1 if its U, the first whose distance above `qn` is at most `px`, lies above `qn`.
    @inline(__always)
    func keeps(_ words: inout MT19937) -> Bool {
        var u = Self.next(&words)
        while isRejected(u) { u = Self.next(&words) }
        return (u > qn) != isFlipped
    }

    /// Whether any double is rejected, which is so if the largest one is.
    ///
    /// None of three million probabilities rejects one, because exp(log(q)) is q there. So a rejection is a matter of the last
    /// bits of exp and log.
    package var mayReject: Bool { isRejected(1 - 0x1p-53) }

    /// Moves `words` past `draws` draws.
    ///
    /// Complexity: O(log draws); O(draws) if a double may be rejected.
    ///
    /// - Throws: ``DropoutError/skipTooLarge(maximum:)`` if a double may be rejected and `draws` exceeds ``mostPassed``,
    ///   ``DropoutError/stopped``.
    package func advance(_ words: inout MT19937, by draws: UInt64, stop: StopFlag) throws(DropoutError) {
        guard mayReject else { return try words.skip(units: draws, wordsEach: 2, stop: stop) }
        guard draws <= Self.mostPassed else { throw .skipTooLarge(maximum: Self.mostPassed) }
        try Self.forEach(draws, stop: stop) { _ = keeps(&words) }
    }

    /// Moves `words` past `doubles` doubles; the number of them that are not rejected.
    ///
    /// Complexity: O(log doubles); O(doubles) if a double may be rejected.
    ///
    /// - Throws: ``DropoutError/stopped``.
    package func advance(
        _ words: inout MT19937, byDoubles doubles: UInt64, stop: StopFlag
    ) throws(DropoutError) -> UInt64 {
        guard mayReject else {
            try words.skip(units: doubles, wordsEach: 2, stop: stop)
            return doubles
        }
        var accepted: UInt64 = 0
        try Self.forEach(doubles, stop: stop) { accepted += isRejected(Self.next(&words)) ? 0 : 1 }
        return accepted
    }

    @inline(__always)
    private func isRejected(_ u: Double) -> Bool { u > qn && u - qn > px }

    @inline(__always)
    private static func next(_ words: inout MT19937) -> Double { Double(words.nextNumPyDouble()) * 0x1p-53 }

    @inline(__always)
    private static func forEach(_ count: UInt64, stop: StopFlag, _ body: () -> Void) throws(DropoutError) {
        var rest = count
        while rest > 0 {
            try stop.ask()
            let part = min(rest, UInt64(StopFlag.drawnUnits))
            for _ in 0..<part { body() }
            rest -= part
        }
    }
}
