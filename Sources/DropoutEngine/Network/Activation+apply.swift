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

    /// The gradient at the input, from the one at the output: a product with the Jacobian.
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

    /// The examples that have units.
    var range: Range<Int> { 0..<(units > 0 ? count : 0) }

    /// Calls `body` with the index of each unit of example `example`, in order.
    @inline(__always)
    func forEachUnit(of example: Int, _ pace: inout Pace, _ body: (Int) -> Void) throws(DropoutError) {
        let (start, step) = layout == .columns ? (example, count) : (example * units, 1)
        try pace.spend(1)
        for block in Blocks(0..<units) {
            try pace.spend(block.count)
            for unit in block { body(start &+ unit &* step) }
        }
    }
}
