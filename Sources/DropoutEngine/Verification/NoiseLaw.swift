/// The law of the factors of a variant whose noise is a number: Gaussian or concrete dropout.
package enum NoiseLaw: Sendable {
    /// N(1, deviation²).
    case gaussian(deviation: Double)
    case concrete(ConcreteNoise)

    /// P(factor <= f).
    package func cumulative(_ f: Double) -> Double {
        switch self {
        case .gaussian(let deviation):
            guard deviation > 0 else { return f < 1 ? 0 : 1 }
            return 0.5 * (1 + Double.erf((f - 1) / (deviation * 2.0.squareRoot())))
        case .concrete(let noise): return Self.concrete(f * noise.probability.keep, noise)
        }
    }

    /// P(1 - z <= q) of the relaxed mask 1 - z, which is the logistic function of T·logit(q) + logit(rate).
    static func concrete(_ q: Double, _ noise: ConcreteNoise) -> Double {
        let (keep, rate) = (noise.probability.keep, noise.probability.rate)
        if q < 0 { return 0 }
        if q >= 1 { return 1 }
        if rate == 0 { return 0 }
        if keep == 0 { return 1 }
        if q == 0 { return 0 }
        let t = noise.temperature * (Double.log(q) - Double.log1p(-q)) + Double.log(rate) - Double.log(keep)
        return t > 0 ? 1 / (1 + Double.exp(-t)) : Double.exp(t) / (1 + Double.exp(t))
    }
}
