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

/// `keras-torch`: `keras.layers.Dropout(rate, seed=s)` on the torch backend; calls count from 0.
///
/// Bits: MT19937 of (seed + call) mod 2^32, *one* word an element (unlike ``TorchCPU``), its lowest 24 bits.
/// Comparison: `torch.bernoulli` of a float32 tensor: kept where u < fl32(1 - rate), strictly.
/// Scaling: x / fl32(1 - rate).
/// Offset: O(log offset).
/// Source: keras-team/keras `keras/src/backend/torch/random.py` (3.15.1).
package struct KerasTorch: MaskGenerator {
    private let seed: UInt32

    package init(seed: UInt32, call: UInt32) { self.seed = seed &+ call }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        var words = MT19937(seed: seed)
        try words.advance(by: offset, stop: stop)
        let threshold = ProbabilityThreshold.ceiling(of: DrawType.float32.rounded(probability.keep), bits: 24)
        return try [UInt8](drawing: shape.count, stop: stop) { UInt64(words.next() & 0xFF_FFFF) < threshold }
    }
}

/// `keras-numpy`: `keras.layers.Dropout(rate, seed=s)` on the NumPy backend; calls count from 0.
///
/// Bits: `np.random.default_rng([s, call])`, that is ``NumPyGenerator`` on PCG64 with the list of both as its entropy.
/// Comparison: `uniform(size) < 1 - rate`, strictly, in float64, whatever the type of x.
/// Scaling: x / fl32(1 - rate).
/// Offset: O(log offset).
/// Source: keras-team/keras `keras/src/backend/numpy/random.py` (3.15.1).
package struct KerasNumPy: MaskGenerator {
    private let draws: NumPyGenerator

    package init(seed: UInt32, call: UInt32) {
        self.draws = NumPyGenerator(.pcg64, entropy: [seed, call], isFloat32: false)
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        try draws.kept(shape, probability: probability, offset: offset, stop: stop)
    }
}
