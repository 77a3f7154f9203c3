package import Stopping

/// The mean and the variance of several passes, element by element. The passes are added one by one (Welford 1962, West 1979).
package struct SampleMoments<Scalar: DropoutScalar>: Sendable {
    package let shape: Shape
    /// The number of passes that were added.
    package private(set) var count = 0
    /// The weighted mean of each element, row-major.
    package private(set) var mean: [Double]
    private var squares: [Double]
    private var totalWeight = 0.0

    package init(shape: Shape) {
        self.shape = shape
        mean = [Double](repeating: 0, count: shape.count)
        squares = mean
    }

    /// Adds one pass of `shape`'s size. A pass of weight 0 changes only the count.
    ///
    /// Edge cases: infinities of one sign give an infinite mean in any order. Opposite ones and NaN give NaN. The variance is
    ///   finite for none of these.
    /// - Throws: ``DropoutError/stopped``, after which the moments mean nothing; ``DropoutError/impossible(_:)`` for a pass of
    ///   another size.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package mutating func add(
        _ output: Tensor<Scalar>, weight: Double = 1, stop: StopFlag = .never
    ) throws(DropoutError) {
        guard output.elements.count == mean.count else {
            throw .impossible("a pass of \(output.elements.count) elements is added to moments of \(mean.count)")
        }
        count += 1
        guard weight > 0 else { return }
        totalWeight += weight
        let share = weight / totalWeight
        for block in Blocks(mean.indices) {
            try stop.ask()
            for i in block {
                let value = Double(output.elements[i])
                let difference = value - mean[i]
                if difference.isFinite {
                    mean[i] += difference * share
                } else {
                    mean[i] = mean[i] * (1 - share) + value * share
                }
                squares[i] += weight * difference * (value - mean[i])
            }
        }
    }

    /// The variance of an enumerated distribution: the squares divided by the total weight.
    package func populationVariance(stop: StopFlag = .never) throws(DropoutError) -> [Double] {
        try squares.map(stop: stop) { totalWeight > 0 ? $0 / totalWeight : 0 }
    }

    /// The unbiased estimate of the variance from draws: the squares divided by count - 1; 0 for fewer than two passes.
    package func sampleVariance(stop: StopFlag = .never) throws(DropoutError) -> [Double] {
        try squares.map(stop: stop) { count > 1 ? $0 / Double(count - 1) : 0 }
    }

    /// The largest |mean - expectation| in units of the mean's standard error.
    ///
    /// Edge cases: an element without variance counts only if its mean is off, and the result is then infinite. Nil for fewer than
    ///   two passes or no elements.
    ///
    /// - Parameters:
    ///   - knownVariance: The variance of each element in one pass; nil if it is estimated from the passes.
    ///   - ulp: the distance from 1 to the next number of a type of 16 bits. Its rounding is the same in every pass, so that no number
    ///     of passes averages it out, and is not counted. Nil for `Scalar`.
    /// - Throws: ``DropoutError/stopped``; ``DropoutError/impossible(_:)`` for expectations or variances of another count.
    package func maximumAbsoluteZ(
        expectation: [Double], knownVariance: [Double]? = nil, ulp: Double? = nil, stop: StopFlag = .never
    ) throws(DropoutError) -> Double? {
        let variance: [Double]
        if let knownVariance { variance = knownVariance } else { variance = try sampleVariance(stop: stop) }
        guard expectation.count == mean.count, variance.count == mean.count else {
            throw .impossible(
                "\(mean.count) means have \(expectation.count) expectations and \(variance.count) variances")
        }
        guard count > 1, !mean.isEmpty else { return nil }
        var largest = 0.0
        for block in Blocks(mean.indices) {
            try stop.ask()
            for i in block {
                let bias = ulp.map { expectation[i].magnitude * $0 } ?? 0
                let difference = max(0, (mean[i] - expectation[i]).magnitude - bias)
                let error = (variance[i] / Double(count)).squareRoot()
                let rounding = expectation[i].magnitude * Double(Scalar.ulpOfOne) * 4
                let z = error > 0 ? difference / error : difference <= rounding ? 0 : .infinity
                largest = max(largest, z)
            }
        }
        return largest
    }
}
