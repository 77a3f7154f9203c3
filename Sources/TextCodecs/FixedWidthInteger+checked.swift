/// Arithmetic of whole numbers that may overflow. It saturates or returns nil, and never traps.
extension FixedWidthInteger {
    /// The sum, or the nearest number that the type has.
    @inlinable package func adding(_ other: Self) -> Self {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other < 0 ? .min : .max) : sum
    }

    /// The product, or the nearest number that the type has.
    @inlinable package func times(_ other: Self) -> Self {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? ((self < 0) == (other < 0) ? .max : .min) : product
    }

    /// The sum; nil if it overflows.
    @inlinable package func checkedSum(_ other: Self) -> Self? {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? nil : sum
    }

    /// The product; nil if it overflows.
    @inlinable package func checkedProduct(_ other: Self) -> Self? {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? nil : product
    }
}
