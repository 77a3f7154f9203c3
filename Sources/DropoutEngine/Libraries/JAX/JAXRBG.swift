package import Stopping

/// `jax-rbg`: `jax.random.bernoulli(jax.random.key(seed, impl='rbg'), keep, shape)` on XLA's CPU, float32
/// probability.
///
/// Key: the threefry key twice, [hi, lo, hi, lo], which XLA reads as two little-endian 64-bit numbers k0 and k1.
/// Bits: XLA's Philox4x32-10 with key k0 and the state reversed as 128-bit counter (low k1, high k0), blocks counted
///   up; element i is word i.
/// Comparison: top 23 bits, kept if u < fl32(1 - rate) (``JAXUniform``).
/// Scaling: as ``JAXPartitionable``.
/// Offset: O(1). Edge cases: JAX promises these bits for one backend only; the CPU's are drawn here.
/// Source: jax-ml/jax `jax/_src/random/rbg.py` (0.10.2); openxla/xla `xla/hlo/builder/lib/prng.cc`.
package struct JAXRBG: MaskGenerator {
    private let halves: (JAXKey, JAXKey)

    package init(key: JAXKey) { self.halves = (key, key) }

    /// - Parameter keyData: the two halves of `jax.random.key_data(key)`.
    package init(keyData halves: (JAXKey, JAXKey)) { self.halves = halves }

    /// `jax.random.fold_in(key, data)`: threefry's, half by half.
    package func foldingIn(_ data: UInt32) -> JAXRBG {
        JAXRBG(keyData: (halves.0.foldingIn(data), halves.1.foldingIn(data)))
    }

    private var stream: PhiloxWordStream {
        PhiloxWordStream(
            key: halves.0.words, counterLow: UInt64(highHalf: halves.1.low, lowHalf: halves.1.high),
            counterHigh: UInt64(highHalf: halves.0.low, lowHalf: halves.0.high))
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        let uniform = JAXUniform(.float32, probability: probability)
        return try stream.maskOfWords(count: shape.count, offset: offset, stop: stop) { word in uniform.keeps(word) }
    }

    package func drawnUniforms(_ shape: Shape, offset: UInt64, stop: StopFlag) throws(DropoutError) -> [Double]? {
        let uniform = JAXUniform(.float32)
        return try stream.valuesOfWords(count: shape.count, offset: offset, stop: stop) { word in
            uniform.number(UInt64(word))
        }
    }
}
