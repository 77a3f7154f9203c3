/// What the network should have answered.
package enum LossTarget<Scalar: DropoutScalar>: Sendable {
    /// A number for each output, in the output's shape; for cross-entropy a distribution over the units.
    case values(Tensor<Scalar>)
    /// The index of the right unit of each example.
    case classes([Int])
}
