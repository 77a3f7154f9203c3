package import Stopping

/// `onnx-reference`: the recipe of ONNX's backend tests, `np.random.seed(s); mask = np.random.uniform(0, 1, shape) >= ratio`.
///
/// Bits: as ``NumPyLegacy``.
/// Comparison: kept where u >= ratio, the ratio rounded to float32 as the operator's input is.
/// Scaling: x · mask · fl32(1 / (1 - fl32(ratio))), so a dropped element keeps its sign.
/// Offset: O(log offset), as ``NumPyLegacy``.
/// Source: onnx/onnx `onnx/reference/ops/op_dropout.py`.
package struct ONNXReference: MaskGenerator {
    private let words: MT19937
    private let skip: UInt64

    /// - Parameter skip: uniforms drawn before.
    package init(seed: UInt32, skip: UInt64 = 0) {
        self.words = MT19937(seed: seed)
        self.skip = skip
    }

    /// - Parameter words: the stream from the first word of the draw on.
    package init(words: MT19937) {
        self.words = words
        self.skip = 0
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        var words = words
        try words.advance(byWide: 2 * (UInt128(skip) + UInt128(offset)), stop: stop)
        let threshold = ProbabilityThreshold.ceiling(of: DrawType.float32.rounded(probability.rate), bits: 53)
        return try [UInt8](drawing: shape.count, stop: stop) { words.nextNumPyDouble() >= threshold }
    }
}
