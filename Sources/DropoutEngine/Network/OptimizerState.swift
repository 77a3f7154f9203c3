/// The state of an optimizer for one layer.
///
/// `first` is SGD's velocity or Adam's mean of gradients. `second` is Adam's mean of their squares, and empty for SGD. Each has the
/// numbers of the layer's weights, then of its bias.
package struct OptimizerSlot<Scalar: DropoutScalar>: Sendable {
    package var first: [Scalar]
    package var second: [Scalar]

    package init(first: [Scalar], second: [Scalar]) {
        self.first = first
        self.second = second
    }
}

/// The state of an optimizer between steps. It is that of a fresh start if it has no slot.
package struct OptimizerState<Scalar: DropoutScalar>: Sendable {
    /// The number of steps that were taken.
    package var stepCount: Int
    package var slots: [OptimizerSlot<Scalar>]

    package init(stepCount: Int = 0, slots: [OptimizerSlot<Scalar>] = []) {
        self.stepCount = stepCount
        self.slots = slots
    }
}
