package import Stopping

/// Concrete dropout: Bernoulli noise relaxed to numbers between 0 and 1.
///
///     z = σ((ln rate - ln keep + ln u - ln(1 - u)) / temperature),  y = x·(1 - z) / keep
///
/// Shapes: one uniform u in (0, 1) for each unit, one factor (1 - z) / keep each.
/// Edge cases: rate 0 has factors 1, rate 1 factors 0. As the temperature falls the factors near 0 and 1 / keep.
/// Source: Gal, Hron and Kendall, "Concrete dropout", 2017, without the 10^-7 that its code adds inside the logarithms.
package struct ConcreteNoise: Sendable {
    package let probability: KeepProbability
    package let temperature: Double

    /// - Throws: ``DropoutError/temperatureOutOfRange(_:)`` for anything not finite and above 0.
    package init(_ probability: KeepProbability, temperature: Double) throws(DropoutError) {
        guard temperature > 0, temperature.isFinite else { throw .temperatureOutOfRange(temperature) }
        self.probability = probability
        self.temperature = temperature
    }

    package func factors(_ uniforms: [Double], stop: StopFlag = .never) throws(DropoutError) -> [Double] {
        try uniforms.map(stop: stop) { probability.keep == 0 ? 0 : kept($0) / probability.keep }
    }

    /// 1 - z.
    private func kept(_ u: Double) -> Double {
        if probability.rate == 0 { return 1 }
        let odds =
            Double.log(probability.rate) - Double.log(probability.keep) + Double.log(u) - Double.log(1 - u)
        // 1 - σ(t) = 1 / (1 + e^t), without overflow on either side.
        let t = odds / temperature
        return t > 0 ? Double.exp(-t) / (1 + Double.exp(-t)) : 1 / (1 + Double.exp(t))
    }

    /// Mean and variance of a factor, by the midpoint rule over 4,096 uniforms: about 1 part in 10^6.
    package func moments(stop: StopFlag = .never) throws(DropoutError) -> (mean: Double, variance: Double) {
        let points = 4096
        let factors = try factors((0..<points).map { (Double($0) + 0.5) / Double(points) }, stop: stop)
        var sum = 0.0
        for factor in factors { sum += factor }
        let mean = sum / Double(points)
        var squares = 0.0
        for factor in factors { squares += (factor - mean) * (factor - mean) }
        return (mean, squares / Double(points))
    }
}
