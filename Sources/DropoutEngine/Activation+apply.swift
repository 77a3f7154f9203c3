extension Activation {
    /// The activation of a batch.
    ///
    /// Shapes: [units, batch] or [batch, units], as `layout` says; the result has the same shape.
    func apply<Scalar: DropoutScalar>(_ input: Tensor<Scalar>, layout: Layout) -> Tensor<Scalar> {
        guard self == .softmax else { return Tensor(like: input, input.elements.map { value($0) }) }
        var output = input.elements
        Examples(input.shape, layout: layout).forEach { example in
            var largest = -Scalar.infinity
            for i in example where output[i] > largest || output[i].isNaN { largest = output[i] }
            var sum: Scalar = 0
            for i in example {
                output[i] = Scalar.exp(output[i] - largest)
                sum += output[i]
            }
            for i in example { output[i] /= sum }
        }
        return Tensor(like: input, output)
    }

    /// The gradient at the input, from the one at the output: a product with the Jacobian.
    ///
    ///     softmax: dx = y · (dy - Σ dy·y),  otherwise dx = dy · f'(x)
    func gradient<Scalar: DropoutScalar>(
        _ outputGradient: [Scalar], input: Tensor<Scalar>, output: Tensor<Scalar>, layout: Layout
    ) -> [Scalar] {
        var gradient = outputGradient
        guard self == .softmax else {
            for i in gradient.indices { gradient[i] *= derivative(input.elements[i], output.elements[i]) }
            return gradient
        }
        Examples(input.shape, layout: layout).forEach { example in
            var sum: Scalar = 0
            for i in example { sum += gradient[i] * output.elements[i] }
            for i in example { gradient[i] = output.elements[i] * (gradient[i] - sum) }
        }
        return gradient
    }
}

/// The examples of a matrix [units, batch] (columns) or [batch, units] (rows): the places of each one's units.
struct Examples {
    let units: Int
    let count: Int
    private let layout: Layout

    init(_ shape: Shape, layout: Layout) {
        let rows = shape.rank == 2 ? shape.dimensions[0] : shape.count
        let columns = shape.rank == 2 ? shape.dimensions[1] : 1
        (units, count) = layout == .columns ? (rows, columns) : (columns, rows)
        self.layout = layout
    }

    /// The indices of the units of example `example`.
    func indices(_ example: Int) -> StrideTo<Int> {
        switch layout {
        case .columns: stride(from: example, to: units * count, by: max(count, 1))
        case .rows: stride(from: example * units, to: (example + 1) * units, by: 1)
        }
    }

    /// Calls `body` with the places of each example. Examples without units have none and are passed over.
    func forEach(_ body: (StrideTo<Int>) -> Void) {
        guard units > 0 else { return }
        for example in 0..<count { body(indices(example)) }
    }
}
