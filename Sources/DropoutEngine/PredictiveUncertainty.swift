/// How uncertain the passes of Monte-Carlo dropout are about the class of each example, in nats.
///
///     predictive entropy   H = -Σ over classes of p̄·ln p̄,  p̄ the mean of the passes
///     expected entropy     E = mean over passes of -Σ p·ln p
///     mutual information   I = H - E: what the passes disagree about (BALD)
///
/// Shapes: each pass is [classes, examples] in columns or [examples, classes] in rows, its examples summing to 1.
/// Edge cases: a shape without elements has no entropies; 0·ln 0 is 0; I of passes that agree is 0 up to rounding, never below.
/// Source: Houlsby et al., "Bayesian active learning for classification and preference learning", 2011; Gal, Islam and
///   Ghahramani, "Deep Bayesian active learning with image data", 2017.
package struct PredictiveUncertainty: Sendable {
    private let classes: Int
    private let examples: Int
    private let layout: Layout
    private var sum: [Double]
    private var entropies: [Double]
    private var count = 0

    /// - Parameter shape: of one pass; nil unless it is a matrix.
    package init?(_ shape: Shape, layout: Layout) {
        guard shape.rank == 2 else { return nil }
        let (rows, columns) = (shape.dimensions[0], shape.dimensions[1])
        // Without classes there is nothing to be uncertain about, however many examples there are.
        (classes, examples) =
            shape.count == 0 ? (0, 0) : layout == .columns ? (rows, columns) : (columns, rows)
        self.layout = layout
        sum = [Double](repeating: 0, count: shape.count)
        entropies = [Double](repeating: 0, count: examples)
    }

    /// Adds one pass, of the shape given at first.
    package mutating func add<Scalar: DropoutScalar>(_ output: Tensor<Scalar>) {
        guard output.elements.count == sum.count else { return }
        count += 1
        let probabilities = output.elements.map { Double($0) }
        for i in sum.indices { sum[i] += probabilities[i] }
        for example in 0..<examples { entropies[example] += entropy(probabilities, example) }
    }

    /// H of each example.
    package var predictiveEntropy: [Double] {
        guard count > 0 else { return entropies }
        let mean = sum.map { $0 / Double(count) }
        return (0..<examples).map { entropy(mean, $0) }
    }

    /// I of each example.
    package var mutualInformation: [Double] {
        guard count > 0 else { return entropies }
        return zip(predictiveEntropy, entropies).map { max(0, $0 - $1 / Double(count)) }
    }

    private func entropy(_ probabilities: [Double], _ example: Int) -> Double {
        var entropy = 0.0
        for unit in 0..<classes {
            let p = probabilities[layout == .columns ? unit * examples + example : example * classes + unit]
            if p > 0 { entropy -= p * Double.log(p) }
        }
        return entropy
    }
}
