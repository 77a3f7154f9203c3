extension Elementary {
    /// The error function 2/√π ∫₀ˣ e^(-t²) dt, odd in x.
    ///
    ///     |x| < 1/2:  2/√π · x · Σ (-x²)^n / (n! (2n + 1))
    ///     otherwise:  erf(c) + erf'(c) · ∫₀ʰ e^(-2ct - t²) dt,  c = the nearest multiple of 1/16, h = |x| - c
    ///
    /// Precision: within 0.7 ulp. Edge cases: erf(±0) = ±0, ±1 from 5.95 on, NaN for NaN.
    /// Source: Abramowitz & Stegun 7.1.5; the integral's Taylor series about 0.
    static func erf(_ x: Double) -> Double {
        if x.isNaN { return x }
        let magnitude = x.magnitude
        if magnitude >= 5.95 { return x < 0 ? -1 : 1 }
        if magnitude < 0x1p-28 { return x * ElementaryTables.twoOverSqrtPi }
        if magnitude < 0.5 { return errorFunctionNearZero(x) }
        let value = errorFunctionFromTable(magnitude)
        return x < 0 ? -value : value
    }

    private static func errorFunctionNearZero(_ x: Double) -> Double {
        let square = x * x
        // Σ over n from 1 to 12, by Horner from the last.
        var series = 0.0
        for factor in ErrorFunctionTable.maclaurin.reversed() { series = square * (factor + series) }
        let leading = Pair(product: x, ElementaryTables.twoOverSqrtPi)
        return leading.high + (leading.low + x * (ErrorFunctionTable.twoOverSqrtPiLow + series))
    }

    private static func errorFunctionFromTable(_ x: Double) -> Double {
        let index = Int(x * 16 + 0.5)
        let row = ErrorFunctionTable.rows[index - ErrorFunctionTable.firstIndex]
        let center = Double(index) / 16
        let h = x - center
        // Taylor's a[k] of e^(-2ct - t²): a[k + 1] = -2 · (c · a[k] + a[k - 1]) / (k + 1).
        var (previous, current) = (0.0, 1.0)
        var power = h
        var sum = h
        for reciprocal in ErrorFunctionTable.reciprocals {
            (previous, current) = (current, -2 * (center * current + previous) * reciprocal.previous)
            power *= h
            sum += current * power * reciprocal.next
        }
        return row.high + (row.low + row.slope * sum)
    }
}
