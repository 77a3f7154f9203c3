package import Stopping

/// `torch-rand`: `torch.manual_seed(s); torch.rand(*shape) < keep` on a CPU, and `torch.bernoulli` of a tensor.
///
/// Bits: MT19937 by `init_genrand` of the seed's low 32 bits. float32: one word an element, its lowest 24 bits, u = K · 2^-24.
///   float64: two words, the first the upper half, the lowest 53 bits, u = K · 2^-53.
/// Comparison: kept if u < keep, strictly, keep rounded to the type. Every rate draws.
/// Offset: O(log offset). The words drawn before are skipped already.
/// Source: pytorch/pytorch `aten/src/ATen/core/TransformationHelper.h`, `native/cpu/DistributionTemplates.h` (2.13.0).
package struct TorchRand: MaskGenerator {
    private let words: MT19937
    private let isDouble: Bool

    /// - Parameters:
    ///   - words: the stream from the first word of the draw on.
    ///   - isDouble: whether the uniforms are float64 rather than float32.
    package init(words: MT19937, isDouble: Bool) { (self.words, self.isDouble) = (words, isDouble) }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        var words = words
        try words.skip(units: offset, wordsEach: isDouble ? 2 : 1, stop: stop)
        if isDouble {
            let threshold = DrawType.float64.threshold(probability.keep, bits: 53)
            return try [UInt8](drawing: shape.count, stop: stop) {
                let high = UInt64(words.next())
                return (high << 32 | UInt64(words.next())) & (1 << 53 - 1) < threshold
            }
        }
        let threshold = DrawType.float32.threshold(probability.keep, bits: 24)
        return try [UInt8](drawing: shape.count, stop: stop) { UInt64(words.next() & 0xFF_FFFF) < threshold }
    }

    package func drawnUniforms(_ shape: Shape, offset: UInt64, stop: StopFlag) throws(DropoutError) -> [Double]? {
        var words = words
        try words.skip(units: offset, wordsEach: isDouble ? 2 : 1, stop: stop)
        return try [Double](valuesOf: shape.count, stop: stop) {
            isDouble ? words.nextTorchDouble() : Double(words.next() & 0xFF_FFFF) * 0x1p-24
        }
    }
}
