package import Stopping

/// `onnx-reference`: the recipe of ONNX's backend tests, `np.random.seed(s); mask = np.random.uniform(0, 1, shape) >= ratio`.
///
/// Bits: as ``NumPyLegacy``.
/// Comparison: kept if u >= ratio, the ratio rounded to float32 as the operator's input is.
/// Scaling: x · mask · fl32(1 / (1 - fl32(ratio))), so a dropped element keeps its sign.
/// Offset: O(log offset), as ``NumPyLegacy``.
/// Source: onnx/onnx `onnx/reference/ops/op_dropout.py`.
package struct ONNXReference: MaskGenerator {
    private let words: MT19937

    /// - Parameter words: the stream from the first word of the draw on.
    package init(words: MT19937) { self.words = words }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        var words = words
        try words.skip(units: offset, wordsEach: 2, stop: stop)
        let threshold = DrawType.float32.threshold(probability.rate, bits: 53)
        return try [UInt8](drawing: shape.count, stop: stop) { words.nextNumPyDouble() >= threshold }
    }

    package func drawnUniforms(_ shape: Shape, offset: UInt64, stop: StopFlag) throws(DropoutError) -> [Double]? {
        var words = words
        try words.skip(units: offset, wordsEach: 2, stop: stop)
        return try [Double](valuesOf: shape.count, stop: stop) { Double(words.nextNumPyDouble()) * 0x1p-53 }
    }
}
