package import Stopping

/// `mlx`: `mx.random.seed(seed); mlx.nn.Dropout(rate)(x)`, MLX's CPU build.
///
/// Key: (upper, lower) half of the seed. Each draw splits the global key in JAX's original way: the words of the
///   counts 0...3 by ``ThreefryHalves``; the first two replace the global key and the last two are the draw's key.
/// Bits: ``ThreefryHalves`` of n words, padded with the count 0; element i is word i.
/// Comparison: kept if float32(word) < fl32(keep) · 4294967808, in float32 and strictly. The factor is the next
///   float32 above 2^32, so keep 1 keeps all.
/// Scaling: x · fl32(1 / (1 - rate)), the reciprocal in double.
/// Offset: none but 0; element i depends on the element count.
/// Source: ml-explore/mlx `mlx/random.cpp`, `mlx/backend/cpu/primitives.cpp`, `python/mlx/nn/layers/dropout.py`
///   (0.32.4).
package struct MLXDropout: MaskGenerator {
    private let keys: MLXKeys

    /// - Parameter keys: the global key before the draw.
    package init(_ keys: MLXKeys) { self.keys = keys }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        guard offset == 0 else { throw .offsetUnsupported }
        let key = keys.drawKey
        let bound = Float(probability.keep) * 4_294_967_808
        var mask = [UInt8](repeating: 0, count: shape.count)
        try mask.withUnsafeMutableBufferPointer { (mask) throws(DropoutError) in
            try ThreefryHalves(key: key, count: mask.count, padding: 0).forEachWord(stop: stop) { index, word in
                mask[index] = Float(word) < bound ? 1 : 0
            }
        }
        return mask
    }
}
