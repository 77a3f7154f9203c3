/// A threefry key of JAX, two 32-bit words: `jax.random.key(seed)` and what is derived from it.
///
/// Source: jax-ml/jax `jax/_src/random/threefry2x32.py`, `prng.py` (0.10.2).
package struct JAXKey: Sendable, Hashable {
    /// `jax.random.key_data(key)[0]`.
    package let high: UInt32

    /// `jax.random.key_data(key)[1]`.
    package let low: UInt32

    /// The key with this data: `jax.random.wrap_key_data([high, low])`.
    package init(high: UInt32, low: UInt32) {
        self.high = high
        self.low = low
    }

    /// `jax.random.key(seed)`: the upper and the lower half of the seed, in two's complement.
    ///
    /// Edge cases: without `x64`, JAX's default, the seed is cut to 32 bits: s and s + 2^32 give one key, and -1
    ///   gives that of 2^32 - 1.
    package init(seed: Int64, x64: Bool = false) {
        let bits = UInt64(bitPattern: seed)
        self.init(high: x64 ? bits.highHalf : 0, low: bits.lowHalf)
    }

    /// `jax.random.fold_in(key, data)`: the block of counter (0, data).
    package func foldingIn(_ data: UInt32) -> JAXKey {
        let (high, low) = Threefry2x32.block((0, data), key: words)
        return JAXKey(high: high, low: low)
    }

    var words: (UInt32, UInt32) { (high, low) }
}
