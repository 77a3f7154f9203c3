/// `numpy-legacy-binomial`: `np.random.RandomState(s).binomial(1, keep, shape)`.
///
/// Bits: as ``NumPyLegacy``, one double U an element.
/// Comparison: inversion. With p = min(keep, 1 - keep) and qn = exp(log(1 - p)): keep up to 0.5 keeps where U > qn; above,
///   1 minus the draw, it keeps where U <= qn. `exp(log(q))` is not q in the last place, and is computed as NumPy does.
///   A U so large that U - qn exceeds the next term restarts the draw with a new U.
/// Scaling: x / keep.
/// Offset: none but 0, since a restart takes one more double.
/// Source: numpy/numpy `numpy/random/src/legacy/legacy-distributions.c` (2.4.6).
package struct NumPyLegacyBinomial: MaskGenerator {
    private let seed: UInt32

    package init(seed: UInt32) { self.seed = seed }

    package func kept(_ shape: Shape, probability: KeepProbability, offset: UInt64) throws(DropoutError) -> [UInt8] {
        guard offset == 0 else { throw .offsetUnsupported }
        if probability.keep == 0 || probability.keep == 1 {
            return [UInt8](repeating: probability.keep == 1 ? 1 : 0, count: shape.count)
        }
        let isFlipped = probability.keep > 0.5
        let p = isFlipped ? 1 - probability.keep : probability.keep
        let q = 1 - p
        let qn = Double.exp(Double.log(q))
        let px = p * qn / q
        var words = MT19937(seed: seed)
        return [UInt8](drawing: shape.count) {
            var u = Double(words.nextNumPyDouble()) * 0x1p-53
            while u > qn, u - qn > px { u = Double(words.nextNumPyDouble()) * 0x1p-53 }
            return (u > qn) != isFlipped
        }
    }
}
