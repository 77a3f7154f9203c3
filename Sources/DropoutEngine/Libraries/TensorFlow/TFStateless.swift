package import Stopping

/// `tf-stateless`: `tf.nn.experimental.stateless_dropout(x, rate, seed=[s0, s1])`, eager or in a `tf.function`
/// without XLA.
///
/// Bits: Philox4x32-10 with scrambled seeds (``PhiloxWordStream/init(scrambling:)``), both sign-extended to 64 bits;
///   one word an element, float64 two. The *low* bits of a word are the significand (``TFUniform``).
/// Comparison: kept if u >= rate, the rate rounded to the type of x.
/// Scaling: x · fl32(1 / (1 - rate)), the reciprocal in double.
/// Offset: O(1); a longer mask starts with the shorter one. Threads do not matter.
/// Source: tensorflow/tensorflow `core/kernels/stateless_random_ops_v2.cc`, `python/ops/nn_ops.py` (2.21.0);
///   `rng_alg` 'philox' and 'auto_select' are the same here, and 'threefry' exists only under XLA.
package struct TFStateless: MaskGenerator {
    private let stream: PhiloxWordStream
    private let type: DrawType

    /// - Parameter type: the type of x, in which the uniforms are drawn.
    package init(seed: (Int64, Int64), type: DrawType) {
        self.stream = PhiloxWordStream(scrambling: (UInt64(bitPattern: seed.0), UInt64(bitPattern: seed.1)))
        self.type = type
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        try stream.eagerMask(count: shape.count, offset: offset, type: type, probability: probability, stop: stop)
    }

    package func drawnUniforms(_ shape: Shape, offset: UInt64, stop: StopFlag) throws(DropoutError) -> [Double]? {
        try stream.eagerUniforms(count: shape.count, offset: offset, type: type, stop: stop)
    }
}
