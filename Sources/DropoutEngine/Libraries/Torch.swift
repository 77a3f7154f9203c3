package import Stopping

/// `torch-cpu`: `torch.manual_seed(s); F.dropout(x, rate)` on a CPU, torch 2.7 and later (earlier without MKL).
///
/// Bits: MT19937 by `init_genrand` of the seed's low 32 bits; two words an element, the first the upper half, of which the
///   lowest 53 bits are K and u = K · 2^-53.
/// Comparison: kept where u < 1 - rate, strictly, in float64, whatever the type of x. Rate 0 and 1 draw nothing.
/// Scaling: x · fl32(1 / fl32(1 - rate)): the noise is divided first, then multiplied.
/// Offset: O(log offset). `skip` counts *words* drawn before: a Linear(4, 3) takes 15, one for each float32 parameter.
/// Edge cases: the draw goes in memory order, so a channels_last tensor has its mask permuted; dropout1d, 2d and 3d draw one
///   unit for each (example, channel).
/// Source: pytorch/pytorch `aten/src/ATen/native/cpu/DistributionTemplates.h`, `core/MT19937RNGEngine.h` (2.13.0).
package struct TorchCPU: MaskGenerator {
    private let words: MT19937
    private let skip: UInt64

    package init(seed: UInt64, skip: UInt64 = 0) {
        self.words = MT19937(seed: seed.lowHalf)
        self.skip = skip
    }

    /// - Parameter words: the stream from the first word of the draw on.
    package init(words: MT19937) {
        self.words = words
        self.skip = 0
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        var words = words
        try words.skip(skip, units: offset, wordsEach: 2, stop: stop)
        let threshold = ProbabilityThreshold.ceiling(of: probability.keep, bits: 53)
        return try [UInt8](drawing: shape.count, stop: stop) {
            let high = UInt64(words.next())
            return (high << 32 | UInt64(words.next())) & (1 << 53 - 1) < threshold
        }
    }
}

/// `torch-cpu-mkl`: `torch.manual_seed(s); F.dropout(x, rate)` on an x86 CPU with MKL, up to torch 2.6.
///
/// Bits: one word of MT19937 (the seed's low 32 bits) seeds ``MCG31m1``, whose words x give u = fl32(x / (2^31 - 1)).
/// Comparison: kept where u < fl32(1 - rate), in float32.
///   Rate 0 draws nothing.
/// Scaling: x · fl32(1 / fl32(1 - rate)).
/// Offset: O(log offset). `skip` counts words drawn from the Twister before.
/// Source: pytorch/pytorch `aten/src/ATen/native/cpu/DistributionKernels.cpp` (2.4.1); the comparison was found by probing.
package struct TorchCPUMKL: MaskGenerator {
    private let words: MT19937
    private let skip: UInt64

    package init(seed: UInt64, skip: UInt64 = 0) {
        self.words = MT19937(seed: seed.lowHalf)
        self.skip = skip
    }

    /// - Parameter words: the stream from the word on that seeds the draw.
    package init(words: MT19937) {
        self.words = words
        self.skip = 0
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        // A quotient that rounds to 1 would drop a unit at keep 1.
        guard probability.rate > 0 else { return [UInt8](repeating: 1, count: shape.count) }
        var words = words
        try words.advance(by: skip, stop: stop)
        var stream = MCG31m1(seed: words.next())
        stream.skip(offset)
        let keep = Float(probability.keep)
        // The quotient in float64 rounds to the float32 that MKL has; both are within the same half ulp.
        return try [UInt8](drawing: shape.count, stop: stop) { Float(Double(stream.next()) / 2_147_483_647) < keep }
    }
}

/// `torch-rand`: `torch.manual_seed(s); torch.rand(*shape) < keep` on a CPU, and `torch.bernoulli` of a tensor.
///
/// Bits: MT19937 by `init_genrand` of the seed's low 32 bits. float32: one word an element, its lowest 24 bits, u = K · 2^-24.
///   float64: two words, the first the upper half, the lowest 53 bits, u = K · 2^-53.
/// Comparison: kept where u < keep, strictly, keep rounded to the type. Every rate draws.
/// Offset: O(log offset). The words drawn before are skipped already.
/// Source: pytorch/pytorch `aten/src/ATen/core/TransformationHelper.h`, `native/cpu/DistributionTemplates.h` (2.13.0).
package struct TorchRand: MaskGenerator {
    private let words: MT19937
    private let isDouble: Bool

    /// - Parameters:
    ///   - words: the stream from the first word of the draw on.
    ///   - isDouble: whether the uniforms are float64 rather than float32.
    package init(words: MT19937, isDouble: Bool) { (self.words, self.isDouble) = (words, isDouble) }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        var words = words
        try words.skip(0, units: offset, wordsEach: isDouble ? 2 : 1, stop: stop)
        if isDouble {
            let threshold = ProbabilityThreshold.ceiling(of: probability.keep, bits: 53)
            return try [UInt8](drawing: shape.count, stop: stop) {
                let high = UInt64(words.next())
                return (high << 32 | UInt64(words.next())) & (1 << 53 - 1) < threshold
            }
        }
        let threshold = ProbabilityThreshold.ceiling(of: DrawType.float32.rounded(probability.keep), bits: 24)
        return try [UInt8](drawing: shape.count, stop: stop) { UInt64(words.next() & 0xFF_FFFF) < threshold }
    }
}

