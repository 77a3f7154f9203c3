package import Stopping

/// The uncertainty of Monte-Carlo dropout about the class of each example, in nats.
///
///     predictive entropy   H = -Σ over classes of p̄·ln p̄,  p̄ the mean of the passes
///     expected entropy     E = mean over passes of -Σ p·ln p
///     mutual information   I = H - E, the disagreement of the passes (BALD)
///
/// Shapes: each pass is [classes, examples] in columns or [examples, classes] in rows, its examples summing to 1.
/// Edge cases: a shape without elements has no entropies. 0·ln 0 is 0. I of passes that agree is 0 up to rounding, never below.
/// Source: Houlsby et al., "Bayesian active learning for classification and preference learning", 2011; Gal, Islam and
///   Ghahramani, "Deep Bayesian active learning with image data", 2017.
package struct PredictiveUncertainty: Sendable {
    private let classes: Int
    private let examples: Int
    private let layout: Layout
    private var sum: [Double]
    private var entropies: [Double]
    private var count = 0

    /// Nil if `shape`, that of one pass, is not a matrix.
    package init?(_ shape: Shape, layout: Layout) {
        guard shape.rank == 2 else { return nil }
        let (rows, columns) = (shape.dimensions[0], shape.dimensions[1])
        // Examples without classes have no uncertainty, and their number may be any.
        (classes, examples) =
            shape.count == 0 ? (0, 0) : layout == .columns ? (rows, columns) : (columns, rows)
        self.layout = layout
        sum = [Double](repeating: 0, count: shape.count)
        entropies = [Double](repeating: 0, count: examples)
    }

    /// Adds one pass of the shape that the initialiser was given.
    ///
    /// - Throws: ``DropoutError/stopped``, after which the sums mean nothing; ``DropoutError/impossible(_:)`` for a pass of
    ///   another size.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package mutating func add<Scalar: DropoutScalar>(
        _ output: Tensor<Scalar>, stop: StopFlag = .never
    ) throws(DropoutError) {
        guard output.elements.count == sum.count else {
            throw .impossible("a pass of \(output.elements.count) elements is added to sums of \(sum.count)")
        }
        count += 1
        let probabilities = try output.elements.map(stop: stop) { Double($0) }
        for block in Blocks(sum.indices) {
            try stop.ask()
            for i in block { sum[i] += probabilities[i] }
        }
        var pace = Pace(stop)
        for example in 0..<examples { entropies[example] += try entropy(probabilities, example, &pace) }
    }

    /// The predictive entropy H of each example.
    package func predictiveEntropy(stop: StopFlag = .never) throws(DropoutError) -> [Double] {
        guard count > 0 else { return entropies }
        let mean = try sum.map(stop: stop) { $0 / Double(count) }
        var pace = Pace(stop)
        var result = entropies
        for example in 0..<examples { result[example] = try entropy(mean, example, &pace) }
        return result
    }

    /// The mutual information I of each example.
    package func mutualInformation(stop: StopFlag = .never) throws(DropoutError) -> [Double] {
        guard count > 0 else { return entropies }
        var result = try predictiveEntropy(stop: stop)
        for block in Blocks(result.indices) {
            try stop.ask()
            for i in block { result[i] = max(0, result[i] - entropies[i] / Double(count)) }
        }
        return result
    }

    private func entropy(
        _ probabilities: [Double], _ example: Int, _ pace: inout Pace
    ) throws(DropoutError) -> Double {
        var entropy = 0.0
        try pace.spend(1)
        for block in Blocks(0..<classes) {
            try pace.spend(block.count)
            for unit in block {
                let p = probabilities[layout == .columns ? unit * examples + example : example * classes + unit]
                if p > 0 { entropy -= p * Double.log(p) }
            }
        }
        return entropy
    }
}
