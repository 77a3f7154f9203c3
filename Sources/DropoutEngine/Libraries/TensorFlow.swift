package import Stopping

/// How TensorFlow turns random bits into "kept": a significand of random bits makes a uniform in [0, 1), kept where
/// it is `>= rate`, the rate rounded to the type of the input.
///
/// | type | significand | eager kernels take | XLA takes |
/// | --- | --- | --- | --- |
/// | float32 | 23 bits | the low bits of a word | the top bits of a word |
/// | float64 | 52 bits | the low 20 bits of word 0, then word 1 | the top bits of word 1, then word 0 |
/// | float16 | 10 bits | the low bits of a word | the same |
/// | bfloat16 | 7 bits | the low bits of a word | a float32 draw, compared without rounding it |
///
/// In integers: `K · 2^-b >= rate` exactly where `K >= ceil(rate · 2^b)`.
///
/// Source: tensorflow/tensorflow `core/lib/random/random_distributions.h`,
///   `compiler/tf2xla/kernels/stateless_random_ops.cc`, `python/ops/nn_ops.py` (2.21.0).
struct TFUniform {
    private let shift: UInt64
    private let mask: UInt64
    private let threshold: UInt64

    /// The significand of the eager kernels: the lowest bits.
    init(eager type: DrawType, probability: KeepProbability) {
        self.init(significand: type.significandBits, shift: 0, rate: type.rounded(probability.rate))
    }

    /// The significand under XLA: the top bits, but float16's are the lowest.
    init(xla type: DrawType, probability: KeepProbability) {
        let (bits, shift) =
            switch type {
            case .float64: (52, 12)
            case .float32, .bfloat16: (23, 9)
            case .float16: (10, 0)
            }
        self.init(significand: bits, shift: shift, rate: type.rounded(probability.rate))
    }

    private init(significand bits: Int, shift: Int, rate: Double) {
        self.shift = UInt64(shift)
        self.mask = (1 << UInt64(bits)) - 1
        self.threshold = ProbabilityThreshold.ceiling(of: rate, bits: bits)
    }

    /// Whether the element of these bits is kept, for a significand of a single word.
    @inline(__always)
    func keeps(_ word: UInt32) -> Bool {
        (word &>> shift.lowHalf) & mask.lowHalf >= threshold.lowHalf
    }

    /// Whether the element of these bits is kept.
    @inline(__always)
    func keeps(_ bits: UInt64) -> Bool { (bits &>> shift) & mask >= threshold }
}

extension PhiloxWordStream {
    /// The stream of TensorFlow's stateless operations for a pair of seeds.
    ///
    /// The seeds are scrambled by one block, Philox4x32-10 of counter [s0 low, s0 high, s1 low, s1 high] under the
    /// key [0x3EC8F720, 0x02461E29]; of its words [a, b, c, d] the key is [a, b] and the first counter [0, 0, c, d].
    ///
    /// Source: tensorflow/tensorflow `core/kernels/stateless_random_ops.cc`, `GenerateKey` (2.21.0).
    init(scrambling seeds: (UInt64, UInt64)) {
        let words = Philox4x32.block(
            (seeds.0.lowHalf, seeds.0.highHalf, seeds.1.lowHalf, seeds.1.highHalf),
            key: (0x3EC8_F720, 0x0246_1E29))
        self.init(
            key: (words.0, words.1), counterLow: 0, counterHigh: UInt64(highHalf: words.3, lowHalf: words.2))
    }

    /// The mask that TensorFlow's eager kernels make of this stream.
    func eagerMask(
        count: Int, offset: UInt64, type: DrawType, probability: KeepProbability, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        let uniform = TFUniform(eager: type, probability: probability)
        guard type == .float64 else {
            return try maskOfWords(count: count, offset: offset, stop: stop) { word in uniform.keeps(word) }
        }
        return try maskOfPairs(count: count, offset: offset, stop: stop) { first, second in
            uniform.keeps(UInt64(highHalf: first, lowHalf: second))
        }
    }

    /// The mask that XLA's bit generator makes of this stream under TensorFlow's stateless operations.
    func xlaMask(
        count: Int, offset: UInt64, type: DrawType, probability: KeepProbability, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        let uniform = TFUniform(xla: type, probability: probability)
        guard type == .float64 else {
            return try maskOfWords(count: count, offset: offset, stop: stop) { word in uniform.keeps(word) }
        }
        return try maskOfPairs(count: count, offset: offset, stop: stop) { first, second in
            uniform.keeps(UInt64(highHalf: second, lowHalf: first))
        }
    }
}

