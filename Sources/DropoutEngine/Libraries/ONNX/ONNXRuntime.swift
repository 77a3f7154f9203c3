package import Stopping

/// `onnxruntime`: the training-mode Dropout of ONNX Runtime's CPU provider; calls count from 0.
///
/// Bits: the C++ library's default engine, ``Minstd``, seeded with the two's complement of seed + call; one word an
///   element, u = ``Minstd/nextUniform()``.
/// Comparison: kept if u >= fl32(ratio), in float32.
/// Scaling: x / (1 - fl32(ratio)), a dropped element keeping its sign.
/// Offset: O(log offset).
/// Source: microsoft/onnxruntime `onnxruntime/core/providers/cpu/nn/dropout_op.h`, built with GNU's C++ library (run: 1.32.0).
package struct ONNXRuntime: MaskGenerator {
    private let seed: UInt64

    package init(seed: UInt64, call: UInt32) { self.seed = seed &+ UInt64(call) }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        var words = Minstd(seed: seed)
        words.skip(offset)
        let ratio = Float(probability.rate)
        return try [UInt8](drawing: shape.count, stop: stop) { words.nextUniform() >= ratio }
    }

    package func drawnUniforms(_ shape: Shape, offset: UInt64, stop: StopFlag) throws(DropoutError) -> [Double]? {
        var words = Minstd(seed: seed)
        words.skip(offset)
        return try [Double](valuesOf: shape.count, stop: stop) { Double(words.nextUniform()) }
    }
}
