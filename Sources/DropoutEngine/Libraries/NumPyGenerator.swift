package import Stopping

/// `numpy-pcg64` and `numpy-philox`: `np.random.default_rng(s).random(shape, dtype) < keep`, or with
/// `Generator(Philox(s))`.
///
/// Seeding: ``SeedSequence`` of the seed or list of seeds; PCG64 takes four words, Philox4x64-10 two as its key, its counter
///   starting at 0 and counted up before the first block.
/// Bits: float64 the upper 53 of a word; float32 the upper 24 of a half, the *lower half first*.
/// Comparison: kept where u < keep, strictly; for float32 in float32, keep rounded to it.
/// Scaling: x / keep.
/// Offset: O(log offset) for PCG64 by its jump, O(1) for Philox.
/// Source: numpy/numpy `numpy/random/src/{pcg64,philox}`, `src/distributions/distributions.c` (2.4.6).
package struct NumPyGenerator: MaskGenerator {
    package enum BitGenerator: Sendable { case pcg64, philox }

    private enum Stream {
        case pcg64(PCG64)
        case philox(key: (UInt64, UInt64))
    }

    private let stream: Stream
    private let isFloat32: Bool

    /// - Parameters:
    ///   - entropy: the seeds' words, see ``SeedSequence``.
    ///   - isFloat32: whether `dtype` is float32 rather than float64.
    package init(_ bits: BitGenerator, entropy: [UInt32], isFloat32: Bool) {
        let words = SeedSequence(entropy: entropy).generate(4)
        self.stream =
            switch bits {
            case .pcg64: .pcg64(PCG64(words: (words[0], words[1], words[2], words[3])))
            case .philox: .philox(key: (words[0], words[1]))
            }
        self.isFloat32 = isFloat32
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        let first = isFloat32 ? offset / 2 : offset
        switch stream {
        case .pcg64(var stream):
            stream.skip(first)
            return try mask(shape.count, probability, offset, stop) { stream.next() }
        case .philox(let key):
            var (block, place) = (first / 4, Int(first % 4))
            var words = Self.block(block, key)
            return try mask(shape.count, probability, offset, stop) {
                if place == 4 {
                    (block, place) = (block &+ 1, 0)
                    words = Self.block(block, key)
                }
                place += 1
                switch place {
                case 1: return words.0
                case 2: return words.1
                case 3: return words.2
                default: return words.3
                }
            }
        }
    }

    /// Block number `index`, whose counter is one more.
    private static func block(_ index: UInt64, _ key: (UInt64, UInt64)) -> (UInt64, UInt64, UInt64, UInt64) {
        let (low, carry) = index.addingReportingOverflow(1)
        return Philox4x64.block((low, carry ? 1 : 0, 0, 0), key: key)
    }

    @inline(__always)
    private func mask(
        _ count: Int, _ probability: KeepProbability, _ offset: UInt64, _ stop: StopFlag, next: () -> UInt64
    ) throws(DropoutError) -> [UInt8] {
        if !isFloat32 {
            let threshold = ProbabilityThreshold.ceiling(of: probability.keep, bits: 53)
            return try [UInt8](drawing: count, stop: stop) { next() >> 11 < threshold }
        }
        let threshold = ProbabilityThreshold.ceiling(of: DrawType.float32.rounded(probability.keep), bits: 24)
        var word: UInt64 = 0
        var isHalfLeft = offset % 2 == 1
        if isHalfLeft { word = next() }
        return try [UInt8](drawing: count, stop: stop) {
            if isHalfLeft {
                isHalfLeft = false
                return UInt64(word.highHalf >> 8) < threshold
            }
            word = next()
            isHalfLeft = true
            return UInt64(word.lowHalf >> 8) < threshold
        }
    }
}
