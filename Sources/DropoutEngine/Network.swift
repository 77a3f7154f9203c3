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
            let z = try Tensor(preActivation(layer, current, layout: layout), shape: shapes[index])
            let a = layer.activation.apply(z, layout: layout)
            var output = a
            if index < dropout.count, let drop = dropout[index] {
                output = Dropout.forward(
                    a, mask: drop.mask, probability: drop.probability, mode: mode, scheme: scheme,
                    arithmetic: drop.arithmetic)
            }
            traces.append(LayerTrace(preActivation: z, activation: a, output: output))
            current = output
        }
        return traces
    }

    private static func preActivation<Scalar: DropoutScalar>(
        _ layer: DenseLayer<Scalar>, _ input: Tensor<Scalar>, layout: Layout
    ) -> [Scalar] {
        let (out, inner) = (layer.outputUnits, layer.inputUnits)
        var z: [Scalar]
        switch layout {
        case .columns:
            let batch = input.shape.dimensions[1]
            z = MatrixProduct.multiply(layer.weights.elements, input.elements, rows: out, inner: inner, columns: batch)
            for unit in 0..<out {
                for i in unit * batch..<(unit + 1) * batch { z[i] += layer.bias[unit] }
            }
        case .rows:
            let batch = input.shape.dimensions[0]
            let transposed = MatrixProduct.transpose(layer.weights.elements, rows: out, columns: inner)
            z = MatrixProduct.multiply(input.elements, transposed, rows: batch, inner: inner, columns: out)
            for example in 0..<batch {
                for unit in 0..<out { z[example * out + unit] += layer.bias[unit] }
            }
        }
        return z
    }
}
