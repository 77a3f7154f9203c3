package import Stopping

/// `tf-dropout`: `tf.random.set_seed(g); tf.nn.dropout(x, rate, seed=o)`, not under XLA (which ignores these seeds).
///
/// Seeds: both modulo 2^31 - 1, (0, 0) becoming (0, 2^31 - 1). Philox4x32-10's key is the graph seed as a 64-bit
///   number and its first counter [0, 0, o low, o high], without scrambling.
/// Calls: eager operations with one op seed (and one type) share a cached kernel, and each reserves 256 blocks an
///   element: call c on the same shape starts 256 · n · c blocks later. Without an op seed, eager mode draws a fresh
///   one for each call from CPython's `random.Random(g).randint(0, 2^31 - 1)`: MT19937 seeded by array with the
///   32-bit words of |g|, words from 2^31 on rejected. In a `tf.function` without an op seed, give the operation's index 0,
///   1, ... as op seed.
/// Bits and comparison: as ``TFStateless``: low bits, kept if u >= rate, the rate rounded to the type of x.
/// Scaling: x · fl32(1 / (1 - rate)), the reciprocal in double.
/// Offset: O(1), but for a later call with an op seed only 0, for its start depends on the whole element count.
/// Source: tensorflow/tensorflow `core/util/guarded_philox_random.cc`, `core/kernels/random_op_cpu.h`,
///   `python/framework/random_seed.py` (2.21.0).
package struct TFDropout: MaskGenerator {
    private enum OpSeed {
        case given(Int64, earlierRuns: UInt32)
        case drawn(Int64)
    }

    private let graphSeed: Int64
    private let opSeed: OpSeed
    private let type: DrawType

    /// A call with an op seed.
    ///
    /// - Parameters:
    ///   - call: the earlier calls with this op seed.
    ///   - type: the type of x, in which the uniforms are drawn.
    package init(graphSeed: Int64, opSeed: Int64, call: UInt32, type: DrawType) {
        self.graphSeed = graphSeed
        self.opSeed = .given(opSeed, earlierRuns: call)
        self.type = type
    }

    /// The eager call that takes the next of `opSeeds`.
    package init(graphSeed: Int64, opSeeds: TFOpSeeds, type: DrawType) {
        self.graphSeed = graphSeed
        self.opSeed = .drawn(opSeeds.next)
        self.type = type
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        try stream(shape, offset).eagerMask(
            count: shape.count, offset: offset, type: type, probability: probability, stop: stop)
    }

    package func drawnUniforms(_ shape: Shape, offset: UInt64, stop: StopFlag) throws(DropoutError) -> [Double]? {
        try stream(shape, offset).eagerUniforms(count: shape.count, offset: offset, type: type, stop: stop)
    }

    /// The stream at the first block of the call.
    private func stream(_ shape: Shape, _ offset: UInt64) throws(DropoutError) -> PhiloxWordStream {
        switch opSeed {
        case .given(let seed, let earlierRuns):
            guard offset == 0 || earlierRuns == 0 else { throw .offsetUnsupported }
            let reserved = 256 * UInt128(shape.count) * UInt128(earlierRuns)
            return stream(seed).advanced(byBlocks: reserved)
        case .drawn(let seed): return stream(seed)
        }
    }

    private func stream(_ opSeed: Int64) -> PhiloxWordStream {
        let graph = Self.reduced(graphSeed)
        var op = Self.reduced(opSeed)
        if graph == 0 && op == 0 { op = 0x7FFF_FFFF }
        return PhiloxWordStream(key: (graph.lowHalf, graph.highHalf), counterLow: 0, counterHigh: op)
    }

    /// The seed modulo 2^31 - 1, never negative.
    private static func reduced(_ seed: Int64) -> UInt64 {
        let remainder = seed % 0x7FFF_FFFF
        return UInt64(remainder < 0 ? remainder + 0x7FFF_FFFF : remainder)
    }
}
