package import Stopping

/// `jax`: `jax.random.bernoulli(key, keep, shape)` as JAX draws today, `jax_threefry_partitionable=True`.
///
/// Bits: element i is Threefry-2x32's block of counter (high word of i, low word of i) under the key. Up to 32 bits:
///   the lowest of the two output words' xor. 64 bits: word 0 is the upper half, word 1 the lower.
/// Comparison: ``JAXUniform``, kept if u < keep.
/// Scaling (Flax, Keras): x · fl32(1 / fl32(1 - rate)) on XLA's CPU, which replaces the division by a product.
/// Offset: O(1); the mask depends on each element's index alone, so a longer mask starts with the shorter one.
/// Source: jax-ml/jax `jax/_src/random/threefry2x32.py`, `_threefry_random_bits_partitionable` (0.10.2). Default
///   since 0.5.0.
package struct JAXPartitionable: MaskGenerator {
    package let key: JAXKey

    /// The type of the probability: float32 for a Python float, float64 for one in x64 mode.
    package let rateType: DrawType

    package init(key: JAXKey, rateType: DrawType = .float32) {
        self.key = key
        self.rateType = rateType
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        let uniform = JAXUniform(rateType, probability: probability)
        let words = key.words
        guard uniform.width == 64 else {
            return try [UInt8](count: shape.count, offset: offset, stop: stop) { high, low in
                let (a, b) = Threefry2x32.block((high, low), key: words)
                return uniform.keeps(a ^ b)
            }
        }
        return try [UInt8](count: shape.count, offset: offset, stop: stop) { high, low in
            let (a, b) = Threefry2x32.block((high, low), key: words)
            return uniform.keeps(UInt64(highHalf: a, lowHalf: b))
        }
    }

    package func drawnUniforms(_ shape: Shape, offset: UInt64, stop: StopFlag) throws(DropoutError) -> [Double]? {
        let (uniform, words) = (JAXUniform(rateType), key.words)
        return try [Double](valuesOf: shape.count, offset: offset, stop: stop) { high, low in
            let (a, b) = Threefry2x32.block((high, low), key: words)
            return uniform.number(uniform.width == 64 ? UInt64(highHalf: a, lowHalf: b) : UInt64(a ^ b))
        }
    }
}
