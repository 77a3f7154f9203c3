package import Stopping

/// `tinygrad`: `Tensor.manual_seed(seed); x.dropout(rate)` in training, float32, on the first device used.
///
/// Key: (device word, lower half of the seed). Each draw hashes the number of words drawn before on that device, as
///   counter (lower word, upper word) modulo 2^64, and the block is the draw's key.
/// Bits: ``ThreefryHalves`` of n words, whose last block for an odd n hashes the count n; element i is word i.
/// Comparison: top 23 bits, kept if u >= fl32(rate).
/// Scaling: x · fl32(1 / (1 - rate)), the reciprocal in double.
/// Offset: none but 0; element i depends on the element count.
/// Source: tinygrad/tinygrad `tinygrad/mixin/rand.py`, `tinygrad/tensor.py` (0.14.0).
package struct TinygradDropout: MaskGenerator {
    /// The last four bytes, big endian, of the SHA-256 of four zero bytes: device number 0.
    private static let deviceWord: UInt32 = 0x14B8_1119

    private let seed: UInt64
    private let call: UInt32
    private let wordsBefore: UInt64

    /// - Parameters:
    ///   - call: earlier draws of the same shape since the seed was set.
    ///   - wordsBefore: the 32-bit words drawn before those.
    package init(seed: UInt64, call: UInt32, wordsBefore: UInt64 = 0) {
        self.seed = seed
        self.call = call
        self.wordsBefore = wordsBefore
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        guard offset == 0 else { throw .offsetUnsupported }
        let threshold = DrawType.float32.threshold(probability.rate, bits: 23)
        return try values(shape.count, stop) { number in UInt64(number) >= threshold ? 1 : 0 }
    }

    package func drawnUniforms(_ shape: Shape, offset: UInt64, stop: StopFlag) throws(DropoutError) -> [Double]? {
        guard offset == 0 else { throw .offsetUnsupported }
        return try values(shape.count, stop) { number in Double(number) * 0x1p-23 }
    }

    /// A value of the top 23 bits of each word.
    @inline(__always)
    private func values<Value: BitwiseCopyable & ExpressibleByIntegerLiteral>(
        _ count: Int, _ stop: StopFlag, _ value: (UInt32) -> Value
    ) throws(DropoutError) -> [Value] {
        let drawn = wordsBefore &+ UInt64(call) &* UInt64(truncatingIfNeeded: count)
        let key = Threefry2x32.block((drawn.lowHalf, drawn.highHalf), key: (Self.deviceWord, seed.lowHalf))
        var values = [Value](repeating: 0, count: count)
        try values.withUnsafeMutableBufferPointer { values throws(DropoutError) in
            try ThreefryHalves(key: key, count: count, padding: UInt32(truncatingIfNeeded: count))
                .forEachWord(stop: stop) { index, word in values[index] = value(word &>> 9) }
        }
        return values
    }
}
