/// `flax-linen`: `flax.linen.Dropout(rate)` inside `module.apply(..., rngs={'dropout': key})`.
///
/// Key: `make_rng` folds into the given key the first four bytes, big endian, of the SHA-1 of the names of the
///   modules below the root down to the layer, concatenated as UTF-8, followed by the count of that layer's calls,
///   from 1, in as few big-endian bytes as hold it. A layer that is the root has no names; layers without a name of
///   their own are "Dropout_0", "Dropout_1", ... (`flax_fix_rng_separator`, off by default, is not drawn.)
/// Bits and comparison: ``JAXPartitionable`` with a float32 probability, whatever the input's type.
/// Scaling: x · fl32(1 / fl32(1 - rate)), as XLA's CPU evaluates Flax's `inputs / keep_prob`.
/// Offset: O(1).
/// Source: google/flax `flax/linen/stochastic.py`, `flax/core/scope.py` (0.12.8).
package struct FlaxLinen: MaskGenerator {
    private let draws: JAXPartitionable

    /// - Parameters:
    ///   - key: the key given as `rngs['dropout']` (or `rngs['params']`, which serves where there is no 'dropout').
    ///   - path: the names from below the root down to the layer.
    ///   - call: how often that layer was called before in the same `apply`.
    package init(key: JAXKey, path: [String], call: UInt32) {
        var message = path.flatMap { name in Array(name.utf8) }
        let count = UInt64(call) + 1
        let leadingZeroBytes = count.leadingZeroBitCount / 8
        for byte in leadingZeroBytes..<8 {
            message.append(UInt8(truncatingIfNeeded: count >> UInt64(56 - 8 * byte)))
        }
        self.draws = JAXPartitionable(key: key.foldingIn(SHA1.digest(message).0))
    }

    package func kept(_ shape: Shape, probability: KeepProbability, offset: UInt64) throws(DropoutError) -> [UInt8] {
        try draws.kept(shape, probability: probability, offset: offset)
    }
}
