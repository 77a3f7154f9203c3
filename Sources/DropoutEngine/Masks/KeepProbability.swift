/// The probability that a unit is kept, and its complement. Both are in `0...1`.
///
/// A value of this type was checked, so the kernels check nothing.
///
/// `keep` and `rate` are stored apart because `1 - (1 - x)` need not be `x` in float64. A given rate has the `keep` `1 - rate`,
/// rounded once. Keep 0.8 has the rate 0.2 and not 0.19999999999999996, so that `keep_prob` 0.8 and `rate` 0.2 are one question.
package struct KeepProbability: Sendable, Hashable {
    /// The probability of keeping a unit. It is `1 - rate` if a rate with that complement exists.
    package let keep: Double

    /// The probability of dropping a unit: `1 - keep`.
    package let rate: Double

    /// - Throws: ``DropoutError/probabilityOutOfRange(_:)`` for NaN and anything outside `0...1`.
    package init(keep: Double) throws(DropoutError) {
        guard (0...1).contains(keep) else { throw .probabilityOutOfRange(keep) }
        self.keep = keep
        // The rate with up to 15 decimals if its keep is this one.
        let rounded = ((1 - keep) * 1e15).rounded() / 1e15
        self.rate = 1 - rounded == keep ? rounded : 1 - keep
    }

    /// - Throws: ``DropoutError/probabilityOutOfRange(_:)`` for NaN and anything outside `0...1`.
    package init(rate: Double) throws(DropoutError) {
        guard (0...1).contains(rate) else { throw .probabilityOutOfRange(rate) }
        self.rate = rate
        self.keep = 1 - rate
    }

    /// The probability 0.5.
    package static let half = KeepProbability(exactly: 0.5, rate: 0.5)
    package static let one = KeepProbability(exactly: 1, rate: 0)

    private init(exactly keep: Double, rate: Double) { (self.keep, self.rate) = (keep, rate) }
}
