package import Stopping

/// `numpy-legacy-binomial`: `np.random.RandomState(s).binomial(1, keep, shape)`.
///
/// Bits: as ``NumPyLegacy``, one double U an element.
/// Comparison: inversion. With p = min(keep, 1 - keep) and qn = exp(log(1 - p)): keep up to 0.5 keeps if U > qn; above,
///   1 minus the draw, it keeps if U <= qn. `exp(log(q))` is not q in the last place, and is computed as NumPy does.
///   A U so large that U - qn exceeds the next term restarts the draw with a new U.
/// Scaling: x / keep.
/// Offset: O(log offset) if no double is rejected, else up to ``BinomialInversion/mostPassed`` draws.
/// Source: numpy/numpy `numpy/random/src/legacy/legacy-distributions.c` (2.4.6).
package struct NumPyLegacyBinomial: MaskGenerator {
    private let words: MT19937

    /// - Parameter words: the stream from the first word of the draw on.
    package init(words: MT19937) { self.words = words }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        guard let inversion = BinomialInversion(probability) else {
            return [UInt8](repeating: probability.keep == 1 ? 1 : 0, count: shape.count)
        }
        var words = words
        try inversion.advance(&words, by: offset, stop: stop)
        return try [UInt8](drawing: shape.count, stop: stop) { inversion.keeps(&words) }
    }
}
