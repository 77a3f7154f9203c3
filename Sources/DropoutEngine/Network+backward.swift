extension Network {
    /// The derivatives of a loss by every weight and bias, through the masks of the forward pass.
    ///
    ///     columns: dW = dZ·Xᵀ, db = Σ over examples of dZ, dX = Wᵀ·dZ
    ///     dropout: dA = kept ? dOut / keep : 0 (inverted), kept ? dOut : 0 (classic)
    ///
    /// - Parameters:
    ///   - traces: what ``forward(_:input:dropout:layout:scheme:mode:)`` gave in training.
    ///   - outputGradient: the derivatives by the last output, in its shape.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package static func backward<Scalar: DropoutScalar>(
        _ layers: [DenseLayer<Scalar>], input: Tensor<Scalar>, traces: [LayerTrace<Scalar>],
        dropout: [LayerDropout?], layout: Layout, scheme: DropoutScheme, outputGradient: [Scalar]
    ) -> [LayerGradient<Scalar>] {
        var gradients: [LayerGradient<Scalar>] = []
        var gradient = outputGradient
        for index in layers.indices.reversed() {
            let (layer, trace) = (layers[index], traces[index])
            if let drop = dropout[index] {
                gradient =
                    Dropout.forward(
                        Tensor(like: trace.output, gradient), mask: drop.mask, probability: drop.probability,
                        mode: .train, scheme: scheme, arithmetic: drop.arithmetic
                    ).elements
            }
            let dz = layer.activation.gradient(
                gradient, input: trace.preActivation, output: trace.activation, layout: layout)
            let below = index == 0 ? input : traces[index - 1].output
            let step = backward(layer, dz, below: below, layout: layout)
            gradients.append(step.gradient)
            gradient = step.below
        }
        return gradients.reversed()
    }

    private static func backward<Scalar: DropoutScalar>(
        _ layer: DenseLayer<Scalar>, _ dz: [Scalar], below: Tensor<Scalar>, layout: Layout
    ) -> (gradient: LayerGradient<Scalar>, below: [Scalar]) {
        typealias Product = MatrixProduct
        let (out, inner) = (layer.outputUnits, layer.inputUnits)
        var bias = [Scalar](repeating: 0, count: out)
        switch layout {
        case .columns:
            let batch = below.shape.dimensions[1]
            for unit in 0..<out {
                for i in unit * batch..<(unit + 1) * batch { bias[unit] += dz[i] }
            }
            let inputs = Product.transpose(below.elements, rows: inner, columns: batch)
            let weights = Product.multiply(dz, inputs, rows: out, inner: batch, columns: inner)
            let transposed = Product.transpose(layer.weights.elements, rows: out, columns: inner)
            let next = Product.multiply(transposed, dz, rows: inner, inner: out, columns: batch)
            return (LayerGradient(weights: weights, bias: bias), next)
        case .rows:
            let batch = below.shape.dimensions[0]
            for example in 0..<batch {
                for unit in 0..<out { bias[unit] += dz[example * out + unit] }
            }
            let transposed = Product.transpose(dz, rows: batch, columns: out)
            let weights = Product.multiply(transposed, below.elements, rows: out, inner: batch, columns: inner)
            let next = Product.multiply(dz, layer.weights.elements, rows: batch, inner: out, columns: inner)
            return (LayerGradient(weights: weights, bias: bias), next)
        }
    }
}
