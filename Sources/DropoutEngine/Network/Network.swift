package import Stopping

/// A sequence of dense layers, each with its dropout.
package enum Network {
    /// The shapes of the layers' activations for an input of this shape.
    ///
    /// - Throws: ``DropoutError/inputNotMatrix(rank:)``, ``DropoutError/layerInputMismatch(layer:expected:actual:)``,
    ///   ``DropoutError/shapeOverflow``.
    package static func shapes<Scalar: DropoutScalar>(
        _ layers: [DenseLayer<Scalar>], input: Shape, layout: Layout, stop: StopFlag = .never
    ) throws(DropoutError) -> [Shape] {
        guard input.rank == 2 else { throw .inputNotMatrix(rank: input.rank) }
        var (units, batch) = (input.dimensions[0], input.dimensions[1])
        if layout == .rows { (units, batch) = (batch, units) }
        var shapes: [Shape] = []
        for (index, layer) in layers.enumerated() {
            try stop.ask()
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
    ///   - dropout: one entry for each layer; nil for a layer without dropout. Evaluation uses the probabilities and not the
    ///     masks.
    /// - Throws: as ``shapes(_:input:layout:)``.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package static func forward<Scalar: DropoutScalar>(
        _ layers: [DenseLayer<Scalar>], input: Tensor<Scalar>, dropout: [LayerDropout?], layout: Layout,
        scheme: DropoutScheme, mode: DropoutMode, stop: StopFlag = .never
    ) throws(DropoutError) -> [LayerTrace<Scalar>] {
        let shapes = try shapes(layers, input: input.shape, layout: layout, stop: stop)
        var current = input
        var traces: [LayerTrace<Scalar>] = []
        for (index, layer) in layers.enumerated() {
            let drop = index < dropout.count ? dropout[index] : nil
            let z = try Tensor(
                preActivation(
                    layer, current, dropout: drop, layout: layout, scheme: scheme, mode: mode, stop: stop),
                shape: shapes[index])
            let a = try layer.activation.apply(z, layout: layout, stop: stop)
            var output = a
            if let drop { output = try drop.apply(a, mode: mode, scheme: scheme, stop: stop) }
            traces.append(LayerTrace(preActivation: z, activation: a, output: output))
            current = output
        }
        return traces
    }

    /// Z. The weights are thinned if the layer's dropout drops weights.
    package static func preActivation<Scalar: DropoutScalar>(
        _ layer: DenseLayer<Scalar>, _ input: Tensor<Scalar>, dropout: LayerDropout?, layout: Layout,
        scheme: DropoutScheme, mode: DropoutMode, stop: StopFlag = .never
    ) throws(DropoutError) -> [Scalar] {
        let (out, inner) = (layer.outputUnits, layer.inputUnits)
        let batch = input.shape.dimensions[layout == .columns ? 1 : 0]
        var weights = layer.weights.elements
        var z: [Scalar]
        if let dropout, dropout.connects {
            weights = try dropout.thinned(layer.weights, batch: batch, mode: mode, scheme: scheme, stop: stop)
        }
        if weights.count == out * inner {
            switch layout {
            case .columns:
                z = try MatrixProduct.multiply(
                    weights, input.elements, rows: out, inner: inner, columns: batch, stop: stop)
            case .rows:
                z = try MatrixProduct.multiply(
                    input.elements, weights, rows: batch, inner: inner, columns: out, isTransposed: (false, true),
                    stop: stop)
            }
        } else {
            z = try perExample(weights, input.elements, out: out, inner: inner, batch: batch, layout: layout, stop)
        }
        try add(layer.bias, to: &z, batch: batch, layout: layout, stop)
        return z
    }

    /// Adds the bias of each unit to z for all examples.
    @inline(__always)
    private static func add<Scalar: DropoutScalar>(
        _ bias: [Scalar], to z: inout [Scalar], batch: Int, layout: Layout, _ stop: StopFlag
    ) throws(DropoutError) {
        // Without units, a batch may have any number of examples.
        if z.isEmpty { return }
        var pace = Pace(stop)
        try z.withUnsafeMutableBufferPointer { z throws(DropoutError) in
            try bias.withUnsafeBufferPointer { bias throws(DropoutError) in
                switch layout {
                case .columns:
                    for unit in bias.indices {
                        try pace.spend(1)
                        for examples in Blocks(0..<batch) {
                            try pace.spend(examples.count)
                            for example in examples { z[unit &* batch &+ example] += bias[unit] }
                        }
                    }
                case .rows:
                    for example in 0..<batch {
                        try pace.spend(1)
                        for units in Blocks(bias.indices) {
                            try pace.spend(units.count)
                            for unit in units { z[example &* bias.count &+ unit] += bias[unit] }
                        }
                    }
                }
            }
        }
    }

    /// z = W_e·x, with separate weights W_e for each example e.
    private static func perExample<Scalar: DropoutScalar>(
        _ weights: [Scalar], _ input: [Scalar], out: Int, inner: Int, batch: Int, layout: Layout, _ stop: StopFlag
    ) throws(DropoutError) -> [Scalar] {
        var z = [Scalar](repeating: 0, count: out * batch)
        if z.isEmpty { return z }
        var pace = Pace(stop)
        for example in 0..<batch {
            for unit in 0..<out {
                var sum: Scalar = 0
                try pace.spend(1)
                for block in Blocks(0..<inner) {
                    try pace.spend(block.count)
                    for k in block {
                        let x = input[layout == .columns ? k * batch + example : example * inner + k]
                        sum += weights[(example * out + unit) * inner + k] * x
                    }
                }
                z[layout == .columns ? unit * batch + example : example * out + unit] = sum
            }
        }
        return z
    }
}

/// The results of one layer, each [units, batch] or [batch, units].
package struct LayerTrace<Scalar: DropoutScalar>: Sendable {
    package let preActivation: Tensor<Scalar>
    package let activation: Tensor<Scalar>
    /// The activation after dropout, which is the input of the next layer.
    package let output: Tensor<Scalar>
}
