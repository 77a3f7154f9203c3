/// `jax-rbg`: `jax.random.bernoulli(jax.random.key(seed, impl='rbg'), keep, shape)` on XLA's CPU, float32
/// probability.
///
/// Key: the threefry key twice, [hi, lo, hi, lo], which XLA reads as two little-endian 64-bit numbers k0 and k1.
/// Bits: XLA's Philox4x32-10 with key k0 and the state reversed as 128-bit counter (low k1, high k0), blocks counted
///   up; element i is word i.
/// Comparison: top 23 bits, kept where u < fl32(1 - rate) (``JAXUniform``).
/// Scaling: as ``JAXPartitionable``.
/// Offset: O(1). Edge cases: JAX promises these bits for one backend only; the CPU's are drawn here.
/// Source: jax-ml/jax `jax/_src/random/rbg.py` (0.10.2); openxla/xla `xla/hlo/builder/lib/prng.cc`.
package struct JAXRBG: MaskGenerator {
    private let stream: PhiloxWordStream

    package init(key: JAXKey) {
        let both = UInt64(highHalf: key.low, lowHalf: key.high)
        self.stream = PhiloxWordStream(key: key.words, counterLow: both, counterHigh: both)
    }

    package func kept(_ shape: Shape, probability: KeepProbability, offset: UInt64) throws(DropoutError) -> [UInt8] {
        let uniform = JAXUniform(.float32, probability: probability)
        return stream.maskOfWords(count: shape.count, offset: offset) { word in uniform.keeps(word) }
    }
}
