/// Dense layers in a row, each with its dropout.
package enum Network {
    /// The shapes of the layers' activations for an input of this shape.
    ///
    /// - Throws: ``DropoutError/inputNotMatrix(rank:)``, ``DropoutError/layerInputMismatch(layer:expected:actual:)``,
    ///   ``DropoutError/shapeOverflow``.
    package static func shapes<Scalar: DropoutScalar>(
        _ layers: [DenseLayer<Scalar>], input: Shape, layout: Layout
    ) throws(DropoutError) -> [Shape] {
        guard input.rank == 2 else { throw .inputNotMatrix(rank: input.rank) }
        var (units, batch) = (input.dimensions[0], input.dimensions[1])
        if layout == .rows { (units, batch) = (batch, units) }
        var shapes: [Shape] = []
        for (index, layer) in layers.enumerated() {
            guard layer.inputUnits == units else {
                throw .layerInputMismatch(layer: index, expected: layer.inputUnits, actual: units)
            }
            units = layer.outputUnits
            shapes.append(try Shape(layout == .columns ? [units, batch] : [batch, units]))
        }
        return shapes
    }

    /// One pass through all layers.
    ///
    ///     Z = W·X + b (columns) or X·Wᵀ + b (rows),  A = activation(Z),  output = dropout(A)
    ///
    /// - Parameters:
    ///   - dropout: one entry for each layer, nil for a layer without dropout. In evaluation the masks are not looked
    ///     at, only the probabilities.
    /// - Throws: as ``shapes(_:input:layout:)``.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package static func forward<Scalar: DropoutScalar>(
        _ layers: [DenseLayer<Scalar>], input: Tensor<Scalar>, dropout: [LayerDropout?], layout: Layout,
        scheme: DropoutScheme, mode: DropoutMode
    ) throws(DropoutError) -> [LayerTrace<Scalar>] {
        let shapes = try shapes(layers, input: input.shape, layout: layout)
        var current = input
        var traces: [LayerTrace<Scalar>] = []
        for (index, layer) in layers.enumerated() {
            let drop = index < dropout.count ? dropout[index] : nil
            let z = try Tensor(
                preActivation(layer, current, dropout: drop, layout: layout, scheme: scheme, mode: mode),
                shape: shapes[index])
            let a = layer.activation.apply(z, layout: layout)
            let output = drop?.apply(a, mode: mode, scheme: scheme) ?? a
            traces.append(LayerTrace(preActivation: z, activation: a, output: output))
            current = output
        }
        return traces
    }

    /// Z, with the weights thinned where the layer's dropout drops weights.
    package static func preActivation<Scalar: DropoutScalar>(
        _ layer: DenseLayer<Scalar>, _ input: Tensor<Scalar>, dropout: LayerDropout?, layout: Layout,
        scheme: DropoutScheme, mode: DropoutMode
    ) -> [Scalar] {
        let (out, inner) = (layer.outputUnits, layer.inputUnits)
        let batch = input.shape.dimensions[layout == .columns ? 1 : 0]
        var weights = layer.weights.elements
        var z: [Scalar]
        if let dropout, dropout.connects {
            weights = dropout.thinned(layer.weights, batch: batch, mode: mode, scheme: scheme)
        }
        if weights.count == out * inner {
            switch layout {
            case .columns:
                z = MatrixProduct.multiply(weights, input.elements, rows: out, inner: inner, columns: batch)
            case .rows:
                z = MatrixProduct.multiply(
                    input.elements, weights, rows: batch, inner: inner, columns: out, isTransposed: (false, true))
            }
        } else {
            z = perExample(weights, input.elements, out: out, inner: inner, batch: batch, layout: layout)
        }
        add(layer.bias, to: &z, batch: batch, layout: layout)
        return z
    }

    /// z += b, each unit's to all examples.
    @inline(__always)
    private static func add<Scalar: DropoutScalar>(_ bias: [Scalar], to z: inout [Scalar], batch: Int, layout: Layout) {
        z.withUnsafeMutableBufferPointer { z in
            bias.withUnsafeBufferPointer { bias in
                switch layout {
                case .columns:
                    for unit in bias.indices {
                        for example in 0..<batch { z[unit &* batch &+ example] += bias[unit] }
                    }
                case .rows:
                    for example in 0..<batch {
                        for unit in bias.indices { z[example &* bias.count &+ unit] += bias[unit] }
                    }
                }
            }
        }
    }

    /// z = W_e·x for each example e with weights of its own.
    private static func perExample<Scalar: DropoutScalar>(
        _ weights: [Scalar], _ input: [Scalar], out: Int, inner: Int, batch: Int, layout: Layout
    ) -> [Scalar] {
        var z = [Scalar](repeating: 0, count: out * batch)
        for example in 0..<batch {
            for unit in 0..<out {
                var sum: Scalar = 0
                for k in 0..<inner {
                    let x = input[layout == .columns ? k * batch + example : example * inner + k]
                    sum += weights[(example * out + unit) * inner + k] * x
                }
                z[layout == .columns ? unit * batch + example : example * out + unit] = sum
            }
        }
        return z
    }
}
