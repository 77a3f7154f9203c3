package import Stopping

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
        let (end, overflow) = offset.addingReportingOverflow(UInt64(count))
        guard !overflow, end <= 1 << 63 else { throw .offsetTooLarge(units: count) }
        return try [Double](unsafeUninitializedCapacity: count) { (uniforms, initializedCount) throws(DropoutError) in
            var index = 0
            while index < count {
                // Two uniforms each turn, but for the first and the last.
                if index % StopFlag.drawnUnits < 2 { try stop.ask() }
                let i = offset + UInt64(index)
                let words = Philox4x32.words(
                    ((i >> 1).lowHalf, (i >> 1).highHalf, stream, step), key: (seed.lowHalf, seed.highHalf))
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
