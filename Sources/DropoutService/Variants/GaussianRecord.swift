import DropoutEngine

/// Gaussian dropout, see ``GaussianNoise``.
extension VariantRecord {
    static let gaussian = VariantRecord(
        .gaussian, knowsClassic: false,
        plan: { place in
            let (keep, rate) = (place.probability.keep, place.probability.rate)
            guard keep > 0 else {
                return place.refuse("variant", "gaussian dropout has no finite variance at rate 1")
            }
            return place.shared(.multiply(mean: 1, variance: rate / keep))
        },
        factors: { uniforms, probability, _, stop throws(DropoutError) in
            try GaussianNoise(probability).factors(uniforms, stop: stop)
        },
        law: { probability, _ in .gaussian(deviation: (probability.rate / probability.keep).squareRoot()) },
        price: .multiplying(.gaussianFactor))
}