/// `tf-stateless`: `tf.nn.experimental.stateless_dropout(x, rate, seed=[s0, s1])`, eager or in a `tf.function`
/// without XLA.
///
/// Bits: Philox4x32-10 with scrambled seeds (``PhiloxWordStream/init(scrambling:)``), both sign-extended to 64 bits;
///   one word an element, float64 two. The *low* bits of a word are the significand (``TFUniform``).
/// Comparison: kept where u >= rate, the rate rounded to the type of x.
/// Scaling: x · fl32(1 / (1 - rate)), the reciprocal in double.
/// Offset: O(1); a longer mask starts with the shorter one. Threads do not matter.
/// Source: tensorflow/tensorflow `core/kernels/stateless_random_ops_v2.cc`, `python/ops/nn_ops.py` (2.21.0);
///   `rng_alg` 'philox' and 'auto_select' are the same here, and 'threefry' exists only under XLA.
package struct TFStateless: MaskGenerator {
    private let stream: PhiloxWordStream
    private let type: DrawType

    /// - Parameter type: the type of x, in which the uniforms are drawn.
    package init(seed: (Int64, Int64), type: DrawType) {
        self.stream = PhiloxWordStream(scrambling: (UInt64(bitPattern: seed.0), UInt64(bitPattern: seed.1)))
        self.type = type
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        try stream.eagerMask(count: shape.count, offset: offset, type: type, probability: probability, stop: stop)
    }
}

/// `tf-stateless-xla-philox`: `stateless_dropout(x, rate, seed, rng_alg='philox')` in a
/// `tf.function(jit_compile=True)`.
///
/// Bits: the words of ``TFStateless``, but XLA takes the *high* bits as significand, and for float64 the second word
///   above the first (``TFUniform``): another mask from the same words, except for float16.
/// Comparison: kept where u >= rate, the rate rounded to the type of x.
/// Scaling: x · fl32(1 / (1 - rate)), the reciprocal in double.
/// Offset: O(1).
/// Edge cases: with a seed that is a constant of the graph, TensorFlow folds the draw before XLA sees it and the mask
///   is that of ``TFStateless``.
/// Source: openxla/xla `xla/hlo/builder/lib/prng.cc`; tensorflow/tensorflow
///   `compiler/tf2xla/kernels/stateless_random_ops_v2.cc` (2.21.0), run on the CPU.
package struct TFStatelessXLAPhilox: MaskGenerator {
    private let stream: PhiloxWordStream
    private let type: DrawType

    package init(seed: (Int64, Int64), type: DrawType) {
        self.stream = PhiloxWordStream(scrambling: (UInt64(bitPattern: seed.0), UInt64(bitPattern: seed.1)))
        self.type = type
    }

    /// `tf-stateless-xla-auto`: the same with `rng_alg='auto_select'`, on the CPU.
    ///
    /// The seeds are 32-bit words that are extended with zeros, so that the two differ for negative seeds.
    ///
    /// Source: tensorflow/tensorflow `compiler/tf2xla/kernels/random_ops_util.cc` (2.21.0).
    ///
    /// - Parameter seed: only the lower 32 bits of each count.
    package static func auto(seed: (Int64, Int64), type: DrawType) -> TFStatelessXLAPhilox {
        TFStatelessXLAPhilox(
            seed: (Int64(UInt32(truncatingIfNeeded: seed.0)), Int64(UInt32(truncatingIfNeeded: seed.1))), type: type)
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        try stream.xlaMask(count: shape.count, offset: offset, type: type, probability: probability, stop: stop)
    }
}

/// `tf-stateless-xla-threefry`: `stateless_dropout(x, rate, seed, rng_alg='threefry')` in a
/// `tf.function(jit_compile=True)`.
///
/// Key: the lower words of the two seeds, not scrambled.
/// Bits, up to 32 a value: one dimension is halved, rounding up: the first even one, else the largest (the first of
///   equals). Block c of that half shape, row-major, hashes the counter (c low, c high); its two words are neighbours
///   along the halved dimension, and the padding of an odd one is dropped. So the mask depends on the dimensions, not
///   on their product alone.
/// Bits, float64: element i is block i, word 1 above word 0.
/// Comparison: high bits (``TFUniform``), kept where u >= rate, the rate rounded to the type of x.
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
        guard type != .float64 else {
            return try [UInt8](count: shape.count, offset: 0, stop: stop) { high, low in
                let (lower, upper) = Threefry2x32.block((low, high), key: key)
                return uniform.keeps(UInt64(highHalf: upper, lowHalf: lower))
            }
        }
        guard shape.count > 0 else { return [] }

        let axis = Self.halvedAxis(of: shape)
        let extent = axis < shape.rank ? shape.dimensions[axis] : 1
        let inner = shape.dimensions.dropFirst(axis + 1).reduce(1, *)
        let outer = shape.count / (extent * inner)
        let blocksBetweenQuestions = UInt64(StopFlag.drawnUnits / 2)
        var mask = [UInt8](repeating: 0, count: shape.count)
        try mask.withUnsafeMutableBufferPointer { (mask) throws(DropoutError) in
            var block: UInt64 = 0
            for slab in 0..<outer {
                for row in stride(from: 0, to: extent, by: 2) {
                    let start = (slab * extent + row) * inner
                    let hasPartner = row + 1 < extent
                    for element in start..<(start + inner) {
                        if block & (blocksBetweenQuestions - 1) == 0 { try stop.ask() }
                        let (first, second) = Threefry2x32.block((block.lowHalf, block.highHalf), key: key)
                        mask[element] = uniform.keeps(first) ? 1 : 0
                        if hasPartner { mask[element + inner] = uniform.keeps(second) ? 1 : 0 }
                        block &+= 1
                    }
                }
            }
        }
        return mask
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

