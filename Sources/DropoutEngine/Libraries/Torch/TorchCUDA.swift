package import Stopping

/// `torch-cuda`: `torch.manual_seed(seed); F.dropout(x, rate)` on a CUDA device. **From the sources; never run on a
/// GPU.**
///
/// Threads: blocks of 256; as many as n needs, at most multiprocessors · (threads per multiprocessor / 256); T
///   threads in all.
/// Bits: curand's Philox4x32-10 with the seed as key; thread t's r-th block has the counter [low and high word of
///   offset / 4 + r, t, 0]. With a vector width V > 1 (a dense tensor): chunk c of V elements belongs to thread c mod
///   T, which takes ceil(V / 4) blocks a turn and uses their first V words, so V = 2 leaves two unused. With V = 1:
///   element i belongs to thread i mod T, whose turns i / T read the words one after the other.
/// Comparison: u = fl32(word) · 2^-32 + 2^-33 in float32, in (0, 1], kept if u < fl32(1 - rate); for float64 input
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
        guard probability.rate > 0 else { return [UInt8](repeating: 1, count: shape.count) }
        let keep = isDouble ? probability.keep : DrawType.float32.rounded(probability.keep)
        return try values(shape.count, stop) { word in Self.uniform(word) < keep ? 1 : 0 }
    }

    /// A uniform of 1 becomes 1 - 2^-53, which no probability below 1 keeps either.
    package func drawnUniforms(_ shape: Shape, offset: UInt64, stop: StopFlag) throws(DropoutError) -> [Double]? {
        guard offset == 0 else { throw .offsetUnsupported }
        return try values(shape.count, stop) { word in min(Self.uniform(word), 1 - 0x1p-53) }
    }

    /// A value of the word of each element.
    @inline(__always)
    private func values<Value: BitwiseCopyable & ExpressibleByIntegerLiteral>(
        _ count: Int, _ stop: StopFlag, _ value: (UInt32) -> Value
    ) throws(DropoutError) -> [Value] {
        var width = vectorWidth
        while !count.isMultiple(of: width) { width /= 2 }
        let threads = threadCount(for: count)
        var values = [Value](repeating: 0, count: count)
        try values.withUnsafeMutableBufferPointer { values throws(DropoutError) in
            if width == 1 {
                try fillStrided(values, threads: threads, stop: stop, value)
            } else {
                try fillChunks(values, width: width, threads: threads, stop: stop, value)
            }
        }
        return values
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
    @inline(__always)
    private func fillStrided<Value>(
        _ values: UnsafeMutableBufferPointer<Value>, threads: Int, stop: StopFlag,
        _ value: (UInt32) -> Value
    ) throws(DropoutError) {
        var turn = 0
        var start = 0
        while start < values.count {
            var thread = 0
            while thread < threads && start + thread < values.count {
                if thread % (StopFlag.drawnUnits / 4) == 0 { try stop.ask() }
                let words = block(turn, thread: thread)
                let element = start + thread
                values[element] = value(words.0)
                if element + threads < values.count { values[element + threads] = value(words.1) }
                if element + 2 * threads < values.count { values[element + 2 * threads] = value(words.2) }
                if element + 3 * threads < values.count { values[element + 3 * threads] = value(words.3) }
                thread += 1
            }
            start += 4 * threads
            turn += 1
        }
    }

    /// A wider access: the words of a block go to neighbouring elements; `width` divides the element count.
    @inline(__always)
    private func fillChunks<Value>(
        _ values: UnsafeMutableBufferPointer<Value>, width: Int, threads: Int, stop: StopFlag,
        _ value: (UInt32) -> Value
    ) throws(DropoutError) {
        let blocksPerTurn = width / 4 + (width % 4 == 0 ? 0 : 1)
        var thread = 0
        var firstBlock = 0
        var start = 0
        while start < values.count {
            if start % StopFlag.drawnUnits == 0 { try stop.ask() }
            var element = start
            var blockIndex = firstBlock
            let end = start + width
            while element < end {
                let words = block(blockIndex, thread: thread)
                values[element] = value(words.0)
                if element + 1 < end { values[element + 1] = value(words.1) }
                if element + 2 < end { values[element + 2] = value(words.2) }
                if element + 3 < end { values[element + 3] = value(words.3) }
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
    private static func uniform(_ word: UInt32) -> Double { Double(Float(word) * 0x1p-32 + 0x1p-33) }
}
