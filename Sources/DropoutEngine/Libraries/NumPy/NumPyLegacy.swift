package import Stopping

/// `numpy-legacy`: `np.random.seed(s); np.random.rand(*shape) < keep`, the recipe of the article.
///
/// Bits: MT19937 by `init_genrand`, two words an element; K = upper 27 bits of the first, upper 26 of the second, and
///   u = K · 2^-53.
/// Comparison: kept where u < keep, strictly, in float64.
/// Scaling: x / keep.
/// Offset: O(log offset). `skip` counts uniforms drawn before, by earlier layers for instance.
/// Source: numpy/numpy `numpy/random/src/mt19937/mt19937.c`, `_mt19937.pyx` (2.4.6).
package struct NumPyLegacy: MaskGenerator {
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
        var words = words
        try words.advance(byWide: 2 * (UInt128(skip) + UInt128(offset)), stop: stop)
        let threshold = ProbabilityThreshold.ceiling(of: probability.keep, bits: 53)
        return try [UInt8](drawing: shape.count, stop: stop) { words.nextNumPyDouble() < threshold }
    }
}
