package import Stopping

/// `paddle`: `paddle.seed(s); paddle.nn.functional.dropout(x, rate)` on a CPU.
///
/// Seeding: ``MT19937_64`` by C++'s `seed_seq` of the seed's low 32 bits.
/// Bits: one 64-bit word an element; u = fl32(word) / 2^64, which may round up to 1 and is then the float32 below.
/// Comparison: kept if u >= fl32(rate), in float32, whatever the type of x. Rate 0, and a rate whose float32 is 1, draw
///   nothing.
/// Scaling: x / (1 - fl32(rate)), the difference in float32. `mode='downscale_in_infer'` does not scale.
/// Offset: O(log offset).
/// Edge cases: `axis=`, dropout2d and dropout3d draw the reduced shape with the same bits and comparison, and scale by
///   x · fl32(1 / (1 - rate)), the reciprocal in double. A static program with a seed of its own is another stream.
/// Source: PaddlePaddle/Paddle `paddle/phi/kernels/cpu/dropout_kernel.cc`, `paddle/phi/core/generator.cc` (3.3.1).
package struct Paddle: MaskGenerator {
    private let words: MT19937_64

    /// - Parameter words: the stream from the first word of the draw on.
    package init(words: MT19937_64) { self.words = words }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        guard let threshold = Self.firstKept(rate: Float(probability.rate)) else {
            return [UInt8](repeating: 0, count: shape.count)
        }
        var words = words
        try words.advance(by: offset, stop: stop)
        return try [UInt8](drawing: shape.count, stop: stop) { words.next() >= threshold }
    }

    package func drawnUniforms(_ shape: Shape, offset: UInt64, stop: StopFlag) throws(DropoutError) -> [Double]? {
        var words = words
        try words.advance(by: offset, stop: stop)
        return try [Double](valuesOf: shape.count, stop: stop) { Double(Self.uniform(words.next())) }
    }

    private static func uniform(_ word: UInt64) -> Float { min(Float(word) * 0x1p-64, Float(1).nextDown) }

    /// The smallest word that is kept; nil if none is.
    ///
    /// u grows with the word, so the bits of the number of dropped words are found one by one.
    private static func firstKept(rate: Float) -> UInt64? {
        func isDropped(_ word: UInt64) -> Bool { uniform(word) < rate }
        guard !isDropped(.max) else { return nil }
        var dropped: UInt64 = 0
        for bit in (0..<64).reversed() where isDropped(dropped + (1 << UInt64(bit) - 1)) { dropped += 1 << UInt64(bit) }
        return dropped
    }
}
