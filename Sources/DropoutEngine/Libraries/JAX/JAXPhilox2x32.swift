package import Stopping

/// `jax-philox2x32`: `jax.random.bernoulli(jax.random.key(seed, impl='philox2x32'), keep, shape)`, float32
/// probability.
///
/// Key: the first word of Philox2x32-10's block of counter [hi, lo] under key 0, hi and lo being the seed's halves.
/// Bits: element i is the xor of the two words of the block of counter [high word of i, low word of i].
/// Comparison: top 23 bits, kept if u < fl32(1 - rate) (``JAXUniform``).
/// Scaling: as ``JAXPartitionable``.
/// Offset: O(1).
/// Source: jax-ml/jax `jax/_src/random/philox2x32.py` (0.10.2).
package struct JAXPhilox2x32: MaskGenerator {
    private let key: UInt32

    /// - Parameter seed: the halves of the seed as ``JAXKey`` cuts it.
    package init(seed: JAXKey) {
        self.init(key: Philox2x32.block(seed.words, key: 0).0)
    }

    /// - Parameter key: `jax.random.key_data(key)`.
    package init(key: UInt32) { self.key = key }

    /// `jax.random.fold_in(key, data)`: the first word of the block of counter [0, data].
    package func foldingIn(_ data: UInt32) -> JAXPhilox2x32 {
        JAXPhilox2x32(key: Philox2x32.block((0, data), key: key).0)
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        let uniform = JAXUniform(.float32, probability: probability)
        return try [UInt8](count: shape.count, offset: offset, stop: stop) { high, low in
            let (a, b) = Philox2x32.block((high, low), key: key)
            return uniform.keeps(a ^ b)
        }
    }

    package func drawnUniforms(_ shape: Shape, offset: UInt64, stop: StopFlag) throws(DropoutError) -> [Double]? {
        let uniform = JAXUniform(.float32)
        return try [Double](valuesOf: shape.count, offset: offset, stop: stop) { high, low in
            let (a, b) = Philox2x32.block((high, low), key: key)
            return uniform.number(UInt64(a ^ b))
        }
    }
}