/// `tf-dropout`: `tf.random.set_seed(g); tf.nn.dropout(x, rate, seed=o)`, not under XLA (which ignores these seeds).
///
/// Seeds: both modulo 2^31 - 1, (0, 0) becoming (0, 2^31 - 1). Philox4x32-10's key is the graph seed as a 64-bit
///   number and its first counter [0, 0, o low, o high], without scrambling.
/// Calls: eager operations with one op seed (and one type) share a cached kernel, and each reserves 256 blocks an
///   element: call c on the same shape starts 256 · n · c blocks later. Without an op seed, eager mode draws a fresh
///   one for each call from CPython's `random.Random(g).randint(0, 2^31 - 1)`: MT19937 seeded by array with the
///   32-bit words of |g|, words from 2^31 on rejected. In a `tf.function` without an op seed, give the operation's index 0,
///   1, ... as op seed.
/// Bits and comparison: as ``TFStateless``: low bits, kept where u >= rate, the rate rounded to the type of x.
/// Scaling: x · fl32(1 / (1 - rate)), the reciprocal in double.
/// Offset: O(1), but for a later call with an op seed only 0, for its start depends on the whole element count.
/// Source: tensorflow/tensorflow `core/util/guarded_philox_random.cc`, `core/kernels/random_op_cpu.h`,
///   `python/framework/random_seed.py` (2.21.0).
package struct TFDropout: MaskGenerator {
    private enum OpSeed {
        case given(Int64, earlierRuns: UInt32)
        case drawn(TFOpSeeds, call: UInt32)
    }

    private let graphSeed: Int64
    private let opSeed: OpSeed
    private let type: DrawType

    /// - Parameters:
    ///   - opSeed: nil for an eager call without a seed of its own.
    ///   - call: the earlier calls since `set_seed`. Complexity: O(call) for each mask without an op seed.
    ///   - type: the type of x, in which the uniforms are drawn.
    package init(graphSeed: Int64, opSeed: Int64?, call: UInt32, type: DrawType) {
        self.graphSeed = graphSeed
        self.opSeed =
            if let opSeed { .given(opSeed, earlierRuns: call) } else {
                .drawn(TFOpSeeds(graphSeed: graphSeed), call: call)
            }
        self.type = type
    }

    /// The eager call that takes the next of `opSeeds`.
    package init(graphSeed: Int64, opSeeds: TFOpSeeds, type: DrawType) {
        self.graphSeed = graphSeed
        self.opSeed = .drawn(opSeeds, call: 0)
        self.type = type
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        let stream: PhiloxWordStream
        switch opSeed {
        case .given(let seed, let earlierRuns):
            guard offset == 0 || earlierRuns == 0 else { throw .offsetUnsupported }
            let reserved = 256 * UInt128(shape.count) * UInt128(earlierRuns)
            stream = self.stream(seed).advanced(byBlocks: reserved)
        case .drawn(let seeds, let call):
            var seeds = seeds
            try seeds.advance(by: UInt64(call), stop: stop)
            stream = self.stream(seeds.next)
        }
        return try stream.eagerMask(
            count: shape.count, offset: offset, type: type, probability: probability, stop: stop)
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

/// The op seeds that TensorFlow's eager mode draws for calls without one: CPython's
/// `random.Random(graphSeed).randint(0, 2**31 - 1)`, again and again.
///
/// Source: tensorflow/tensorflow `python/eager/context.py`, `_internal_operation_seed` (2.21.0).
package struct TFOpSeeds: Sendable {
    private var words: MT19937

    package init(graphSeed: Int64) {
        let magnitude = graphSeed.magnitude
        self.init(magnitude: magnitude.highHalf == 0 ? [magnitude.lowHalf] : [magnitude.lowHalf, magnitude.highHalf])
    }

    /// - Parameter magnitude: the 32-bit words of the graph seed without its sign, lowest first, without leading zeros.
    package init(magnitude words: [UInt32]) { self.words = MT19937(array: words) }

    /// Moves past `seeds` op seeds. Complexity: O(seeds), two words each on average.
    ///
    /// - Throws: ``DropoutError/stopped``; the place is then unspecified.
    package mutating func advance(by seeds: UInt64, stop: StopFlag) throws(DropoutError) {
        var rest = seeds
        while rest > 0 {
            try stop.ask()
            let part = min(rest, UInt64(StopFlag.drawnUnits))
            for _ in 0..<part { _ = take() }
            rest -= part
        }
    }

    /// The op seed at this place, which stays.
    var next: Int64 {
        var copy = self
        return copy.take()
    }

    /// Words from 2^31 on are rejected.
    private mutating func take() -> Int64 {
        while true {
            let word = words.next()
            if word < 0x8000_0000 { return Int64(word) }
        }
    }
}
