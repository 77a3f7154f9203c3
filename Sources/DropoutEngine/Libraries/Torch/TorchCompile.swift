package import Stopping

/// `torch-compile`: `torch.manual_seed(s); torch.compile(f)(x)` on a CPU, where f calls `F.dropout(x, rate)` k times.
///
/// Key: a pass of the graph draws `randint(-2^63, 2^63 - 1, [k])`, two words w0, w1 of MT19937 (the seed's low 32 bits) a
///   number, one number for each dropout in order. The key is [the number's low 32 bits, 0]: w1, or 0 if all bits of both
///   words are set.
/// Bits: element i is word 0 of Philox4x32-10's block of counter [i mod 2^32, 0, 0, 0].
/// Comparison: u = fl32(word mod 2^31) · fl32(4.6566127342e-10) in float32, kept if u > rate, the rate rounded to the type
///   of x. Rate 0 and 1 draw nothing and do not count among the k.
/// Scaling: x · fl32(1 / (1 - rate)), the reciprocal in double; a dropped element keeps its sign, but at rate 1 is +0.
/// Offset: O(1). Dropout j of the graph's pass c, both counted from 0, comes after 2 · (k · c + j) words.
/// Edge cases: the draw goes in memory order, as ``TorchCPU``'s does; dropout1d, 2d, 3d and alpha_dropout are not compiled and
///   draw as there.
/// Source: pytorch/pytorch `torch/_inductor/fx_passes/replace_random.py`, `aten/src/ATen/core/PhiloxRNGEngine.h` (2.13.0).
package struct TorchCompile: MaskGenerator {
    private let words: MT19937
    private let type: DrawType

    /// - Parameters:
    ///   - words: the stream from the first word of the dropout's number on.
    ///   - type: the type of x.
    package init(words: MT19937, type: DrawType = .float32) { (self.words, self.type) = (words, type) }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        // A word of 0 would drop a unit at keep 1.
        guard probability.rate > 0 else { return [UInt8](repeating: 1, count: shape.count) }
        let (key, bound) = (key, bound(probability.rate))
        return try [UInt8](count: shape.count, offset: offset, stop: stop) { _, element in
            Self.uniform(element, key: key) > bound
        }
    }

    package func drawnUniforms(_ shape: Shape, offset: UInt64, stop: StopFlag) throws(DropoutError) -> [Double]? {
        let key = key
        return try [Double](valuesOf: shape.count, offset: offset, stop: stop) { _, element in
            Double(Self.uniform(element, key: key))
        }
    }

    private var key: UInt32 {
        var words = words
        let (upper, lower) = (words.next(), words.next())
        return upper & lower == .max ? 0 : lower
    }

    @inline(__always)
    private static func uniform(_ element: UInt32, key: UInt32) -> Float {
        let word = Philox4x32.block((element, 0, 0, 0), key: (key, 0)).0
        return Float(Int32(truncatingIfNeeded: word & 0x7FFF_FFFF)) * 4.6566127342e-10
    }

    /// The largest float32 up to the rate. A float32 above it is above the rate, and the other way round.
    private func bound(_ rate: Double) -> Float {
        let rounded = type.rounded(rate)
        let nearest = Float(rounded)
        return Double(nearest) > rounded ? nearest.nextDown : nearest
    }
}
