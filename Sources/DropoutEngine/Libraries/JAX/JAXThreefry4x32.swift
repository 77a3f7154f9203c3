package import Stopping

/// `jax-threefry4x32`: `jax.random.bernoulli(jax.random.key(seed, impl='threefry4x32'), keep, shape)`, float32
/// probability.
///
/// Key: Threefry-4x32's block of counter 0 under the key [hi, lo, 0, 0], hi and lo being the seed's halves.
/// Bits: element i is the xor of the four words of the block of counter [high word of i, low word of i, 0, 0].
/// Comparison: top 23 bits, kept if u < fl32(1 - rate) (``JAXUniform``).
/// Scaling: as ``JAXPartitionable``.
/// Offset: O(1).
/// Source: jax-ml/jax `jax/_src/random/threefry4x32.py` (0.10.2).
package struct JAXThreefry4x32: MaskGenerator {
    private let key: Threefry4x32.Words

    /// - Parameter seed: the halves of the seed as ``JAXKey`` cuts it.
    package init(seed: JAXKey) {
        self.init(key: Threefry4x32.block((0, 0, 0, 0), key: (seed.high, seed.low, 0, 0)))
    }

    /// - Parameter key: `jax.random.key_data(key)`.
    package init(key: (UInt32, UInt32, UInt32, UInt32)) { self.key = key }

    /// `jax.random.fold_in(key, data)`: the block of counter [0, 0, 0, data].
    package func foldingIn(_ data: UInt32) -> JAXThreefry4x32 {
        JAXThreefry4x32(key: Threefry4x32.block((0, 0, 0, data), key: key))
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        let uniform = JAXUniform(.float32, probability: probability)
        return try [UInt8](count: shape.count, offset: offset, stop: stop) { high, low in
            let words = Threefry4x32.block((high, low, 0, 0), key: key)
            return uniform.keeps(words.0 ^ words.1 ^ words.2 ^ words.3)
        }
    }

    package func drawnUniforms(_ shape: Shape, offset: UInt64, stop: StopFlag) throws(DropoutError) -> [Double]? {
        let uniform = JAXUniform(.float32)
        return try [Double](valuesOf: shape.count, offset: offset, stop: stop) { high, low in
            let words = Threefry4x32.block((high, low, 0, 0), key: key)
            return uniform.number(UInt64(words.0 ^ words.1 ^ words.2 ^ words.3))
        }
    }
}
