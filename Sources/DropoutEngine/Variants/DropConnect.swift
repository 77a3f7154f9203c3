package import Stopping

/// DropConnect: drops weights of a layer instead of its activations.
///
///     Z = (m ∘ W / keep)·X + b,  keep in the layer's scheme as for activations; the bias is never dropped
///     dW = (m / keep) ∘ (dZ·Xᵀ),  dX = (m ∘ W / keep)ᵀ·dZ
///
/// Shapes: the mask is [out, in] for the whole batch, or [batch, out, in] with one for each example.
/// Source: Wan et al., "Regularization of neural networks using DropConnect", 2013, which draws one for each example; its
///   Gaussian approximation in evaluation is not used: evaluation takes the weights' expectation.
package struct DropConnect: Sendable {
    package let isPerExample: Bool

    package init(isPerExample: Bool) { self.isPerExample = isPerExample }

    /// The shape that is drawn.
    package func shape(out: Int, inputs: Int, batch: Int) throws(DropoutError) -> Shape {
        try Shape(isPerExample ? [batch, out, inputs] : [out, inputs])
    }
}

extension LayerDropout {
    /// Whether the layer's weights are dropped.
    var connects: Bool { if case .connect = operation { true } else { false } }

    var isPerExample: Bool { if case .connect(let connect) = operation { connect.isPerExample } else { false } }

    /// The weights after dropping: [out, in], or in training [batch, out, in] if each example has its own mask.
    func thinned<Scalar: DropoutScalar>(
        _ weights: Tensor<Scalar>, batch: Int, mode: DropoutMode, scheme: DropoutScheme, stop: StopFlag = .never
    ) throws(DropoutError) -> [Scalar] {
        let copies = isPerExample && mode == .train ? batch : 1
        var elements = weights.elements
        if copies != 1, !elements.isEmpty {
            elements = []
            elements.reserveCapacity(copies * weights.elements.count)
            for _ in 0..<copies {
                try stop.ask()
                elements += weights.elements
            }
        }
        return try scaled(elements, mode: mode, scheme: scheme, stop: stop)
    }

    /// The derivatives by the weights, from `values`, those by the thinned weights. The map is that of the weights.
    func scaled<Scalar: DropoutScalar>(
        _ values: [Scalar], mode: DropoutMode, scheme: DropoutScheme, stop: StopFlag = .never
    ) throws(DropoutError) -> [Scalar] {
        try Dropout.forward(
            try Tensor(values, shape: .vector(values.count)), mask: mode == .train ? try drawnMask() : nil,
            probability: probability, mode: mode, scheme: scheme, arithmetic: arithmetic, stop: stop
        ).elements
    }

    /// The expected-value check of the sum of Z, whose weights were dropped.
    ///
    ///     E[Σ Z] = Σ (W·X + b)                              (classic: keep·W·X + b)
    ///     Var    = ratio · Σ over drawn weights of (w · Σ of the inputs it meets)²,  ratio as for activations
    ///
    /// - Parameters:
    ///   - input: the layer's input.
    ///   - output: the Z that was computed.
    package func connectCheck<Scalar: DropoutScalar>(
        layer: DenseLayer<Scalar>, input: Tensor<Scalar>, output: Tensor<Scalar>, layout: Layout, mode: DropoutMode,
        scheme: DropoutScheme, stop: StopFlag = .never
    ) throws(DropoutError) -> ExpectedValueCheck {
        let (keep, rate) = (probability.keep, probability.rate)
        let ratio = keep == 0 ? 0 : scheme == .inverted ? rate / keep : rate * keep
        let (units, batch) = (layer.inputUnits, input.shape.dimensions[layout == .columns ? 1 : 0])
        // What the drawn weights of one input meet, squared: the whole batch at once, or example by example.
        var met = [Double](repeating: 0, count: units)
        var pace = Pace(stop)
        for unit in 0..<units {
            var (sum, squares) = (0.0, 0.0)
            try pace.spend(1)
            for block in Blocks(0..<batch) {
                try pace.spend(block.count)
                for example in block {
                    let place = layout == .columns ? unit * batch + example : example * units + unit
                    let value = Double(input.elements[place])
                    sum += value
                    squares += value * value
                }
            }
            met[unit] = isPerExample ? squares : sum * sum
        }
        var variance = 0.0
        for block in Blocks(layer.weights.elements.indices) {
            try stop.ask()
            for index in block {
                let weight = Double(layer.weights.elements[index])
                variance += weight * weight * met[index % units]
            }
        }
        var expected = try Network.preActivation(
            layer, input, dropout: self, layout: layout, scheme: scheme, mode: .eval, stop: stop)
        if keep == 0 {
            expected = output.elements
        }
        let mask = mode == .train ? try drawnMask() : nil
        let isTraining = mode == .train
        // Evaluation keeps every weight that training would draw.
        let count = mask?.kept.count ?? layer.weights.elements.count * (isPerExample ? batch : 1)
        return try ExpectedValueCheck(
            output: try output.elements.map(stop: stop) { Double($0) },
            expectation: try expected.map(stop: stop) { Double($0) }, variance: isTraining ? ratio * variance : 0,
            ulp: Double(Scalar.ulpOfOne), kept: mask?.keptCount ?? count,
            expectedKept: Double(count) * (isTraining ? keep : 1),
            logProbability: isTraining ? try logProbability(stop: stop) : 0, stop: stop)
    }
}
