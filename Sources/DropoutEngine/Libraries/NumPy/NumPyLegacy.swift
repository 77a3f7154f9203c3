package import Stopping

/// `numpy-legacy`: `np.random.seed(s); np.random.rand(*shape) < keep`, the recipe of the article.
///
/// Bits: MT19937 by `init_genrand`, two words an element; K = upper 27 bits of the first, upper 26 of the second, and
///   u = K · 2^-53.
/// Comparison: kept if u < keep, strictly, in float64.
/// Scaling: x / keep.
/// Offset: O(log offset).
/// Source: numpy/numpy `numpy/random/src/mt19937/mt19937.c`, `_mt19937.pyx` (2.4.6).
package struct NumPyLegacy: MaskGenerator {
    private let words: MT19937

    /// - Parameter words: the stream from the first word of the draw on.
    package init(words: MT19937) { self.words = words }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        var words = words
        try words.skip(units: offset, wordsEach: 2, stop: stop)
        let threshold = DrawType.float64.threshold(probability.keep, bits: 53)
        return try [UInt8](drawing: shape.count, stop: stop) { words.nextNumPyDouble() < threshold }
    }

    package func drawnUniforms(_ shape: Shape, offset: UInt64, stop: StopFlag) throws(DropoutError) -> [Double]? {
        var words = words
        try words.skip(units: offset, wordsEach: 2, stop: stop)
        return try [Double](valuesOf: shape.count, stop: stop) { Double(words.nextNumPyDouble()) * 0x1p-53 }
    }
}
