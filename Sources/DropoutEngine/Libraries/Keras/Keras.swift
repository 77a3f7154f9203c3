/// Keras 3's layers with a seed of their own: a layer's state is [seed, call], where calls count from 0.
///
/// Three of its backends draw as their libraries do, with a key that is made of the state. On the JAX backend, `keras-jax`, the
/// state is the raw threefry key: the generator is ``JAXPartitionable`` with the key (high: seed, low: call) and a float32
/// probability.
package enum Keras {
    /// `keras-tensorflow`: `keras.layers.Dropout(rate, seed=seed)` on the TensorFlow backend, not under XLA.
    ///
    /// Seeds: seed and call, both taken modulo 2^31 - 2 (towards minus infinity).
    /// Bits, comparison, scaling and offset: ``TFStateless`` with that pair, in the type of x.
    /// Source: keras-team/keras `keras/src/random/seed_generator.py`, `keras/src/backend/tensorflow/random.py` (3.15.1).
    ///
    /// - Parameter type: the type of x, in which the uniforms are drawn.
    package static func tensorFlow(seed: Int64, call: UInt32, type: DrawType) -> TFStateless {
        let modulus: Int64 = 2_147_483_646
        let remainder = seed % modulus
        return TFStateless(
            seed: (remainder < 0 ? remainder + modulus : remainder, Int64(call) % modulus), type: type)
    }

    /// `keras-numpy`: `keras.layers.Dropout(rate, seed=seed)` on the NumPy backend.
    ///
    /// Bits: `np.random.default_rng([seed, call])`, that is ``NumPyGenerator`` on PCG64 with the list of both as its entropy.
    /// Comparison: `uniform(size) < 1 - rate`, strictly, in float64, whatever the type of x.
    /// Scaling: x / fl32(1 - rate).
    /// Offset: O(log offset).
    /// Source: keras-team/keras `keras/src/backend/numpy/random.py` (3.15.1).
    package static func numPy(seed: UInt32, call: UInt32) -> NumPyGenerator {
        NumPyGenerator(.pcg64, entropy: [seed, call], isFloat32: false)
    }
}
