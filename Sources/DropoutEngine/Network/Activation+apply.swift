import Stopping

extension Activation {
    /// The activation of a batch.
    ///
    /// Shapes: [units, batch] or [batch, units], as `layout` says; the result has the same shape.
    func apply<Scalar: DropoutScalar>(
        _ input: Tensor<Scalar>, layout: Layout, stop: StopFlag = .never
    ) throws(DropoutError) -> Tensor<Scalar> {
        guard self == .softmax else { return Tensor(like: input, try input.elements.map(stop: stop) { value($0) }) }
        var output = input.elements
        let examples = Examples(input.shape, layout: layout)
        var pace = Pace(stop)
        for example in examples.range {
            var largest = -Scalar.infinity
            try examples.forEachUnit(of: example, &pace) { i in
                if output[i] > largest || output[i].isNaN { largest = output[i] }
            }
            var sum: Scalar = 0
            try examples.forEachUnit(of: example, &pace) { i in
                output[i] = Scalar.exp(output[i] - largest)
                sum += output[i]
            }
            try examples.forEachUnit(of: example, &pace) { i in output[i] /= sum }
        }
        return Tensor(like: input, output)
    }

    /// The gradient by the input, from the gradient by the output: a product with the Jacobian.
    ///
    ///     softmax: dx = y · (dy - Σ dy·y),  otherwise dx = dy · f'(x)
    func gradient<Scalar: DropoutScalar>(
        _ outputGradient: [Scalar], input: Tensor<Scalar>, output: Tensor<Scalar>, layout: Layout,
        stop: StopFlag = .never
    ) throws(DropoutError) -> [Scalar] {
        var gradient = outputGradient
        guard self == .softmax else {
            for block in Blocks(gradient.indices) {
                try stop.ask()
                for i in block { gradient[i] *= derivative(input.elements[i], output.elements[i]) }
            }
            return gradient
        }
        let examples = Examples(input.shape, layout: layout)
        var pace = Pace(stop)
        for example in examples.range {
            var sum: Scalar = 0
            try examples.forEachUnit(of: example, &pace) { i in sum += gradient[i] * output.elements[i] }
            try examples.forEachUnit(of: example, &pace) { i in
                gradient[i] = output.elements[i] * (gradient[i] - sum)
            }
        }
        return gradient
    }
}
