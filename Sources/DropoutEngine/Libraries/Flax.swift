/// Flax's layers draw as JAX does, see ``JAXPartitionable``, under a key that each layer derives.
///
/// `flax-linen`: `flax.linen.Dropout(rate)` inside `module.apply(..., rngs={'dropout': key})`. The layer folds
/// ``linenData(path:call:)`` into the given key.
///
/// `flax-nnx`: `flax.nnx.Dropout(rate, rngs=nnx.Rngs(dropout=seed))`. The constructor forks the stream once: it folds into
/// the stream's key the number of keys drawn from the stream before. Call c, counted from 0, folds c into the fork. In a
/// stream shared with parameters, `nnx.Rngs(seed)`, each parameter drawn before counts: a Linear layer with kernel and bias
/// draws 2.
///
/// Scaling: x · fl32(1 / fl32(1 - rate)), as XLA's CPU evaluates Flax's `inputs / keep_prob`.
/// Offset: O(1).
/// Source: google/flax `flax/linen/stochastic.py`, `flax/core/scope.py`, `flax/nnx/rnglib.py`, `flax/nnx/nn/stochastic.py`
///   (0.12.8).
package enum Flax {
    /// What Linen's `make_rng` folds into the key that was given as `rngs['dropout']`, or as `rngs['params']` if there is no
    /// 'dropout'.
    ///
    /// The number is the first four bytes, big endian, of the SHA-1 of a text. The text is the names of the modules below the
    /// root down to the layer, concatenated as UTF-8, and then the count of the layer's calls, from 1, in as few big-endian
    /// bytes as hold it. A layer that is the root has no names. Layers without a given name are "Dropout_0", "Dropout_1", ...
    /// (`flax_fix_rng_separator`, off by default, is not drawn.)
    ///
    /// - Parameters:
    ///   - path: the hash of the names.
    ///   - call: how often the layer was called before in the same `apply`.
    package static func linenData(path: SHA1, call: UInt32) -> UInt32 {
        var message = path
        let count = UInt64(call) + 1
        let leadingZeroBytes = count.leadingZeroBitCount / 8
        message.absorb((leadingZeroBytes..<8).map { UInt8(truncatingIfNeeded: count >> UInt64(56 - 8 * $0)) })
        return message.digest.0
    }
}