/// `torch-compile`: `torch.manual_seed(s); torch.compile(f)(x)` on a CPU, where f calls `F.dropout(x, rate)` k times.
///
/// Key: a pass of the graph draws `randint(-2^63, 2^63 - 1, [k])`, two words w0, w1 of MT19937 (the seed's low 32 bits) a
///   number, one number for each dropout in order. The key is [the number's low 32 bits, 0]: w1, or 0 if all bits of both
///   words are set.
/// Bits: element i is word 0 of Philox4x32-10's block of counter [i mod 2^32, 0, 0, 0].
/// Comparison: u = fl32(word mod 2^31) · fl32(4.6566127342e-10) in float32, kept where u > rate, the rate rounded to the type
///   of x. Rate 0 and 1 draw nothing and do not count among the k.
/// Scaling: x · fl32(1 / (1 - rate)), the reciprocal in double; a dropped element keeps its sign, but at rate 1 is +0.
/// Offset: O(1). `skip` counts words drawn before: 2 · (k · c + j) for dropout j of the graph's pass c, both from 0.
/// Edge cases: the draw goes in memory order, as ``TorchCPU``'s does; dropout1d, 2d, 3d and alpha_dropout are not compiled and
///   draw as there.
/// Source: pytorch/pytorch `torch/_inductor/fx_passes/replace_random.py`, `aten/src/ATen/core/PhiloxRNGEngine.h` (2.13.0).
package struct TorchCompile: MaskGenerator {
    private let words: MT19937
    private let skip: UInt64
    private let type: DrawType

    /// - Parameters:
    ///   - skip: the words drawn before the dropout's number.
    ///   - type: the type of x.
    package init(seed: UInt64, skip: UInt64 = 0, type: DrawType = .float32) {
        self.words = MT19937(seed: seed.lowHalf)
        self.skip = skip
        self.type = type
    }

    /// - Parameter words: the stream from the first word of the dropout's number on.
    package init(words: MT19937, type: DrawType = .float32) {
        self.words = words
        self.skip = 0
        self.type = type
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        // A word of 0 would drop a unit at keep 1.
        guard probability.rate > 0 else { return [UInt8](repeating: 1, count: shape.count) }
        var words = words
        try words.advance(by: skip, stop: stop)
        let (upper, lower) = (words.next(), words.next())
        let key = upper & lower == .max ? 0 : lower
        let bound = bound(probability.rate)
        return try [UInt8](count: shape.count, offset: offset, stop: stop) { _, element in
            let word = Philox4x32.block((element, 0, 0, 0), key: (key, 0)).0
            return Float(Int32(truncatingIfNeeded: word & 0x7FFF_FFFF)) * 4.6566127342e-10 > bound
        }
    }

    /// The largest float32 up to the rate. A float32 above it is above the rate, and the other way round.
    private func bound(_ rate: Double) -> Float {
        let rounded = type.rounded(rate)
        let nearest = Float(rounded)
        return Double(nearest) > rounded ? nearest.nextDown : nearest
    }
}

