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
        guard mayReject else { return try words.skip(0, units: draws, wordsEach: 2, stop: stop) }
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
            try words.skip(0, units: doubles, wordsEach: 2, stop: stop)
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

/// `numpy-pcg64` and `numpy-philox`: `np.random.default_rng(s).random(shape, dtype) < keep`, or with
/// `Generator(Philox(s))`.
///
/// Seeding: ``SeedSequence`` of the seed or list of seeds; PCG64 takes four words, Philox4x64-10 two as its key, its counter
///   starting at 0 and counted up before the first block.
/// Bits: float64 the upper 53 of a word; float32 the upper 24 of a half, the *lower half first*.
///   A stream that was taken in the middle of a word begins with the half that is left.
/// Comparison: kept where u < keep, strictly; for float32 in float32, keep rounded to it.
/// Scaling: x / keep.
/// Offset: O(log offset) for PCG64 by its jump, O(1) for Philox.
/// Source: numpy/numpy `numpy/random/src/{pcg64,philox}`, `src/distributions/distributions.c` (2.4.6).
package struct NumPyGenerator: MaskGenerator {
    package enum BitGenerator: Sendable { case pcg64, philox }

    /// A bit generator at the next word of its stream.
    package enum Stream: Sendable {
        case pcg64(PCG64)
        case philox(Philox4x64Stream)
    }

    private let stream: Stream
    private let half: UInt32?
    private let isFloat32: Bool

    /// - Parameters:
    ///   - half: the half of a word that was left when the stream was taken: the first float32 uniform.
    ///   - isFloat32: whether `dtype` is float32 rather than float64.
    package init(_ stream: Stream, half: UInt32? = nil, isFloat32: Bool) {
        (self.stream, self.half, self.isFloat32) = (stream, half, isFloat32)
    }

    /// - Parameters:
    ///   - entropy: the seeds' words, see ``SeedSequence``.
    ///   - isFloat32: whether `dtype` is float32 rather than float64.
    package init(_ bits: BitGenerator, entropy: [UInt32], isFloat32: Bool) {
        let words = SeedSequence(entropy: entropy).generate(4)
        let stream: Stream =
            switch bits {
            case .pcg64: .pcg64(PCG64(words: (words[0], words[1], words[2], words[3])))
            case .philox: .philox(Philox4x64Stream(key: (words[0], words[1])))
            }
        self.init(stream, isFloat32: isFloat32)
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        // A half that was left is uniform 0, and the halves of the first word are the uniforms after it.
        let halves = half == nil || offset == 0 ? offset : offset - 1
        let first = isFloat32 ? halves / 2 : offset
        let start: Start =
            if let half, offset == 0 { .half(half) } else { halves % 2 == 1 ? .upperHalf : .word }
        switch stream {
        case .pcg64(var stream):
            stream.skip(first)
            return try mask(shape.count, probability, start, stop) { stream.next() }
        case .philox(var stream):
            stream.skip(first)
            return try mask(shape.count, probability, start, stop) { stream.next() }
        }
    }

    /// What the first float32 uniform is.
    private enum Start {
        /// The lower half of the next word.
        case word
        /// The upper half of the next word.
        case upperHalf
        /// This half of an earlier word.
        case half(UInt32)
    }

    @inline(__always)
    private func mask(
        _ count: Int, _ probability: KeepProbability, _ start: Start, _ stop: StopFlag, next: () -> UInt64
    ) throws(DropoutError) -> [UInt8] {
        if !isFloat32 {
            let threshold = ProbabilityThreshold.ceiling(of: probability.keep, bits: 53)
            return try [UInt8](drawing: count, stop: stop) { next() >> 11 < threshold }
        }
        let threshold = ProbabilityThreshold.ceiling(of: DrawType.float32.rounded(probability.keep), bits: 24)
        var (half, isHalfLeft): (UInt32, Bool) =
            switch start {
            case .word: (0, false)
            case .upperHalf: (next().highHalf, true)
            case .half(let half): (half, true)
            }
        return try [UInt8](drawing: count, stop: stop) {
            if isHalfLeft {
                isHalfLeft = false
                return UInt64(half >> 8) < threshold
            }
            let word = next()
            half = word.highHalf
            isHalfLeft = true
            return UInt64(word.lowHalf >> 8) < threshold
        }
    }
}
