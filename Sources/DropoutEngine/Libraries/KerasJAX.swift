package import Stopping

/// `keras-jax`: `keras.layers.Dropout(rate, seed=seed)` on the JAX backend.
///
/// Key: the layer's state [seed, call] *is* the raw threefry key, not `jax.random.key(seed)`; calls count from 0.
/// Bits and comparison: ``JAXPartitionable`` with a float32 probability.
/// Scaling: x · fl32(1 / fl32(1 - rate)), as XLA's CPU evaluates Keras' `inputs / keep_prob`.
/// Offset: O(1).
/// Source: keras-team/keras `keras/src/random/seed_generator.py`, `keras/src/backend/jax/random.py` (3.15.1).
package struct KerasJAX: MaskGenerator {
    private let draws: JAXPartitionable

    package init(seed: UInt32, call: UInt32) {
        self.draws = JAXPartitionable(key: JAXKey(high: seed, low: call))
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        try draws.kept(shape, probability: probability, offset: offset, stop: stop)
    }
}
