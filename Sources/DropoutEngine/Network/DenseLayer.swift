/// Z = W·X + b and A = activation(Z).
///
/// Shapes: `weights` [out, in] in either layout, `bias` one number for each of the `out` units.
package struct DenseLayer<Scalar: DropoutScalar>: Sendable {
    package let weights: Tensor<Scalar>
    package let bias: [Scalar]
    package let activation: Activation

    package var outputUnits: Int { weights.shape.dimensions[0] }
    package var inputUnits: Int { weights.shape.dimensions[1] }

    /// - Throws: ``DropoutError/weightsNotMatrix(rank:)``, ``DropoutError/biasCountMismatch(expected:actual:)``.
    package init(weights: Tensor<Scalar>, bias: [Scalar], activation: Activation) throws(DropoutError) {
        guard weights.shape.rank == 2 else { throw .weightsNotMatrix(rank: weights.shape.rank) }
        guard bias.count == weights.shape.dimensions[0] else {
            throw .biasCountMismatch(expected: weights.shape.dimensions[0], actual: bias.count)
        }
        self.weights = weights
        self.bias = bias
        self.activation = activation
    }

    /// The layer with other parameters of the same number.
    func with(weights newWeights: [Scalar], bias newBias: [Scalar]) -> DenseLayer {
        DenseLayer(like: self, weights: newWeights, bias: newBias)
    }

    private init(like other: DenseLayer, weights: [Scalar], bias: [Scalar]) {
        self.weights = Tensor(like: other.weights, weights)
        self.bias = bias
        self.activation = other.activation
    }
}
