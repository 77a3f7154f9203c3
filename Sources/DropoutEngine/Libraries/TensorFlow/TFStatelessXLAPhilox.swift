package import Stopping

/// `tf-stateless-xla-philox`: `stateless_dropout(x, rate, seed, rng_alg='philox')` in a
/// `tf.function(jit_compile=True)`.
///
/// Bits: the words of ``TFStateless``, but XLA takes the *high* bits as significand, and for float64 the second word
///   above the first (``TFUniform``): another mask from the same words, except for float16.
/// Comparison: kept if u >= rate, the rate rounded to the type of x.
/// Scaling: x · fl32(1 / (1 - rate)), the reciprocal in double.
/// Offset: O(1).
/// Edge cases: with a seed that is a constant of the graph, TensorFlow folds the draw before XLA sees it and the mask
///   is that of ``TFStateless``.
/// Source: openxla/xla `xla/hlo/builder/lib/prng.cc`; tensorflow/tensorflow
///   `compiler/tf2xla/kernels/stateless_random_ops_v2.cc` (2.21.0), run on the CPU.
package struct TFStatelessXLAPhilox: MaskGenerator {
    private let stream: PhiloxWordStream
    private let type: DrawType

    package init(seed: (Int64, Int64), type: DrawType) {
        self.stream = PhiloxWordStream(scrambling: (UInt64(bitPattern: seed.0), UInt64(bitPattern: seed.1)))
        self.type = type
    }

    /// `tf-stateless-xla-auto`: the same with `rng_alg='auto_select'`, on the CPU.
    ///
    /// The seeds are 32-bit words that are extended with zeros, so that the two differ for negative seeds.
    ///
    /// Source: tensorflow/tensorflow `compiler/tf2xla/kernels/random_ops_util.cc` (2.21.0).
    ///
    /// - Parameter seed: only the lower 32 bits of each count.
    package static func auto(seed: (Int64, Int64), type: DrawType) -> TFStatelessXLAPhilox {
        TFStatelessXLAPhilox(
            seed: (Int64(UInt32(truncatingIfNeeded: seed.0)), Int64(UInt32(truncatingIfNeeded: seed.1))), type: type)
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        try stream.xlaMask(count: shape.count, offset: offset, type: type, probability: probability, stop: stop)
    }

    package func drawnUniforms(_ shape: Shape, offset: UInt64, stop: StopFlag) throws(DropoutError) -> [Double]? {
        try stream.xlaUniforms(count: shape.count, offset: offset, type: type, stop: stop)
    }
}
