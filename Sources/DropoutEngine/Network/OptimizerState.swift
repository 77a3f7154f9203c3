/// What an optimizer remembers of one layer: `first` is SGD's velocity or Adam's mean of gradients, `second` Adam's mean
/// of their squares (empty for SGD). Each holds the layer's weights, then its bias.
package struct OptimizerSlot<Scalar: DropoutScalar>: Sendable {
    package var first: [Scalar]
    package var second: [Scalar]

    package init(first: [Scalar], second: [Scalar]) {
        self.first = first
        self.second = second
    }
}

/// What an optimizer remembers between steps; no slot means a fresh start.
package struct OptimizerState<Scalar: DropoutScalar>: Sendable {
    /// Steps taken so far.
    package var stepCount: Int
    package var slots: [OptimizerSlot<Scalar>]

    package init(stepCount: Int = 0, slots: [OptimizerSlot<Scalar>] = []) {
        self.stepCount = stepCount
        self.slots = slots
    }
}