/// `torch-cuda`: `torch.manual_seed(seed); F.dropout(x, rate)` on a CUDA device. **From the sources; never run on a
/// GPU.**
///
/// Threads: blocks of 256; as many as n needs, at most multiprocessors · (threads per multiprocessor / 256); T
///   threads in all.
/// Bits: curand's Philox4x32-10 with the seed as key; thread t's r-th block has the counter [low and high word of
///   offset / 4 + r, t, 0]. With a vector width V > 1 (a dense tensor): chunk c of V elements belongs to thread c mod
///   T, which takes ceil(V / 4) blocks a turn and uses their first V words, so V = 2 leaves two unused. With V = 1:
///   element i belongs to thread i mod T, whose turns i / T read the words one after the other.
/// Comparison: u = fl32(word) · 2^-32 + 2^-33 in float32, in (0, 1], kept where u < fl32(1 - rate); for float64 input
///   the right side stays double.
/// Scaling: x · mask · (1 / (1 - rate)).
/// Offset: of elements, none but 0. The generator's own offset is `philoxOffset`, a count of words, and grows with
///   every call.
/// Edge cases: the device matters only where n is above 256 · blocks · (V = 1: 1, else V). A rate of 0 draws nothing.
/// Source: pytorch/pytorch `aten/src/ATen/native/cuda/Dropout.cu`, `cuda/CUDAGeneratorImpl.cpp`,
///   `native/cuda/MemoryAccess.cuh`; curand headers of CUDA 12.1.
package struct TorchCUDA: MaskGenerator {
    private let seed: UInt64
    private let philoxOffset: UInt64
    private let residentBlocks: Int
    private let vectorWidth: Int
    private let isDouble: Bool

    /// - Parameters:
    ///   - philoxOffset: `torch.cuda.get_rng_state`'s offset before the call: words drawn by each thread before.
    ///   - vectorWidth: the widest access: 4 for float32, 8 for half and bfloat16 (4 in older releases), 2 for
    ///     float64, 1 for a tensor that is not dense or not aligned. It is halved until it divides the element count.
    ///   - isDouble: whether x is float64.
    ///
    /// Edge cases: a device too small for one block, and a width below 1, count as one.
    package init(
        seed: UInt64, philoxOffset: UInt64, multiprocessors: UInt32, threadsPerMultiprocessor: UInt32,
        vectorWidth: Int, isDouble: Bool
    ) {
        self.seed = seed
        self.philoxOffset = philoxOffset
        self.residentBlocks = max(1, Int(multiprocessors) * Int(threadsPerMultiprocessor / 256))
        self.vectorWidth = max(1, vectorWidth)
        self.isDouble = isDouble
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        guard offset == 0 else { throw .offsetUnsupported }
        let count = shape.count
        guard probability.rate > 0 else { return [UInt8](repeating: 1, count: count) }
        var width = vectorWidth
        while !count.isMultiple(of: width) { width /= 2 }
        let threads = threadCount(for: count)
        let keep = isDouble ? probability.keep : DrawType.float32.rounded(probability.keep)

        var mask = [UInt8](repeating: 0, count: count)
        try mask.withUnsafeMutableBufferPointer { (mask) throws(DropoutError) in
            if width == 1 {
                try fillStrided(mask, threads: threads, keep: keep, stop: stop)
            } else {
                try fillChunks(mask, width: width, threads: threads, keep: keep, stop: stop)
            }
        }
        return mask
    }

    /// The generator's offset after a dropout of `count` elements.
    package func philoxOffset(after count: Int) -> UInt64 {
        guard count > 0 else { return philoxOffset }
        return philoxOffset &+ (UInt64(truncatingIfNeeded: (count - 1) / (threadCount(for: count) * 4)) &+ 1) &* 4
    }

    private func threadCount(for count: Int) -> Int {
        max(1, min(residentBlocks, count / 256 + (count % 256 == 0 ? 0 : 1))) * 256
    }

    /// Width 1: the four words of a block go to elements `threads` apart.
    private func fillStrided(
        _ mask: UnsafeMutableBufferPointer<UInt8>, threads: Int, keep: Double, stop: StopFlag
    ) throws(DropoutError) {
        var turn = 0
        var start = 0
        while start < mask.count {
            var thread = 0
            while thread < threads && start + thread < mask.count {
                if thread % (StopFlag.drawnUnits / 4) == 0 { try stop.ask() }
                let words = block(turn, thread: thread)
                let element = start + thread
                mask[element] = Self.isKept(words.0, keep)
                if element + threads < mask.count { mask[element + threads] = Self.isKept(words.1, keep) }
                if element + 2 * threads < mask.count { mask[element + 2 * threads] = Self.isKept(words.2, keep) }
                if element + 3 * threads < mask.count { mask[element + 3 * threads] = Self.isKept(words.3, keep) }
                thread += 1
            }
            start += 4 * threads
            turn += 1
        }
    }

    /// A wider access: the words of a block go to neighbouring elements; `width` divides the element count.
    private func fillChunks(
        _ mask: UnsafeMutableBufferPointer<UInt8>, width: Int, threads: Int, keep: Double, stop: StopFlag
    ) throws(DropoutError) {
        let blocksPerTurn = width / 4 + (width % 4 == 0 ? 0 : 1)
        var thread = 0
        var firstBlock = 0
        var start = 0
        while start < mask.count {
            if start % StopFlag.drawnUnits == 0 { try stop.ask() }
            var element = start
            var blockIndex = firstBlock
            let end = start + width
            while element < end {
                let words = block(blockIndex, thread: thread)
                mask[element] = Self.isKept(words.0, keep)
                if element + 1 < end { mask[element + 1] = Self.isKept(words.1, keep) }
                if element + 2 < end { mask[element + 2] = Self.isKept(words.2, keep) }
                if element + 3 < end { mask[element + 3] = Self.isKept(words.3, keep) }
                element += 4
                blockIndex += 1
            }
            start = end
            thread += 1
            if thread == threads {
                thread = 0
                firstBlock += blocksPerTurn
            }
        }
    }

    @inline(__always)
    private func block(_ index: Int, thread: Int) -> (UInt32, UInt32, UInt32, UInt32) {
        let position = philoxOffset / 4 &+ UInt64(truncatingIfNeeded: index)
        return Philox4x32.block(
            (position.lowHalf, position.highHalf, UInt32(truncatingIfNeeded: thread), 0),
            key: (seed.lowHalf, seed.highHalf))
    }

    @inline(__always)
    private static func isKept(_ word: UInt32, _ keep: Double) -> UInt8 {
        Double(Float(word) * 0x1p-32 + 0x1p-33) < keep ? 1 : 0
    }
}
