package import Stopping

/// The probability of a number of successes as far from its mean as one that was observed.
package enum BinomialTail {
    /// The probability below which an observation counts as a mistake: one in ten million.
    package static let improbable = 1e-7

    /// The probability of a count at least as far from the mean, on its side, as `successes` of `trials`, doubled for two sides.
    ///
    ///     2 · min(P(X <= k), P(X >= k)),  at most 1
    ///
    /// Precision: the exact terms are summed, to 10 digits. Above 10^6 trials, if the variance is above 1000, the result is the tail of
    ///   the normal distribution: within a tenth if it is improbable, and 1 within 3 standard deviations.
    /// Edge cases: probability 0 and 1 have one possible count. The result is 1 for no trials.
    package static func probability(
        successes k: Int, of trials: Int, probability p: Double, stop: StopFlag = .never
    ) throws(DropoutError) -> Double {
        guard trials > 0 else { return 1 }
        if p <= 0 { return k == 0 ? 1 : 0 }
        if p >= 1 { return k == trials ? 1 : 0 }
        let mean = Double(trials) * p
        let variance = mean * (1 - p)
        if trials > 1_000_000, variance > 1000 {
            let z = ((Double(k) - mean).magnitude - 0.5) / variance.squareRoot()
            // The first term of the tail's series: 1 - erf would cancel so far from the mean.
            return z < 3 ? 1 : min(1, 2 * Double.exp(-z * z / 2) / (z * 2.5066282746310002))
        }
        let lower = Double(k) <= mean
        return min(1, 2 * (try tail(k, trials, p, isLower: lower, stop)))
    }

    /// P(X <= k) or P(X >= k), summed from k outwards until a term does not change the sum.
    private static func tail(
        _ k: Int, _ n: Int, _ p: Double, isLower: Bool, _ stop: StopFlag
    ) throws(DropoutError) -> Double {
        var term = Double.exp(logMass(k, n, p))
        var sum = term
        var i = k
        let odds = p / (1 - p)
        var pace = Pace(stop)
        while isLower ? i > 0 : i < n {
            try pace.spend(1)
            if isLower {
                term *= Double(i) / (Double(n - i + 1) * odds)
                i -= 1
            } else {
                term *= Double(n - i) * odds / Double(i + 1)
                i += 1
            }
            sum += term
            if term < sum * 1e-17 { break }
        }
        return sum
    }

    /// ln P(X = k).
    private static func logMass(_ k: Int, _ n: Int, _ p: Double) -> Double {
        logFactorial(n) - logFactorial(k) - logFactorial(n - k) + Double(k) * Double.log(p)
            + Double(n - k) * Double.log1p(-p)
    }

    /// ln n!, by Stirling's series from 32 on and by a sum of logarithms below.
    private static func logFactorial(_ n: Int) -> Double {
        if n < 32 {
            var sum = 0.0
            for i in stride(from: 2, through: n, by: 1) { sum += Double.log(Double(i)) }
            return sum
        }
        let x = Double(n)
        let inverse = 1 / x
        let series = inverse * (1.0 / 12 - inverse * inverse * (1.0 / 360 - inverse * inverse / 1260))
        return (x + 0.5) * Double.log(x) - x + 0.9189385332046727 + series
    }
}
