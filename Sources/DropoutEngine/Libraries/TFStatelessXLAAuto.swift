package import Stopping

/// `tf-stateless-xla-auto`: `stateless_dropout(x, rate, seed, rng_alg='auto_select')` in a
/// `tf.function(jit_compile=True)`, on the CPU.
///
/// Bits, comparison, scaling and offset: as ``TFStatelessXLAPhilox``, but the seeds are 32-bit words extended with
///   zeros, so that the two differ for negative seeds.
/// Source: tensorflow/tensorflow `compiler/tf2xla/kernels/random_ops_util.cc` (2.21.0).
package struct TFStatelessXLAAuto: MaskGenerator {
    private let stream: PhiloxWordStream
    private let type: DrawType

    /// - Parameter seed: only the lower 32 bits of each count.
    package init(seed: (Int64, Int64), type: DrawType) {
        self.stream = PhiloxWordStream(
            scrambling: (UInt64(UInt32(truncatingIfNeeded: seed.0)), UInt64(UInt32(truncatingIfNeeded: seed.1))))
        self.type = type
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        try stream.xlaMask(count: shape.count, offset: offset, type: type, probability: probability, stop: stop)
    }
}
