/// Flax's layers: ``JAXPartitionable`` with a float32 probability, whatever the type of x, under a key of the layer's own.
///
/// Scaling: x · fl32(1 / fl32(1 - rate)), as XLA's CPU evaluates Flax's `inputs / keep_prob`.
/// Offset: O(1).
package enum Flax {
    /// `flax-linen`: `flax.linen.Dropout(rate)` inside `module.apply(..., rngs={'dropout': key})`.
    ///
    /// Key: `make_rng` folds into the given key the first four bytes, big endian, of the SHA-1 of the names of the
    ///   modules below the root down to the layer, concatenated as UTF-8, followed by the count of that layer's calls,
    ///   from 1, in as few big-endian bytes as hold it. A layer that is the root has no names; layers without a name of
    ///   their own are "Dropout_0", "Dropout_1", ... (`flax_fix_rng_separator`, off by default, is not drawn.)
    /// Source: google/flax `flax/linen/stochastic.py`, `flax/core/scope.py` (0.12.8).
    ///
    /// - Parameters:
    ///   - key: the key given as `rngs['dropout']` (or `rngs['params']`, which serves where there is no 'dropout').
    ///   - path: the hash of the names from below the root down to the layer, as far as ``SHA1/digest`` has not ended it.
    ///   - call: how often that layer was called before in the same `apply`.
    package static func linen(key: JAXKey, path: SHA1, call: UInt32) -> JAXPartitionable {
        JAXPartitionable(key: key.foldingIn(linenData(path: path, call: call)))
    }

    /// What `make_rng` folds into a key of any type for a call of the layer at this path.
    package static func linenData(path: SHA1, call: UInt32) -> UInt32 {
        var message = path
        let count = UInt64(call) + 1
        let leadingZeroBytes = count.leadingZeroBitCount / 8
        message.absorb((leadingZeroBytes..<8).map { UInt8(truncatingIfNeeded: count >> UInt64(56 - 8 * $0)) })
        return message.digest.0
    }

    /// ``linen(key:path:call:)`` with the names from below the root down to the layer.
    package static func linen(key: JAXKey, path: [String], call: UInt32) -> JAXPartitionable {
        var hash = SHA1()
        for name in path { hash.absorb(name.utf8) }
        return linen(key: key, path: hash, call: call)
    }

    /// `flax-nnx`: `flax.nnx.Dropout(rate, rngs=nnx.Rngs(dropout=seed))`.
    ///
    /// Key: the constructor forks the stream once, `fold_in(stream key, keys drawn from the stream before)`; call c (from
    ///   0) then uses `fold_in(fork, c)`. In a stream shared with parameters, `nnx.Rngs(seed)`, each parameter drawn
    ///   before counts: after a Linear layer with kernel and bias, 2 were drawn.
    /// Source: google/flax `flax/nnx/rnglib.py`, `flax/nnx/nn/stochastic.py` (0.12.8).
    package static func nnx(key: JAXKey, drawsBeforeFork: UInt32, call: UInt32) -> JAXPartitionable {
        JAXPartitionable(key: key.foldingIn(drawsBeforeFork).foldingIn(call))
    }
}
