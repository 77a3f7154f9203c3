package import Stopping

/// `tf-stateless-xla-threefry`: `stateless_dropout(x, rate, seed, rng_alg='threefry')` in a
/// `tf.function(jit_compile=True)`.
///
/// Key: the lower words of the two seeds, not scrambled.
/// Bits, up to 32 a value: one dimension is halved, rounding up: the first even one, else the largest (the first of
///   equals). Block c of that half shape, row-major, hashes the counter (c low, c high); its two words are neighbours
///   along the halved dimension, and the padding of an odd one is dropped. So the mask depends on the dimensions, not
///   on their product alone.
/// Bits, float64: element i is block i, word 1 above word 0.
/// Comparison: high bits (``TFUniform``), kept if u >= rate, the rate rounded to the type of x.
/// Scaling: x · fl32(1 / (1 - rate)), the reciprocal in double.
/// Offset: none but 0.
/// Edge cases: a scalar is drawn as the shape [1] **[from the sources]**.
/// Source: openxla/xla `xla/hlo/builder/lib/prng.cc`, `SplitShapeIntoHalves` (TensorFlow 2.21.0), run on the CPU.
package struct TFStatelessXLAThreefry: MaskGenerator {
    private let key: (UInt32, UInt32)
    private let type: DrawType

    package init(seed: (Int64, Int64), type: DrawType) {
        self.key = (UInt32(truncatingIfNeeded: seed.0), UInt32(truncatingIfNeeded: seed.1))
        self.type = type
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        guard offset == 0 else { throw .offsetUnsupported }
        let uniform = TFUniform(xla: type, probability: probability)
        return try values(shape, stop, ofWord: { uniform.keeps($0) ? 1 : 0 }) { bits in uniform.keeps(bits) ? 1 : 0 }
    }

    package func drawnUniforms(_ shape: Shape, offset: UInt64, stop: StopFlag) throws(DropoutError) -> [Double]? {
        guard offset == 0 else { throw .offsetUnsupported }
        let uniform = TFUniform(xla: type, probability: .half)
        return try values(shape, stop, ofWord: { uniform.number(UInt64($0)) }) { bits in uniform.number(bits) }
    }

    /// A value of a word for each element, in float64 of a block's two words.
    @inline(__always)
    private func values<Value: BitwiseCopyable & ExpressibleByIntegerLiteral>(
        _ shape: Shape, _ stop: StopFlag, ofWord value: (UInt32) -> Value, ofPair wideValue: (UInt64) -> Value
    ) throws(DropoutError) -> [Value] {
        guard type != .float64 else {
            return try [Value](valuesOf: shape.count, offset: 0, stop: stop) { high, low in
                let (lower, upper) = Threefry2x32.block((low, high), key: key)
                return wideValue(UInt64(highHalf: upper, lowHalf: lower))
            }
        }
        guard shape.count > 0 else { return [] }

        let axis = Self.halvedAxis(of: shape)
        let extent = axis < shape.rank ? shape.dimensions[axis] : 1
        let inner = shape.dimensions.dropFirst(axis + 1).reduce(1, *)
        let outer = shape.count / (extent * inner)
        let blocksBetweenQuestions = UInt64(StopFlag.drawnUnits / 2)
        var values = [Value](repeating: 0, count: shape.count)
        try values.withUnsafeMutableBufferPointer { values throws(DropoutError) in
            var block: UInt64 = 0
            for slab in 0..<outer {
                for row in stride(from: 0, to: extent, by: 2) {
                    let start = (slab * extent + row) * inner
                    let hasPartner = row + 1 < extent
                    for element in start..<(start + inner) {
                        if block & (blocksBetweenQuestions - 1) == 0 { try stop.ask() }
                        let (first, second) = Threefry2x32.block((block.lowHalf, block.highHalf), key: key)
                        values[element] = value(first)
                        if hasPartner { values[element + inner] = value(second) }
                        block &+= 1
                    }
                }
            }
        }
        return values
    }

    /// The dimension along which the two words of a block are neighbours; 0 for a scalar.
    private static func halvedAxis(of shape: Shape) -> Int {
        var largest = 0
        for (axis, extent) in shape.dimensions.enumerated() {
            if extent.isMultiple(of: 2) { return axis }
            if extent > shape.dimensions[largest] { largest = axis }
        }
        return largest
    }
}
