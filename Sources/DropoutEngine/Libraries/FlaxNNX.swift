package import Stopping

/// `flax-nnx`: `flax.nnx.Dropout(rate, rngs=nnx.Rngs(dropout=seed))`.
///
/// Key: the constructor forks the stream once, `fold_in(stream key, keys drawn from the stream before)`; call c (from
///   0) then uses `fold_in(fork, c)`. In a stream shared with parameters, `nnx.Rngs(seed)`, each parameter drawn
///   before counts: behind a Linear layer with kernel and bias, 2 were drawn.
/// Bits and comparison: ``JAXPartitionable`` with a float32 probability.
/// Scaling: x · fl32(1 / fl32(1 - rate)), as XLA's CPU evaluates Flax's `inputs / keep_prob`.
/// Offset: O(1).
/// Source: google/flax `flax/nnx/rnglib.py`, `flax/nnx/nn/stochastic.py` (0.12.8).
package struct FlaxNNX: MaskGenerator {
    private let draws: JAXPartitionable

    package init(key: JAXKey, drawsBeforeFork: UInt32, call: UInt32) {
        self.draws = JAXPartitionable(key: key.foldingIn(drawsBeforeFork).foldingIn(call))
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        try draws.kept(shape, probability: probability, offset: offset, stop: stop)
    }
}
