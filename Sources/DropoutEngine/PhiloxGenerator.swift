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

    /// The word of unit `i`, one block for each call: the plain form of ``kept(_:probability:offset:)``.
    package func word(at i: UInt64) -> UInt32 {
        let block = i / 4
        let counter = SIMD4(
            UInt32(truncatingIfNeeded: block), UInt32(truncatingIfNeeded: block >> 32), stream, step)
        return Philox4x32.block(key: key, counter: counter)[Int(i % 4)]
    }

    package func kept(_ shape: Shape, probability: KeepProbability, offset: UInt64) -> [UInt8] {
        let count = shape.count
        let threshold = probability.keepThreshold(bits: 32)
        guard threshold > 0, threshold <= UInt64(UInt32.max) else {
            return [UInt8](repeating: threshold == 0 ? 0 : 1, count: count)
        }
        let limit = UInt32(threshold)
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, initializedCount in
            // Up to a multiple of 4 one by one, then 32 units at a time, then the rest one by one.
            var i = 0
            let head = min(count, Int((4 - offset % 4) % 4))
            while i < head {
                buffer[i] = word(at: offset &+ UInt64(i)) < limit ? 1 : 0
                i += 1
            }
            fillAligned(buffer, from: &i, offset: offset, limit: limit)
            while i < count {
                buffer[i] = word(at: offset &+ UInt64(i)) < limit ? 1 : 0
                i += 1
            }
            initializedCount = count
        }
    }

    /// Fills whole groups of 32 units; `offset + i` must be a multiple of 4.
    private func fillAligned(
        _ buffer: UnsafeMutableBufferPointer<UInt8>, from i: inout Int, offset: UInt64, limit: UInt32
    ) {
        let lanes = SIMD8<UInt64>(0, 1, 2, 3, 4, 5, 6, 7)
        let ones = SIMD8<UInt32>(repeating: 1)
        let zeros = SIMD8<UInt32>(repeating: 0)
        while buffer.count - i >= 32 {
            let first = (offset &+ UInt64(i)) / 4
            // The index is taken modulo 2^64, so a block number wraps at 2^62.
            let block = (SIMD8<UInt64>(repeating: first) &+ lanes) & (1 << 62 - 1)
            let (w0, w1, w2, w3) = Philox4x32.blocks(
                key: key, low: SIMD8(truncatingIfNeeded: block), high: SIMD8(truncatingIfNeeded: block &>> 32),
                word2: stream, word3: step)
            // One byte for each word: unit 4j + w is byte w of lane j.
            var group = zeros.replacing(with: ones, where: w0 .< limit)
            group |= zeros.replacing(with: ones &<< 8, where: w1 .< limit)
            group |= zeros.replacing(with: ones &<< 16, where: w2 .< limit)
            group |= zeros.replacing(with: ones &<< 24, where: w3 .< limit)
            for lane in 0..<8 {
                let bytes = group[lane]
                buffer[i + 4 * lane] = UInt8(truncatingIfNeeded: bytes)
                buffer[i + 4 * lane + 1] = UInt8(truncatingIfNeeded: bytes >> 8)
                buffer[i + 4 * lane + 2] = UInt8(truncatingIfNeeded: bytes >> 16)
                buffer[i + 4 * lane + 3] = UInt8(truncatingIfNeeded: bytes >> 24)
            }
            i += 32
        }
    }
}
