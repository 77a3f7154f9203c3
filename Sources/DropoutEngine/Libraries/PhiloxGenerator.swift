package import Stopping

/// The service's own generator: Philox4x32-10, one word for each unit.
///
///     key     = (low, high words of seed)
///     counter = (low, high words of floor(i / 4), stream, step)
///     kept(i) = word[i mod 4] < ceil(keep · 2^32)
///
/// `i` counts from `offset`, modulo 2^64. A unit's fate depends on the key, the step, the stream and `i` alone, so shards
/// and threads agree, and a longer mask starts with the shorter one. The comparison is exact in integers: a word is kept
/// with probability ceil(keep · 2^32) / 2^32.
package struct PhiloxGenerator: MaskGenerator {
    package let seed: UInt64
    package let step: UInt32
    package let stream: UInt32

    package init(seed: UInt64, step: UInt32, stream: UInt32) {
        self.seed = seed
        self.step = step
        self.stream = stream
    }

    private var key: SIMD2<UInt32> {
        SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    }

    /// The word of unit `i`, one block for each call: the plain form of ``kept(_:probability:offset:stop:)``.
    package func word(at i: UInt64) -> UInt32 {
        let block = i / 4
        let counter = SIMD4(
            UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32), stream, step)
        return Philox4x32.block(key: key, counter: counter)[Int(i % 4)]
    }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        let threshold = probability.keepThreshold(bits: 32)
        guard let limit = UInt32(exactly: threshold) else { return [UInt8](repeating: 1, count: shape.count) }
        return try PhiloxWordStream(
            key: (seed.lowHalf, seed.highHalf), counterLow: 0, counterHigh: UInt64(highHalf: step, lowHalf: stream)
        ).maskOfWords(count: shape.count, offset: offset, stop: stop) { word in word < limit }
    }
}
