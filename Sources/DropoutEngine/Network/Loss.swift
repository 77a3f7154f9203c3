package import Stopping

/// The losses of a training step, by their names on the wire.
package enum Loss: String, CaseIterable, Sendable {
    /// Mean over all elements of (y - t)².
    case mse
    /// Half of ``mse``.
    case half_mse
    /// Mean over the examples of -Σ t·log softmax(y), for logits y.
    case cross_entropy
    /// Mean over all elements of max(y, 0) - y·t + log(1 + e^-|y|), for logits y.
    case binary_cross_entropy
}

/// The output that the network should have.
package enum LossTarget<Scalar: DropoutScalar>: Sendable {
    /// A number for each output, in the output's shape. For cross-entropy they are a distribution over the units.
    case values(Tensor<Scalar>)
    /// The index of the right unit of each example.
    case classes([Int])
}

extension Loss {
    /// The loss and its derivative by each output.
    ///
    /// Stability: log-softmax is shifted by the largest logit and the binary loss never exponentiates a positive number,
    ///   so logits of ±1000 are as exact as small ones.
    /// Edge cases: an empty output has loss 0.
    /// - Throws: ``DropoutError/targetShapeMismatch(expected:actual:)``,
    ///   ``DropoutError/classOutOfRange(index:value:classes:)``, ``DropoutError/classesNeedCrossEntropy``.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func evaluate<Scalar: DropoutScalar>(
        _ output: Tensor<Scalar>, _ target: LossTarget<Scalar>, layout: Layout, stop: StopFlag = .never
    ) throws(DropoutError) -> (value: Scalar, gradient: [Scalar]) {
        let values = try dense(target, shape: output.shape, layout: layout, stop)
        guard output.shape.count > 0 else { return (0, []) }
        switch self {
        case .mse: return try squaredError(output.elements, values, factor: 1, stop)
        case .half_mse: return try squaredError(output.elements, values, factor: 0.5, stop)
        case .cross_entropy: return try crossEntropy(output, values, layout: layout, stop)
        case .binary_cross_entropy: return try binaryCrossEntropy(output.elements, values, stop)
        }
    }

    /// The target as a number for each output.
    private func dense<Scalar: DropoutScalar>(
        _ target: LossTarget<Scalar>, shape: Shape, layout: Layout, _ stop: StopFlag
    ) throws(DropoutError) -> [Scalar] {
        switch target {
        case .values(let tensor):
            guard tensor.shape == shape else {
                throw .targetShapeMismatch(expected: shape.dimensions, actual: tensor.shape.dimensions)
            }
            return tensor.elements
        case .classes(let classes):
            guard self == .cross_entropy else { throw .classesNeedCrossEntropy }
            let examples = Examples(shape, layout: layout)
            guard classes.count == examples.count else {
                throw .targetShapeMismatch(expected: [examples.count], actual: [classes.count])
            }
            var values = [Scalar](repeating: 0, count: shape.count)
            var pace = Pace(stop)
            for (example, unit) in classes.enumerated() {
                try pace.spend(1)
                guard (0..<examples.units).contains(unit) else {
                    throw .classOutOfRange(index: example, value: unit, classes: examples.units)
                }
                values[layout == .columns ? unit * examples.count + example : example * examples.units + unit] = 1
            }
            return values
        }
    }

    private func squaredError<Scalar: DropoutScalar>(
        _ output: [Scalar], _ target: [Scalar], factor: Scalar, _ stop: StopFlag
    ) throws(DropoutError) -> (value: Scalar, gradient: [Scalar]) {
        let count = Scalar(output.count)
        var sum: Scalar = 0
        var gradient = output
        for block in Blocks(output.indices) {
            try stop.ask()
            for i in block {
                let difference = output[i] - target[i]
                sum += difference * difference
                gradient[i] = 2 * factor * difference / count
            }
        }
        return (factor * sum / count, gradient)
    }

    private func crossEntropy<Scalar: DropoutScalar>(
        _ output: Tensor<Scalar>, _ target: [Scalar], layout: Layout, _ stop: StopFlag
    ) throws(DropoutError) -> (value: Scalar, gradient: [Scalar]) {
        let examples = Examples(output.shape, layout: layout)
        let logits = output.elements
        let count = Scalar(examples.count)
        var total: Scalar = 0
        var gradient = logits
        var pace = Pace(stop)
        for example in examples.range {
            var largest = -Scalar.infinity
            try examples.forEachUnit(of: example, &pace) { i in
                if logits[i] > largest { largest = logits[i] }
            }
            var (sum, mass): (Scalar, Scalar) = (0, 0)
            try examples.forEachUnit(of: example, &pace) { i in
                sum += Scalar.exp(logits[i] - largest)
                mass += target[i]
            }
            let logSum = Scalar.log(sum)
            try examples.forEachUnit(of: example, &pace) { i in
                if target[i] != 0 { total -= target[i] * (logits[i] - largest - logSum) }
                gradient[i] = (mass * Scalar.exp(logits[i] - largest) / sum - target[i]) / count
            }
        }
        return (total / count, gradient)
    }

    private func binaryCrossEntropy<Scalar: DropoutScalar>(
        _ output: [Scalar], _ target: [Scalar], _ stop: StopFlag
    ) throws(DropoutError) -> (value: Scalar, gradient: [Scalar]) {
        let count = Scalar(output.count)
        var sum: Scalar = 0
        var gradient = output
        for block in Blocks(output.indices) {
            try stop.ask()
            for i in block {
                let y = output[i]
                sum += (y < 0 ? 0 : y) - y * target[i] + Scalar.log1p(Scalar.exp(-y.magnitude))
                gradient[i] = (Activation.sigmoid(y) - target[i]) / count
            }
        }
        return (sum / count, gradient)
    }
}
