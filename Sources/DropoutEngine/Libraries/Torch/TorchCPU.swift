package import Stopping

/// `torch-cpu`: `torch.manual_seed(s); F.dropout(x, rate)` on a CPU, torch 2.7 and later (earlier without MKL).
///
/// Bits: MT19937 by `init_genrand` of the seed's low 32 bits; two words an element, the first the upper half, of which the
///   lowest 53 bits are K and u = K · 2^-53.
/// Comparison: kept if u < 1 - rate, strictly, in float64, whatever the type of x. Rate 0 and 1 draw nothing.
/// Scaling: x · fl32(1 / fl32(1 - rate)): the noise is divided first, then multiplied.
/// Offset: O(log offset). What was drawn before takes words too: a Linear(4, 3) takes 15, one for each float32 parameter.
/// Edge cases: the draw goes in memory order, so a channels_last tensor has its mask permuted; dropout1d, 2d and 3d draw one
///   unit for each (example, channel).
/// Source: pytorch/pytorch `aten/src/ATen/native/cpu/DistributionTemplates.h`, `core/MT19937RNGEngine.h` (2.13.0).
package struct TorchCPU: MaskGenerator {
    private let words: MT19937

    /// - Parameter words: the stream from the first word of the draw on.
    package init(words: MT19937) { self.words = words }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        var words = words
        try words.skip(units: offset, wordsEach: 2, stop: stop)
        let threshold = DrawType.float64.threshold(probability.keep, bits: 53)
        return try [UInt8](drawing: shape.count, stop: stop) {
            let high = UInt64(words.next())
            return (high << 32 | UInt64(words.next())) & (1 << 53 - 1) < threshold
        }
    }

    package func drawnUniforms(_ shape: Shape, offset: UInt64, stop: StopFlag) throws(DropoutError) -> [Double]? {
        var words = words
        try words.skip(units: offset, wordsEach: 2, stop: stop)
        return try [Double](valuesOf: shape.count, stop: stop) { words.nextTorchDouble() }
    }
}

extension MT19937 {
    /// The next number of `torch.rand` in float64: K · 2^-53, K the lowest 53 bits of two words, the first the upper half.
    @inline(__always)
    mutating func nextTorchDouble() -> Double {
        let high = UInt64(next())
        return Double((high << 32 | UInt64(next())) & (1 << 53 - 1)) * 0x1p-53
    }
}
