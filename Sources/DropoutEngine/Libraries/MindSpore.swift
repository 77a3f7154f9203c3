package import Stopping

/// `mindspore`: `ms.set_seed(s); ops.dropout(x, p=rate)` or a `nn.Dropout` on a CPU.
///
/// Seeds: seed0 = s mod (2^31 - 1), where s = 0 counts as 87654321; seed1 = 533697028 · draw mod (2^31 - 1).
///   `draw` counts the calls of `ops.dropout` and the constructions of `nn.Dropout` since `set_seed`, from 0. A `seed` of
///   `ops.dropout` itself is not taken.
/// Bits: the first 64 of TensorFlow's scramble of both seeds (``PhiloxWordStream/init(scrambling:)``) seed ``Minstd``; one
///   word an element, u = ``Minstd/nextUniform()``.
/// Comparison: kept if u < fl32(1 - rate), in float32, whatever the type of x. Rate 0 draws nothing.
/// Scaling: x · fl32(1 / fl32(1 - rate)), the factor in float32 for float64 too; a dropped element keeps its sign.
/// Offset: O(log offset). `skip` counts words drawn before from the same seeds: a `nn.Dropout` goes on from call to call, in
///   a stream of its own for each shape of x.
/// Edge cases: MindSpore takes a random seed if both seeds are 0.
/// Source: mindspore-ai/mindspore `mindspore/ccsrc/plugin/device/cpu/kernel/dropout_cpu_kernel.cc`,
///   `mindspore/python/mindspore/common/seed.py` (2.10.0).
package struct MindSpore: MaskGenerator {
    private let words: Minstd
    private let skip: UInt64

    /// Nil if both seeds are 0: s is a multiple of 2^31 - 1 but not 0, and the draw is a multiple of it.
    package init?(seed: UInt32, draw: UInt64, skip: UInt64 = 0) {
        let modulus: UInt128 = 0x7FFF_FFFF
        let first = UInt64(UInt128(seed == 0 ? 87_654_321 : seed) % modulus)
        let second = UInt64(533_697_028 * UInt128(draw) % modulus)
        guard first != 0 || second != 0 else { return nil }
        let key = PhiloxWordStream(scrambling: (first, second)).key
        self.words = Minstd(seed: UInt64(highHalf: key.1, lowHalf: key.0))
        self.skip = skip
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        var words = words
        words.skip(skip)
        words.skip(offset)
        let keep = Float(probability.keep)
        return try [UInt8](drawing: shape.count, stop: stop) { words.nextUniform() < keep }
    }

    package func drawnUniforms(_ shape: Shape, offset: UInt64, stop: StopFlag) throws(DropoutError) -> [Double]? {
        var words = words
        words.skip(skip)
        words.skip(offset)
        return try [Double](valuesOf: shape.count, stop: stop) { Double(words.nextUniform()) }
    }
}
