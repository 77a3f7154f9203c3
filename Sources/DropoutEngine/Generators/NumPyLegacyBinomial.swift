/// `numpy-legacy-binomial`: `np.random.RandomState(s).binomial(1, keep, shape)`.
///
/// Bits: as ``NumPyLegacy``, one double U an element.
/// Comparison: inversion. With p = min(keep, 1 - keep) and qn = exp(log(1 - p)): keep up to 0.5 keeps where U > qn; above,
///   1 minus the draw, it keeps where U <= qn. `exp(log(q))` is not q in the last place, and is computed as NumPy does.
///   A U so large that U - qn exceeds the next term restarts the draw with a new U.
/// Scaling: x / keep.
/// Offset: by drawing. `skip` counts doubles drawn before.
/// Source: numpy/numpy `numpy/random/src/legacy/legacy-distributions.c` (2.4.6).
package struct NumPyLegacyBinomial: MaskGenerator {
    private let seed: UInt32
    private let skip: UInt64

    package init(seed: UInt32, skip: UInt64 = 0) {
        self.seed = seed
        self.skip = skip
    }

    package func kept(_ shape: Shape, probability: KeepProbability, offset: UInt64) throws(DropoutError) -> [UInt8] {
        guard offset <= MT19937.maximumSkip / 2 else { throw .skipTooLarge(maximum: MT19937.maximumSkip) }
        if probability.keep == 0 || probability.keep == 1 {
            return [UInt8](repeating: probability.keep == 1 ? 1 : 0, count: shape.count)
        }
        let isFlipped = probability.keep > 0.5
        let p = isFlipped ? 1 - probability.keep : probability.keep
        let q = 1 - p
        let qn = Double.exp(Double.log(q))
        let px = p * qn / q
        var words = MT19937(seed: seed)
        try words.skip(0, units: skip, wordsEach: 2)
        for _ in 0..<offset { _ = Self.exceeds(qn, by: px, &words) }
        return [UInt8](drawing: shape.count) { Self.exceeds(qn, by: px, &words) != isFlipped }
    }

    /// Whether the draw is 1: its U, the first whose distance above `qn` is at most `px`, lies above `qn`.
    @inline(__always)
    private static func exceeds(_ qn: Double, by px: Double, _ words: inout MT19937) -> Bool {
        var u = Double(words.nextNumPyDouble()) * 0x1p-53
        while u > qn, u - qn > px { u = Double(words.nextNumPyDouble()) * 0x1p-53 }
        return u > qn
    }
}
