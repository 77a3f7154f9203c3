/// Zoneout: a unit keeps its previous state with probability `rate` instead of becoming 0.
///
///     train: y = kept ? x : previous        eval: y = rate·previous + keep·x
///
/// Shapes: `x` and `previous` have one shape.
/// Edge cases: rate 0 returns x and rate 1 the previous state, bit for bit, in either mode; what is not chosen is
///   selected away, so that its NaN stays out.
/// Source: Krueger et al., "Zoneout: regularizing RNNs by randomly preserving hidden activations", 2017.
package enum Zoneout {
    package static func train<Scalar: DropoutScalar>(_ x: [Scalar], previous: [Scalar], mask: Mask) -> [Scalar] {
        x.indices.map { mask.kept[$0] == 1 ? x[$0] : previous[$0] }
    }

    package static func eval<Scalar: DropoutScalar>(
        _ x: [Scalar], previous: [Scalar], probability: KeepProbability
    ) -> [Scalar] {
        if probability.keep == 1 { return x }
        if probability.keep == 0 { return previous }
        let (rate, keep) = (Scalar(probability.rate), Scalar(probability.keep))
        return x.indices.map { rate * previous[$0] + keep * x[$0] }
    }
}
