package import Stopping

/// `keras-tensorflow`: `keras.layers.Dropout(rate, seed=seed)` on the TensorFlow backend, not under XLA.
///
/// Seeds: the layer's state [seed, call], calls counted from 0, both taken modulo 2^31 - 2 (towards minus infinity).
/// Bits, comparison, scaling and offset: ``TFStateless`` with that pair, in the type of x.
/// Source: keras-team/keras `keras/src/random/seed_generator.py`, `keras/src/backend/tensorflow/random.py` (3.15.1).
package struct KerasTensorFlow: MaskGenerator {
    private let draws: TFStateless

    /// - Parameter type: the type of x, in which the uniforms are drawn.
    package init(seed: Int64, call: UInt32, type: DrawType) {
        let modulus: Int64 = 2_147_483_646
        let remainder = seed % modulus
        self.draws = TFStateless(
            seed: (remainder < 0 ? remainder + modulus : remainder, Int64(call) % modulus), type: type)
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        try draws.kept(shape, probability: probability, offset: offset, stop: stop)
    }
}
