/// `onnx-reference`: the recipe of ONNX's backend tests, `np.random.seed(s); mask = np.random.uniform(0, 1, shape) >= ratio`.
///
/// Bits: as ``NumPyLegacy``.
/// Comparison: kept where u >= ratio, the ratio rounded to float32 as the operator's input is.
/// Scaling: x · mask · (1 / (1 - ratio)).
/// Offset: by drawing, as ``NumPyLegacy``.
/// Source: onnx/onnx `onnx/reference/ops/op_dropout.py`.
package struct ONNXReference: MaskGenerator {
    private let seed: UInt32

    package init(seed: UInt32) { self.seed = seed }

    package func kept(_ shape: Shape, probability: KeepProbability, offset: UInt64) throws(DropoutError) -> [UInt8] {
        var words = MT19937(seed: seed)
        try words.skip(0, units: offset, wordsEach: 2)
        let threshold = ProbabilityThreshold.ceiling(of: DrawType.float32.rounded(probability.rate), bits: 53)
        return [UInt8](drawing: shape.count) { words.nextNumPyDouble() >= threshold }
    }
}
