package import Stopping

/// `torch-cpu-mkl`: `torch.manual_seed(s); F.dropout(x, rate)` on an x86 CPU with MKL, up to torch 2.6.
///
/// Bits: one word of MT19937 (the seed's low 32 bits) seeds ``MCG31m1``, whose words x give u = fl32(x / (2^31 - 1)).
/// Comparison: kept if u < fl32(1 - rate), in float32.
///   Rate 0 draws nothing.
/// Scaling: x · fl32(1 / fl32(1 - rate)).
/// Offset: O(log offset).
/// Source: pytorch/pytorch `aten/src/ATen/native/cpu/DistributionKernels.cpp` (2.4.1); the comparison was found by probing.
package struct TorchCPUMKL: MaskGenerator {
    private let words: MT19937

    /// - Parameter words: the stream from the word on that seeds the draw.
    package init(words: MT19937) { self.words = words }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        // A quotient that rounds to 1 would drop a unit at keep 1.
        guard probability.rate > 0 else { return [UInt8](repeating: 1, count: shape.count) }
        var words = words
        var stream = MCG31m1(seed: words.next())
        stream.skip(offset)
        let keep = Float(probability.keep)
        // The quotient in float64 rounds to the float32 that MKL has; both are within the same half ulp.
        return try [UInt8](drawing: shape.count, stop: stop) { Float(Double(stream.next()) / 2_147_483_647) < keep }
    }
}
