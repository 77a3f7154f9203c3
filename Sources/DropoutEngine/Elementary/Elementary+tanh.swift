extension Elementary {
    /// The hyperbolic tangent, odd in x.
    ///
    ///     |x| < 1/8:  x + Σ 2^2n (2^2n - 1) B(2n) / (2n)! · x^(2n - 1),  n in 2...10
    ///     otherwise:  1 - 2 / (e^(2x) + 1), the exponential and the quotient as sums of two numbers
    ///
    /// Precision: within 0.51 ulp. Edge cases: tanh(±0) = ±0, ±1 from 20 on, NaN for NaN.
    /// Source: Abramowitz & Stegun 4.5.64.
    static func tanh(_ x: Double) -> Double {
        if x.isNaN { return x }
        let magnitude = x.magnitude
        if magnitude > 20 { return x < 0 ? -1 : 1 }
        if magnitude < 0x1p-28 { return x }
        if magnitude < 0.125 {
            let square = x * x
            var series = 0.0
            for factor in hyperbolicTangentSeries.reversed() { series = square * (factor + series) }
            return x + x * series
        }
        let (pair, scale) = exponential(2 * magnitude)
        let unit = Double(sign: .plus, exponent: scale, significand: 1)
        var divisor = Pair(sum: pair.high * unit, 1)
        divisor.low += pair.low * unit
        let quotient = 2 / divisor.high
        let product = Pair(product: quotient, divisor.high)
        let rest = ((2 - product.high) - product.low - quotient * divisor.low) / divisor.high
        let difference = Pair(sum: 1, -quotient)
        let value = difference.high + (difference.low - rest)
        return x < 0 ? -value : value
    }

    /// The factors of x³, x⁵, ... x¹⁹, computed with 300 bits and rounded.
    private static let hyperbolicTangentSeries: [Double] = [
        -0x1.5555555555555p-2,
        0x1.1111111111111p-3,
        -0x1.ba1ba1ba1ba1cp-5,
        0x1.664f4882c10fap-6,
        -0x1.226e355e6c23dp-7,
        0x1.d6d3d0e157de0p-9,
        -0x1.7da36452b75e3p-10,
        0x1.3558248036744p-11,
        -0x1.f57d7734d1664p-13,
    ]
}
