package import Stopping

/// `numpy-pcg64` and `numpy-philox`: `np.random.default_rng(s).random(shape, dtype) < keep`, or with
/// `Generator(Philox(s))`.
///
/// Seeding: ``SeedSequence`` of the seed or list of seeds; PCG64 takes four words, Philox4x64-10 two as its key, its counter
///   starting at 0 and counted up before the first block.
/// Bits: float64 the upper 53 of a word; float32 the upper 24 of a half, the *lower half first*.
///   A stream that was taken in the middle of a word begins with the half that is left.
/// Comparison: kept if u < keep, strictly; for float32 in float32, keep rounded to it.
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
        let wide = DrawType.float64.threshold(probability.keep, bits: 53)
        let narrow = DrawType.float32.threshold(probability.keep, bits: 24)
        return try values(shape.count, offset: offset, stop, ofWord: { $0 < wide ? 1 : 0 }) { half in
            UInt64(half) < narrow ? 1 : 0
        }
    }

    package func drawnUniforms(_ shape: Shape, offset: UInt64, stop: StopFlag) throws(DropoutError) -> [Double]? {
        try values(shape.count, offset: offset, stop, ofWord: { Double($0) * 0x1p-53 }) { half in
            Double(half) * 0x1p-24
        }
    }

    /// A value of the upper 53 bits of each word, or of the upper 24 of each half.
    @inline(__always)
    private func values<Value: BitwiseCopyable & ExpressibleByIntegerLiteral>(
        _ count: Int, offset: UInt64, _ stop: StopFlag, ofWord wideValue: (UInt64) -> Value,
        ofHalf value: (UInt32) -> Value
    ) throws(DropoutError) -> [Value] {
        // A half that was left is uniform 0, and the halves of the first word are the uniforms after it.
        let halves = half == nil || offset == 0 ? offset : offset - 1
        let first = isFloat32 ? halves / 2 : offset
        let start: Start =
            if let half, offset == 0 { .half(half) } else { halves % 2 == 1 ? .upperHalf : .word }
        switch stream {
        case .pcg64(var stream):
            stream.skip(first)
            return try values(count, start, stop, ofWord: wideValue, ofHalf: value) { stream.next() }
        case .philox(var stream):
            stream.skip(first)
            return try values(count, start, stop, ofWord: wideValue, ofHalf: value) { stream.next() }
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
    private func values<Value: BitwiseCopyable & ExpressibleByIntegerLiteral>(
        _ count: Int, _ start: Start, _ stop: StopFlag, ofWord wideValue: (UInt64) -> Value,
        ofHalf value: (UInt32) -> Value, next: () -> UInt64
    ) throws(DropoutError) -> [Value] {
        if !isFloat32 { return try [Value](valuesOf: count, stop: stop) { wideValue(next() >> 11) } }
        var (half, isHalfLeft): (UInt32, Bool) =
            switch start {
            case .word: (0, false)
            case .upperHalf: (next().highHalf, true)
            case .half(let half): (half, true)
            }
        return try [Value](valuesOf: count, stop: stop) {
            if isHalfLeft {
                isHalfLeft = false
                return value(half >> 8)
            }
            let word = next()
            half = word.highHalf
            isHalfLeft = true
            return value(word.lowHalf >> 8)
        }
    }
}
