extension PhiloxGenerator {
    /// Uniform numbers in (0, 1), one for each unit, from the same blocks as the mask of this key, step and stream.
    ///
    ///     block of unit i = floor(i / 2),  K = upper 52 bits of (word[2·(i mod 2) + 1], word[2·(i mod 2)])
    ///     u(i) = (2·K + 1) · 2^-53
    ///
    /// `i` counts from `offset`. No u is 0, 1 or a half, and 1 - u has no rounding.
    ///
    /// - Throws: ``DropoutError/offsetTooLarge(units:)`` where a unit would have an index of 2^63 or more.
    package func uniforms(_ count: Int, offset: UInt64) throws(DropoutError) -> [Double] {
        let (end, overflow) = offset.addingReportingOverflow(UInt64(count))
        guard !overflow, end <= 1 << 63 else { throw .offsetTooLarge(units: count) }
        return (0..<UInt64(count)).map { index in
            let i = offset + index
            let low = UInt64(word(at: 2 * i))
            let bits = UInt64(word(at: 2 * i + 1)) << 32 | low
            return Double((bits >> 12) << 1 | 1) * 0x1p-53
        }
    }
}
