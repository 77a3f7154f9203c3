/// How TensorFlow turns random bits into "kept": a significand of random bits makes a uniform in [0, 1), kept if
/// it is `>= rate`, the rate rounded to the type of the input.
///
/// | type | significand | eager kernels take | XLA takes |
/// | --- | --- | --- | --- |
/// | float32 | 23 bits | the low bits of a word | the top bits of a word |
/// | float64 | 52 bits | the low 20 bits of word 0, then word 1 | the top bits of word 1, then word 0 |
/// | float16 | 10 bits | the low bits of a word | the same |
/// | bfloat16 | 7 bits | the low bits of a word | a float32 draw, compared without rounding it |
///
/// In integers: `K · 2^-b >= rate` exactly if `K >= ceil(rate · 2^b)`.
///
/// Source: tensorflow/tensorflow `core/lib/random/random_distributions.h`,
///   `compiler/tf2xla/kernels/stateless_random_ops.cc`, `python/ops/nn_ops.py` (2.21.0).
struct TFUniform {
    private let shift: UInt64
    private let mask: UInt64
    private let threshold: UInt64
    private let unit: Double

    /// The significand of the eager kernels: the lowest bits.
    init(eager type: DrawType, probability: KeepProbability) {
        self.init(
            significand: type.significandBits, shift: 0,
            threshold: type.threshold(probability.rate, bits: type.significandBits))
    }

    /// The significand under XLA: the top bits, but float16's are the lowest.
    init(xla type: DrawType, probability: KeepProbability) {
        let (bits, shift) =
            switch type {
            case .float64: (52, 12)
            case .float32, .bfloat16: (23, 9)
            case .float16: (10, 0)
            }
        self.init(significand: bits, shift: shift, threshold: type.threshold(probability.rate, bits: bits))
    }

    private init(significand bits: Int, shift: Int, threshold: UInt64) {
        self.shift = UInt64(shift)
        self.mask = (1 << UInt64(bits)) - 1
        self.threshold = threshold
        self.unit = Double(sign: .plus, exponent: -bits, significand: 1)
    }

    /// Whether the element of these bits is kept, for a significand of a single word.
    @inline(__always)
    func keeps(_ word: UInt32) -> Bool {
        (word &>> shift.lowHalf) & mask.lowHalf >= threshold.lowHalf
    }

    /// Whether the element of these bits is kept.
    @inline(__always)
    func keeps(_ bits: UInt64) -> Bool { (bits &>> shift) & mask >= threshold }

    /// The uniform of these bits, of a single word the lowest 32.
    @inline(__always)
    func number(_ bits: UInt64) -> Double { Double((bits &>> shift) & mask) * unit }
}
