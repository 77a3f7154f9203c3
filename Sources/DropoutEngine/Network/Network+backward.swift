package import Stopping

extension Network {
    /// The derivatives of a loss by every weight and bias, through the masks of the forward pass.
    ///
    ///     columns: dW = dZ·Xᵀ, db = Σ over examples of dZ, dX = Wᵀ·dZ
    ///     dropout: dA = kept ? dOut / keep : 0 (inverted), kept ? dOut : 0 (classic)
    ///
    /// - Parameters:
    ///   - traces: the result of ``forward(_:input:dropout:layout:scheme:mode:)`` in training.
    ///   - outputGradient: the derivatives by the last output, in its shape.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package static func backward<Scalar: DropoutScalar>(
        _ layers: [DenseLayer<Scalar>], input: Tensor<Scalar>, traces: [LayerTrace<Scalar>],
        dropout: [LayerDropout?], layout: Layout, scheme: DropoutScheme, outputGradient: [Scalar],
        stop: StopFlag = .never
    ) throws(DropoutError) -> [LayerGradient<Scalar>] {
        guard traces.count == layers.count else {
            throw .impossible("\(layers.count) layers have \(traces.count) traces")
        }
        var gradients: [LayerGradient<Scalar>] = []
        var gradient = outputGradient
        for index in layers.indices.reversed() {
            let (layer, trace) = (layers[index], traces[index])
            let drop = index < dropout.count ? dropout[index] : nil
            if let drop {
                gradient = try drop.backward(Tensor(like: trace.output, gradient), scheme: scheme, stop: stop)
            }
            let dz = try layer.activation.gradient(
                gradient, input: trace.preActivation, output: trace.activation, layout: layout, stop: stop)
            let below = index == 0 ? input : traces[index - 1].output
            let step: (gradient: LayerGradient<Scalar>, below: [Scalar])
            if let drop, drop.connects {
                step = try connectBackward(
                    layer, dz, below: below, dropout: drop, layout: layout, scheme: scheme, stop)
            } else {
                step = try backward(layer, dz, below: below, layout: layout, stop)
            }
            gradients.append(step.gradient)
            gradient = step.below
        }
        return gradients.reversed()
    }

    private static func backward<Scalar: DropoutScalar>(
        _ layer: DenseLayer<Scalar>, _ dz: [Scalar], below: Tensor<Scalar>, layout: Layout, _ stop: StopFlag
    ) throws(DropoutError) -> (gradient: LayerGradient<Scalar>, below: [Scalar]) {
        typealias Product = MatrixProduct
        let (out, inner) = (layer.outputUnits, layer.inputUnits)
        var bias = [Scalar](repeating: 0, count: out)
        var pace = Pace(stop)
        switch layout {
        case .columns:
            let batch = below.shape.dimensions[1]
            for unit in 0..<out {
                try pace.spend(1)
                for block in Blocks(unit * batch..<(unit + 1) * batch) {
                    try pace.spend(block.count)
                    for i in block { bias[unit] += dz[i] }
                }
            }
            let weights = try Product.multiply(
                dz, below.elements, rows: out, inner: batch, columns: inner, isTransposed: (false, true), stop: stop)
            let next = try Product.multiply(
                layer.weights.elements, dz, rows: inner, inner: out, columns: batch, isTransposed: (true, false),
                stop: stop)
            return (LayerGradient(weights: weights, bias: bias), next)
        case .rows:
            let batch = below.shape.dimensions[0]
            for example in 0..<(out > 0 ? batch : 0) {
                try pace.spend(1)
                for units in Blocks(0..<out) {
                    try pace.spend(units.count)
                    for unit in units { bias[unit] += dz[example * out + unit] }
                }
            }
            let weights = try Product.multiply(
                dz, below.elements, rows: out, inner: batch, columns: inner, isTransposed: (true, false), stop: stop)
            let next = try Product.multiply(
                dz, layer.weights.elements, rows: batch, inner: out, columns: inner, stop: stop)
            return (LayerGradient(weights: weights, bias: bias), next)
        }
    }

    /// As ``backward(_:_:below:layout:)`` for a layer whose weights are thinned, for the batch or for each example.
    private static func connectBackward<Scalar: DropoutScalar>(
        _ layer: DenseLayer<Scalar>, _ dz: [Scalar], below: Tensor<Scalar>, dropout: LayerDropout, layout: Layout,
        scheme: DropoutScheme, _ stop: StopFlag
    ) throws(DropoutError) -> (gradient: LayerGradient<Scalar>, below: [Scalar]) {
        let batch = below.shape.dimensions[layout == .columns ? 1 : 0]
        let thin = try dropout.thinned(layer.weights, batch: batch, mode: .train, scheme: scheme, stop: stop)
        guard dropout.isPerExample else {
            let thinned = layer.with(weights: thin, bias: layer.bias)
            let step = try backward(thinned, dz, below: below, layout: layout, stop)
            let weights = try dropout.scaled(step.gradient.weights, mode: .train, scheme: scheme, stop: stop)
            return (LayerGradient(weights: weights, bias: step.gradient.bias), step.below)
        }
        let (out, inner) = (layer.outputUnits, layer.inputUnits)
        var byExample = [Scalar](repeating: 0, count: batch * out * inner)
        var bias = [Scalar](repeating: 0, count: out)
        var next = [Scalar](repeating: 0, count: batch * inner)
        var pace = Pace(stop)
        for example in 0..<(out > 0 ? batch : 0) {
            for unit in 0..<out {
                try pace.spend(1)
                let d = dz[layout == .columns ? unit * batch + example : example * out + unit]
                bias[unit] += d
                for block in Blocks(0..<inner) {
                    try pace.spend(block.count)
                    for k in block {
                        let place = layout == .columns ? k * batch + example : example * inner + k
                        byExample[(example * out + unit) * inner + k] = d * below.elements[place]
                        next[place] += thin[(example * out + unit) * inner + k] * d
                    }
                }
            }
        }
        let masked = try dropout.scaled(byExample, mode: .train, scheme: scheme, stop: stop)
        var weights = [Scalar](repeating: 0, count: out * inner)
        for example in 0..<(weights.isEmpty ? 0 : batch) {
            try pace.spend(1)
            for block in Blocks(0..<out * inner) {
                try pace.spend(block.count)
                for index in block { weights[index] += masked[example * out * inner + index] }
            }
        }
        return (LayerGradient(weights: weights, bias: bias), next)
    }
}

/// The derivatives of a loss by one layer's weights [out, in] and bias [out].
package struct LayerGradient<Scalar: DropoutScalar>: Sendable {
    package let weights: [Scalar]
    package let bias: [Scalar]
}
