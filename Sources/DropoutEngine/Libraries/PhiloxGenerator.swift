package import Stopping
import TextCodecs

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

    private var key: (UInt32, UInt32) { (seed.lowHalf, seed.highHalf) }

    package func kept(
        _ shape: Shape, probability: KeepProbability, offset: UInt64, stop: StopFlag
    ) throws(DropoutError) -> [UInt8] {
        let threshold = DrawType.float64.threshold(probability.keep, bits: 32)
        guard let limit = UInt32(exactly: threshold) else { return [UInt8](repeating: 1, count: shape.count) }
        return try PhiloxWordStream(
            key: key, counterLow: 0, counterHigh: UInt64(highHalf: step, lowHalf: stream)
        ).maskOfWords(count: shape.count, offset: offset, stop: stop) { word in word < limit }
    }

    package func drawnUniforms(_ shape: Shape, offset: UInt64, stop: StopFlag) throws(DropoutError) -> [Double]? {
        try PhiloxWordStream(
            key: key, counterLow: 0, counterHigh: UInt64(highHalf: step, lowHalf: stream)
        ).valuesOfWords(count: shape.count, offset: offset, stop: stop) { word in Double(word) * 0x1p-32 }
    }
}

extension PhiloxGenerator {
    /// Uniform numbers in (0, 1), one for each unit, from the same blocks as the mask of this key, step and stream.
    ///
    ///     block of unit i = floor(i / 2),  K = upper 52 bits of (word[2·(i mod 2) + 1], word[2·(i mod 2)])
    ///     u(i) = (2·K + 1) · 2^-53
    ///
    /// `i` counts from `offset`. No u is 0, 1 or a half, and 1 - u has no rounding.
    ///
    /// - Throws: ``DropoutError/offsetTooLarge(units:)`` if a unit would have an index of 2^63 or more,
    ///   ``DropoutError/stopped``.
    package func uniforms(
        _ count: Int, offset: UInt64, stop: StopFlag = .never
    ) throws(DropoutError) -> [Double] {
        guard let end = offset.checkedSum(UInt64(count)), end <= 1 << 63 else { throw .offsetTooLarge(units: count) }
        return try [Double](unsafeUninitializedCapacity: count) { (uniforms, initializedCount) throws(DropoutError) in
            var index = 0
            while index < count {
                // Two uniforms each turn, but for the first and the last.
                if index % StopFlag.drawnUnits < 2 { try stop.ask() }
                let i = offset + UInt64(index)
                let words = Philox4x32.block(
                    ((i >> 1).lowHalf, (i >> 1).highHalf, stream, step), key: key)
                if i & 1 == 0 {
                    uniforms[index] = Self.uniform(words.0, words.1)
                    index += 1
                }
                if index < count {
                    uniforms[index] = Self.uniform(words.2, words.3)
                    index += 1
                }
            }
            initializedCount = count
        }
    }

    @inline(__always)
    private static func uniform(_ low: UInt32, _ high: UInt32) -> Double {
        Double((UInt64(highHalf: high, lowHalf: low) >> 12) << 1 | 1) * 0x1p-53
    }
}
