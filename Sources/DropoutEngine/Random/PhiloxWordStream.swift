import Stopping

/// The words of Philox4x32-10's blocks, four in a block, counted up from a 128-bit counter.
///
/// TensorFlow's `PhiloxRandom` and XLA's Philox bit generator both read this stream. They differ in key and first counter.
struct PhiloxWordStream: Sendable {
    let key: (UInt32, UInt32)

    /// The first block's counter: words 0 and 1, then words 2 and 3, each pair with its lower word first.
    let counterLow: UInt64
    let counterHigh: UInt64

    /// The stream that starts `blocks` blocks later.
    func advanced(byBlocks blocks: UInt128) -> PhiloxWordStream {
        let counter = (UInt128(counterHigh) << 64 | UInt128(counterLow)) &+ blocks
        return PhiloxWordStream(
            key: key, counterLow: UInt64(truncatingIfNeeded: counter),
            counterHigh: UInt64(truncatingIfNeeded: counter >> 64))
    }

    /// A mask whose unit `i` is decided by word `offset + i`, modulo 2^64. O(1) to enter, O(count) to draw.
    @inline(__always)
    func maskOfWords(
        count: Int, offset: UInt64, stop: StopFlag, keeps: (_ word: UInt32) -> Bool
    ) throws(DropoutError) -> [UInt8] {
        try valuesOfWords(count: count, offset: offset, stop: stop) { word in keeps(word) ? 1 : 0 }
    }

    /// A mask whose unit `i` is decided by words `2(offset + i)` and the next. O(1) to enter, O(count) to draw.
    @inline(__always)
    func maskOfPairs(
        count: Int, offset: UInt64, stop: StopFlag, keeps: (_ first: UInt32, _ second: UInt32) -> Bool
    ) throws(DropoutError) -> [UInt8] {
        try valuesOfPairs(count: count, offset: offset, stop: stop) { first, second in keeps(first, second) ? 1 : 0 }
    }

    /// Values whose value `i` is made of word `offset + i`, modulo 2^64.
    @inline(__always)
    func valuesOfWords<Value: BitwiseCopyable & ExpressibleByIntegerLiteral>(
        count: Int, offset: UInt64, stop: StopFlag, value: (_ word: UInt32) -> Value
    ) throws(DropoutError) -> [Value] {
        var array = [Value](repeating: 0, count: count)
        var values = array.mutableSpan
        var index = 0
        while index < count {
            try stop.ask()
            let unit = offset &+ UInt64(truncatingIfNeeded: index)
            let units = Self.units(from: unit, atMost: min(count &- index, StopFlag.drawnUnits))
            let run = run(from: unit &>> 2, atMost: units / 4)
            guard unit & 3 == 0, run.blocks > 0 else {
                // A unit of a block that is only partly among the units.
                let words = run.words(0)
                let word = SIMD4(words.0, words.1, words.2, words.3)[Int(unit & 3)]
                values[unchecked: index] = value(word)
                index &+= 1
                continue
            }
            for block in 0..<run.blocks {
                let words = run.words(block)
                values[unchecked: index &+ 4 &* block] = value(words.0)
                values[unchecked: index &+ 4 &* block &+ 1] = value(words.1)
                values[unchecked: index &+ 4 &* block &+ 2] = value(words.2)
                values[unchecked: index &+ 4 &* block &+ 3] = value(words.3)
            }
            index &+= 4 &* run.blocks
        }
        return array
    }

    /// Values whose value `i` is made of words `2(offset + i)` and the next.
    @inline(__always)
    func valuesOfPairs<Value: BitwiseCopyable & ExpressibleByIntegerLiteral>(
        count: Int, offset: UInt64, stop: StopFlag, value: (_ first: UInt32, _ second: UInt32) -> Value
    ) throws(DropoutError) -> [Value] {
        var array = [Value](repeating: 0, count: count)
        var values = array.mutableSpan
        var index = 0
        while index < count {
            try stop.ask()
            let unit = offset &+ UInt64(truncatingIfNeeded: index)
            let units = Self.units(from: unit, atMost: min(count &- index, StopFlag.drawnUnits))
            let run = run(from: unit &>> 1, atMost: units / 2)
            guard unit & 1 == 0, run.blocks > 0 else {
                let words = run.words(0)
                values[unchecked: index] =
                    unit & 1 == 0 ? value(words.0, words.1) : value(words.2, words.3)
                index &+= 1
                continue
            }
            for block in 0..<run.blocks {
                let words = run.words(block)
                values[unchecked: index &+ 2 &* block] = value(words.0, words.1)
                values[unchecked: index &+ 2 &* block &+ 1] = value(words.2, words.3)
            }
            index &+= 2 &* run.blocks
        }
        return array
    }

    /// Blocks whose counters differ in word 0 alone, which does not wrap around, so that a loop over them is vectorised.
    private struct Run {
        let key: (UInt32, UInt32)
        let first: Philox4x32.Words
        let blocks: Int

        @inline(__always)
        func words(_ block: Int) -> Philox4x32.Words {
            Philox4x32.block(
                (first.0 &+ UInt32(truncatingIfNeeded: block), first.1, first.2, first.3), key: key)
        }
    }

    /// The number of the `count` units from `unit` on that come before 2^64, at least one.
    private static func units(from unit: UInt64, atMost count: Int) -> Int {
        Int(min(UInt64(count &- 1), UInt64.max &- unit)) &+ 1
    }

    /// The run from block `number` on.
    @inline(__always)
    private func run(from number: UInt64, atMost blocks: Int) -> Run {
        let low = counterLow &+ number
        let high = low < counterLow ? counterHigh &+ 1 : counterHigh
        return Run(
            key: key, first: (low.lowHalf, low.highHalf, high.lowHalf, high.highHalf),
            blocks: min(blocks, Int(UInt32.max &- low.lowHalf) &+ 1))
    }
}
