package import Stopping

/// One draw of `RandomState.binomial(1, keep)` by inversion, as ``NumPyLegacyBinomial`` describes it.
///
/// A draw takes one double, or more if a double is rejected. Whether one is rejected depends on that double alone.
package struct BinomialInversion: Sendable {
    /// The most draws that are passed to enter a stream. The Twister's jump is no help, since it does not see rejected doubles.
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

    /// Moves `words` past `draws` draws.
    ///
    /// - Throws: ``DropoutError/stopped``.
    package func advance(_ words: inout MT19937, by draws: UInt64, stop: StopFlag) throws(DropoutError) {
        try Self.forEach(draws, stop: stop) { _ = keeps(&words) }
    }

    /// Moves `words` past `doubles` doubles; the number of them that are not rejected.
    ///
    /// - Throws: ``DropoutError/stopped``.
    package func advance(
        _ words: inout MT19937, byDoubles doubles: UInt64, stop: StopFlag
    ) throws(DropoutError) -> UInt64 {
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
