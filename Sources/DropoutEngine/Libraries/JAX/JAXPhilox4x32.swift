package import Stopping

/// `jax-philox4x32`: `jax.random.bernoulli(jax.random.key(seed, impl='philox4x32'), keep, shape)`, float32
/// probability.
///
/// Key: the first two words of Philox4x32-10's block of counter [hi, lo, 0, 0] under key 0, hi and lo being the
///   seed's halves.
/// Bits: element i is the xor of the four words of the block of counter [high word of i, low word of i, 0, 0].
/// Comparison: top 23 bits, kept if u < fl32(1 - rate) (``JAXUniform``).
/// Scaling: as ``JAXPartitionable``.
/// Offset: O(1).
/// Source: jax-ml/jax `jax/_src/random/philox4x32.py` (0.10.2).
package struct JAXPhilox4x32: MaskGenerator {
    private let key: (UInt32, UInt32)

    /// - Parameter seed: the halves of the seed as ``JAXKey`` cuts it.
    package init(seed: JAXKey) {
        let words = Philox4x32.block((seed.high, seed.low, 0, 0), key: (0, 0))
        self.init(key: (words.0, words.1))
    }

    /// - Parameter key: `jax.random.key_data(key)`.
    package init(key: (UInt32, UInt32)) { self.key = key }

    /// `jax.random.fold_in(key, data)`: the first two words of the block of counter [0, 0, 0, data].
    package func foldingIn(_ data: UInt32) -> JAXPhilox4x32 {
        let words = Philox4x32.block((0, 0, 0, data), key: key)
        return JAXPhilox4x32(key: (words.0, words.1))
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        let uniform = JAXUniform(.float32, probability: probability)
        return try [UInt8](count: shape.count, offset: offset, stop: stop) { high, low in
            let words = Philox4x32.block((high, low, 0, 0), key: key)
            return uniform.keeps(words.0 ^ words.1 ^ words.2 ^ words.3)
        }
    }

    package func drawnUniforms(_ shape: Shape, offset: UInt64, stop: StopFlag) throws(DropoutError) -> [Double]? {
        let uniform = JAXUniform(.float32)
        return try [Double](valuesOf: shape.count, offset: offset, stop: stop) { high, low in
            let words = Philox4x32.block((high, low, 0, 0), key: key)
            return uniform.number(UInt64(words.0 ^ words.1 ^ words.2 ^ words.3))
        }
    }
}
