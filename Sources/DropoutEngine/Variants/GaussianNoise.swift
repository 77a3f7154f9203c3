package import Stopping

/// Gaussian dropout: x · N(1, rate / keep), whose mean and variance are those of inverted dropout.
///
///     y = x·(1 + √(rate / keep)·Φ⁻¹(u))
///
/// Shapes: one uniform u in (0, 1) for each unit, one factor each.
/// Edge cases: rate 0 has factors 1. Rate 1 has an infinite variance and is refused before.
/// Source: Srivastava et al., JMLR 15 (2014), section 10; the normal number by ``NormalQuantile``.
package struct GaussianNoise: Sendable {
    package let probability: KeepProbability

    package init(_ probability: KeepProbability) { self.probability = probability }

    package func factors(_ uniforms: [Double], stop: StopFlag = .never) throws(DropoutError) -> [Double] {
        if probability.rate == 0 { return [Double](repeating: 1, count: uniforms.count) }
        let deviation = (probability.rate / probability.keep).squareRoot()
        return try uniforms.map(stop: stop) { 1 + deviation * NormalQuantile.of($0) }
    }
}
