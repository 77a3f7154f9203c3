package import Stopping

/// `keras-torch`: `keras.layers.Dropout(rate, seed=s)` on the torch backend; calls count from 0.
///
/// Bits: MT19937 of (seed + call) mod 2^32, *one* word an element (unlike ``TorchCPU``), its lowest 24 bits.
/// Comparison: `torch.bernoulli` of a float32 tensor: kept if u < fl32(1 - rate), strictly.
/// Scaling: x / fl32(1 - rate).
/// Offset: O(log offset).
/// Source: keras-team/keras `keras/src/backend/torch/random.py` (3.15.1).
package struct KerasTorch: MaskGenerator {
    private let seed: UInt32

    package init(seed: UInt32, call: UInt32) { self.seed = seed &+ call }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        var words = MT19937(seed: seed)
        try words.advance(by: offset, stop: stop)
        let threshold = DrawType.float32.threshold(probability.keep, bits: 24)
        return try [UInt8](drawing: shape.count, stop: stop) { UInt64(words.next() & 0xFF_FFFF) < threshold }
    }

    package func drawnUniforms(_ shape: Shape, offset: UInt64, stop: StopFlag) throws(DropoutError) -> [Double]? {
        var words = MT19937(seed: seed)
        try words.advance(by: offset, stop: stop)
        return try [Double](valuesOf: shape.count, stop: stop) { Double(words.next() & 0xFF_FFFF) * 0x1p-24 }
    }
}
