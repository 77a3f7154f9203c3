package import Stopping

/// `numpy-legacy-binomial`: `np.random.RandomState(s).binomial(1, keep, shape)`.
///
/// Bits: as ``NumPyLegacy``, one double U an element.
/// Comparison: inversion. With p = min(keep, 1 - keep) and qn = exp(log(1 - p)): keep up to 0.5 keeps where U > qn; above,
///   1 minus the draw, it keeps where U <= qn. `exp(log(q))` is not q in the last place, and is computed as NumPy does.
///   A U so large that U - qn exceeds the next term restarts the draw with a new U.
/// Scaling: x / keep.
/// Offset: O(log offset) if no double is rejected, else up to ``BinomialInversion/mostPassed`` draws. `skip` counts doubles
///   drawn before.
/// Source: numpy/numpy `numpy/random/src/legacy/legacy-distributions.c` (2.4.6).
package struct NumPyLegacyBinomial: MaskGenerator {
    private let words: MT19937
    private let skip: UInt64

    package init(seed: UInt32, skip: UInt64 = 0) {
        self.words = MT19937(seed: seed)
        self.skip = skip
    }

    /// - Parameter words: the stream from the first word of the draw on.
    package init(words: MT19937) {
        self.words = words
        self.skip = 0
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        guard let inversion = BinomialInversion(probability) else {
            return [UInt8](repeating: probability.keep == 1 ? 1 : 0, count: shape.count)
        }
        var words = words
        try words.skip(0, units: skip, wordsEach: 2, stop: stop)
        try inversion.advance(&words, by: offset, stop: stop)
        return try [UInt8](drawing: shape.count, stop: stop) { inversion.keeps(&words) }
    }
}
