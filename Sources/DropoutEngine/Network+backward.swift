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
            let drop = index < dropout.count ? dropout[index] : nil
            if let drop { gradient = drop.backward(Tensor(like: trace.output, gradient), scheme: scheme) }
            let dz = layer.activation.gradient(
                gradient, input: trace.preActivation, output: trace.activation, layout: layout)
            let below = index == 0 ? input : traces[index - 1].output
            let step =
                drop.map { $0.connects } ?? false
                ? connectBackward(layer, dz, below: below, dropout: drop, layout: layout, scheme: scheme)
                : backward(layer, dz, below: below, layout: layout)
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
            let weights = Product.multiply(
                dz, below.elements, rows: out, inner: batch, columns: inner, isTransposed: (false, true))
            let next = Product.multiply(
                layer.weights.elements, dz, rows: inner, inner: out, columns: batch, isTransposed: (true, false))
            return (LayerGradient(weights: weights, bias: bias), next)
        case .rows:
            let batch = below.shape.dimensions[0]
            for example in 0..<batch {
                for unit in 0..<out { bias[unit] += dz[example * out + unit] }
            }
            let weights = Product.multiply(
                dz, below.elements, rows: out, inner: batch, columns: inner, isTransposed: (true, false))
            let next = Product.multiply(dz, layer.weights.elements, rows: batch, inner: out, columns: inner)
            return (LayerGradient(weights: weights, bias: bias), next)
        }
    }

    /// As ``backward(_:_:below:layout:)`` for a layer whose weights are thinned, for the batch or for each example.
    private static func connectBackward<Scalar: DropoutScalar>(
        _ layer: DenseLayer<Scalar>, _ dz: [Scalar], below: Tensor<Scalar>, dropout: LayerDropout?, layout: Layout,
        scheme: DropoutScheme
    ) -> (gradient: LayerGradient<Scalar>, below: [Scalar]) {
        guard let dropout else { return backward(layer, dz, below: below, layout: layout) }
        let batch = below.shape.dimensions[layout == .columns ? 1 : 0]
        let thin = dropout.thinned(layer.weights, batch: batch, mode: .train, scheme: scheme)
        guard dropout.isPerExample else {
            let step = backward(layer.with(weights: thin, bias: layer.bias), dz, below: below, layout: layout)
            let weights = dropout.scaled(step.gradient.weights, mode: .train, scheme: scheme)
            return (LayerGradient(weights: weights, bias: step.gradient.bias), step.below)
        }
        let (out, inner) = (layer.outputUnits, layer.inputUnits)
        var byExample = [Scalar](repeating: 0, count: batch * out * inner)
        var bias = [Scalar](repeating: 0, count: out)
        var next = [Scalar](repeating: 0, count: batch * inner)
        for example in 0..<batch {
            for unit in 0..<out {
                let d = dz[layout == .columns ? unit * batch + example : example * out + unit]
                bias[unit] += d
                for k in 0..<inner {
                    let place = layout == .columns ? k * batch + example : example * inner + k
                    byExample[(example * out + unit) * inner + k] = d * below.elements[place]
                    next[place] += thin[(example * out + unit) * inner + k] * d
                }
            }
        }
        let masked = dropout.scaled(byExample, mode: .train, scheme: scheme)
        var weights = [Scalar](repeating: 0, count: out * inner)
        for example in 0..<batch {
            for index in 0..<out * inner { weights[index] += masked[example * out * inner + index] }
        }
        return (LayerGradient(weights: weights, bias: bias), next)
    }
}
