package import Stopping
package import TextCodecs

/// Zoneout: a unit keeps its previous state with probability `rate` instead of becoming 0.
///
///     train: y = kept ? x : previous        eval: y = rate·previous + keep·x
///
/// Shapes: `x` and `previous` have the same shape. `previous` is rounded to the type of `x`.
/// Edge cases: rate 0 returns x and rate 1 the previous state, bit for bit, in either mode. A NaN of the state that is not chosen has
///   no effect.
/// Source: Krueger et al., "Zoneout: regularizing RNNs by randomly preserving hidden activations", 2017.
package enum Zoneout {
    package static func train<Scalar: DropoutScalar>(
        _ x: [Scalar], previous: [Double], mask: Mask, stop: StopFlag = .never
    ) throws(DropoutError) -> [Scalar] {
        try checkCounts(x.count, previous.count)
        return try x.withUnsafeBufferPointer { x throws(DropoutError) in
            try previous.withUnsafeBufferPointer { previous throws(DropoutError) in
                try mask.select(x.count, stop, kept: { x[$0] }, dropped: { Scalar(previous[$0]) })
            }
        }
    }

    package static func eval<Scalar: DropoutScalar>(
        _ x: [Scalar], previous: [Double], probability: KeepProbability, half: HalfType? = nil,
        stop: StopFlag = .never
    ) throws(DropoutError) -> [Scalar] {
        try checkCounts(x.count, previous.count)
        if probability.keep == 1 { return x }
        if probability.keep == 0 { return try previous.map(stop: stop) { Scalar($0) } }
        if let half {
            let (rate, keep) = (Scalar(half.round(probability.rate)), Scalar(half.round(probability.keep)))
            return try [Scalar](count: x.count, stop: stop) {
                half.round(half.round(rate * Scalar(previous[$0])) + half.round(keep * x[$0]))
            }
        }
        let (rate, keep) = (Scalar(probability.rate), Scalar(probability.keep))
        return try [Scalar](count: x.count, stop: stop) { rate * Scalar(previous[$0]) + keep * x[$0] }
    }

    /// - Throws: ``DropoutError/impossible(_:)`` for a previous state of another size.
    static func checkCounts(_ count: Int, _ previous: Int) throws(DropoutError) {
        guard count == previous else {
            throw .impossible("\(count) elements have a previous state of \(previous)")
        }
    }
}
