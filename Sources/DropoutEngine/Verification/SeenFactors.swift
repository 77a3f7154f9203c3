import Stopping

/// Factors that were seen, each once, in ascending order, and whether a law gives them.
///
/// Every test bounds the chance that factors of the law fail it by a third of ``BinomialTail/improbable``:
///
///     distance:  P(sup |F_n - F| > d)    <= 2·exp(-2·n·d²)             Dvoretzky, Kiefer and Wolfowitz; Massart 1990
///     mean:      P(|mean - 1| > z·σ/√n)  <= 2·exp(-z²/2)
///     variance:  P(Σ(f - 1)²/(n·σ²) beyond t)  <= exp(-n/2·(t - 1 - ln t))     Chernoff, on the side of t
///
/// A factor is known up to the rounding of an output. Each test takes the value within it that speaks for the law.
struct SeenFactors: Sendable {
    let sorted: [Double]
    /// The relative error of a factor.
    let tolerance: Double
    let mean: Double
    /// The mean of (f - 1)².
    let variance: Double

    /// - Parameter factors: none of them is NaN.
    init(_ factors: [Double], tolerance: Double, stop: StopFlag) throws(DropoutError) {
        sorted = try factors.sorted(stop: stop)
        self.tolerance = tolerance
        var (sum, squares) = (0.0, 0.0)
        try sorted.forEach(stop: stop) {
            sum += $0
            squares += ($0 - 1) * ($0 - 1)
        }
        let count = Double(max(1, sorted.count))
        (mean, variance) = (sum / count, squares / count)
    }

    private static var logImprobable: Double { Double.log(BinomialTail.improbable / 3) }

    /// The least distance between the factors' distribution and a law.
    func distance(_ stop: StopFlag, _ cumulative: (Double) -> Double) throws(DropoutError) -> Double {
        let count = Double(sorted.count)
        var distance = 0.0
        for block in Blocks(sorted.indices) {
            try stop.ask()
            for i in block {
                let slack = tolerance * (sorted[i].magnitude + 1.0 / 1024)
                let above = Double(i + 1) / count - cumulative(sorted[i] + slack)
                let below = cumulative(sorted[i] - slack) - Double(i) / count
                distance = max(distance, above, below)
            }
        }
        return distance
    }

    /// Whether the distance to a law is one that chance gives.
    func isNear(_ stop: StopFlag, _ cumulative: (Double) -> Double) throws(DropoutError) -> Bool {
        let distance = try distance(stop, cumulative)
        return Double.log(2) - 2 * Double(sorted.count) * distance * distance >= Self.logImprobable
    }

    /// Whether the factors are those of N(1, `variance`).
    func isNormal(variance expected: Double, _ stop: StopFlag) throws(DropoutError) -> Bool {
        guard expected > 0, !sorted.isEmpty else {
            return try sorted.firstIndex(stop: stop) { ($0 - 1).magnitude > 2 * tolerance } == nil
        }
        let count = Double(sorted.count)
        var (low, high, magnitude) = (0.0, 0.0, 0.0)
        try sorted.forEach(stop: stop) { f in
            let (gap, slack) = ((f - 1).magnitude, tolerance * (f.magnitude + 1.0 / 1024))
            low += max(0, gap - slack) * max(0, gap - slack)
            high += (gap + slack) * (gap + slack)
            magnitude += slack
        }
        let z = max(0, (mean - 1).magnitude - magnitude / count) * (count / expected).squareRoot()
        guard Double.log(2) - z * z / 2 >= Self.logImprobable else { return false }
        for (ratio, isBeyond) in [(low / (count * expected), 1.0), (high / (count * expected), -1.0)]
        where (ratio - 1) * isBeyond > 0 {
            let exponent = ratio > 0 ? count / 2 * (ratio - 1 - Double.log(ratio)) : Double.infinity
            guard -exponent >= Self.logImprobable else { return false }
        }
        let law = NoiseLaw.gaussian(deviation: expected.squareRoot())
        return try isNear(stop) { law.cumulative($0) }
    }
}
