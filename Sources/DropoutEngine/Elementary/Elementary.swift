/// Exponential, logarithm and their kin, in IEEE additions, multiplications and divisions alone.
///
/// libm picks its kernels by processor, and their last bits differ; these give the same bits everywhere.
/// Precision in float64: exp, expm1, log, log1p and tanh within 0.52 ulp, erf within 0.7, and results below 2^-1022
/// within 1; the float32 functions are the float64 ones rounded once.
enum Elementary {
    /// A number as an unevaluated sum, low at most half an ulp of high.
    struct Pair {
        var high: Double
        var low: Double

        /// a + b exactly (Knuth).
        init(sum a: Double, _ b: Double) {
            high = a + b
            let part = high - a
            low = (a - (high - part)) + (b - part)
        }

        /// a · b exactly, barring overflow (Dekker, Veltkamp).
        init(product a: Double, _ b: Double) {
            high = a * b
            let (a1, a2) = Self.split(a)
            let (b1, b2) = Self.split(b)
            low = ((a1 * b1 - high) + a1 * b2 + a2 * b1) + a2 * b2
        }

        private static func split(_ x: Double) -> (Double, Double) {
            let wide = x * 134_217_729
            let high = wide - (wide - x)
            return (high, x - high)
        }
    }

    /// e^(x + tail) = (pair.high + pair.low) · 2^scale for |x| up to 750.
    static func exponential(_ x: Double, tail: Double = 0) -> (pair: Pair, scale: Int) {
        typealias Tables = ElementaryTables
        let n = (x * Tables.sixtyFourthsOverLn2).rounded()
        let index = Int(n)
        let step = n / 64
        // x - n·ln2/64 as a sum of two numbers, up to 0.0055.
        let main = Pair(sum: x - step * Tables.ln2High, -(step * Tables.ln2Middle))
        let low = main.low + (tail - step * Tables.ln2Low)
        let r = main.high
        let polynomial =
            r * r * (0.5 + r * (1.0 / 6 + r * (1.0 / 24 + r * (1.0 / 120 + r * (1.0 / 720 + r / 5040)))))
        let power = Tables.powersOfTwo[index & 63]
        let product = Pair(product: power.high, r)
        var sum = Pair(sum: power.high, product.high)
        sum.low += product.low + (power.low + power.low * r) + power.high * (polynomial + low)
        return (Pair(sum: sum.high, sum.low), index >> 6)
    }

    static func exp(_ x: Double) -> Double {
        if x.isNaN { return x }
        if x > 709.79 { return .infinity }
        if x < -745.14 { return 0 }
        let (pair, scale) = exponential(x)
        return Double(sign: .plus, exponent: scale, significand: pair.high + pair.low)
    }

    static func expm1(_ x: Double) -> Double {
        if x.isNaN || x.magnitude < 0x1p-54 { return x }
        if x > 709.79 { return .infinity }
        if x < -40 { return -1 }
        if x.magnitude < 0.0054 {
            return x + x * x * (0.5 + x * (1.0 / 6 + x * (1.0 / 24 + x * (1.0 / 120 + x * (1.0 / 720 + x / 5040)))))
        }
        let (pair, scale) = exponential(x)
        if scale > 60 { return Double(sign: .plus, exponent: scale, significand: pair.high + pair.low) }
        let high = Double(sign: .plus, exponent: scale, significand: pair.high)
        let low = pair.low == 0 ? 0 : pair.low * Double(sign: .plus, exponent: scale, significand: 1)
        let sum = Pair(sum: high, -1)
        return sum.high + (sum.low + low)
    }

    /// ln(x + tail) for a positive finite x and |tail| of at most an ulp of x.
    static func logarithm(_ x: Double, tail: Double = 0) -> Double {
        typealias Tables = ElementaryTables
        let scaled = x < 0x1p-1022 ? x * 0x1p54 : x
        var exponent = Int(scaled.exponent) - (x < 0x1p-1022 ? 54 : 0)
        var significand = scaled.significand
        let index = Int((significand.bitPattern >> 45) & 127)
        let entry = Tables.logarithms[index]
        // The rows above √2 are for half the significand; the last one is 1 for a half just below 1.
        if entry.reciprocal > 1 || index == 127 {
            significand /= 2
            exponent += 1
        }
        let product = Pair(product: significand, entry.reciprocal)
        let shifted = Pair(sum: product.high - 1, product.low)
        let r = shifted.high
        let relativeTail = tail == 0 ? 0 : tail / x
        let r2 = r * r
        let polynomial =
            r * r2
            * (1.0 / 3 + r * (-1.0 / 4 + r * (1.0 / 5 + r * (-1.0 / 6 + r * (1.0 / 7 + r * (-1.0 / 8 + r / 9))))))
        let k = Double(exponent)
        let table = Pair(sum: k * Tables.ln2High, entry.high)
        let sum = Pair(sum: table.high, r)
        let half = Pair(product: r, r)
        let next = Pair(sum: sum.high, -0.5 * half.high)
        let low =
            next.low + (sum.low + table.low)
            + (k * Tables.ln2Middle + entry.low + shifted.low - r * shifted.low - 0.5 * half.low + polynomial
                + relativeTail)
        return next.high + low
    }

    static func log(_ x: Double) -> Double {
        if x.isNaN || x < 0 { return .nan }
        if x == 0 { return -.infinity }
        if x == .infinity { return x }
        return logarithm(x)
    }

    static func log1p(_ x: Double) -> Double {
        if x.isNaN || x < -1 { return .nan }
        if x == -1 { return -.infinity }
        if x == .infinity || x.magnitude < 0x1p-54 { return x }
        if x.magnitude < 0x1p-10 {
            return x - x * x
                * (0.5 - x * (1.0 / 3 - x * (1.0 / 4 - x * (1.0 / 5 - x * (1.0 / 6 - x / 7)))))
        }
        let sum = Pair(sum: 1, x)
        return logarithm(sum.high, tail: sum.low)
    }
}

extension Double: DropoutScalar {
    package static func exp(_ x: Double) -> Double { Elementary.exp(x) }
    package static func expm1(_ x: Double) -> Double { Elementary.expm1(x) }
    package static func log(_ x: Double) -> Double { Elementary.log(x) }
    package static func log1p(_ x: Double) -> Double { Elementary.log1p(x) }
    package static func tanh(_ x: Double) -> Double { Elementary.tanh(x) }
    package static func erf(_ x: Double) -> Double { Elementary.erf(x) }
}

extension Float: DropoutScalar {
    package static func exp(_ x: Float) -> Float { Float(Elementary.exp(Double(x))) }
    package static func expm1(_ x: Float) -> Float { Float(Elementary.expm1(Double(x))) }
    package static func log(_ x: Float) -> Float { Float(Elementary.log(Double(x))) }
    package static func log1p(_ x: Float) -> Float { Float(Elementary.log1p(Double(x))) }
    package static func tanh(_ x: Float) -> Float { Float(Elementary.tanh(Double(x))) }
    package static func erf(_ x: Float) -> Float { Float(Elementary.erf(Double(x))) }
}
