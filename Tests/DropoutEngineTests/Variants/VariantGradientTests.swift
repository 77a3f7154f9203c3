import DropoutEngine
import Testing

/// The backward pass of each variant against central differences, relative error under 1e-6.
@Suite struct VariantGradientTests {
    private static let batch = 5

    enum Kind: String, CaseIterable, Sendable {
        case alpha, gaussian, concrete, zoneout, pathSample, pathBatch, connectBatch, connectSample
    }

    private static func dropout(_ kind: Kind, _ layout: Layout) throws -> LayerDropout {
        let probability = try KeepProbability(keep: 0.6)
        let full = try Shape(layout == .columns ? [4, batch] : [batch, 4])
        let philox = PhiloxGenerator(seed: 3, step: 1, stream: 2)
        func mask(_ noise: NoiseShape) throws -> DropoutNoise {
            .mask(try Mask(drawing: philox, noise: noise, probability: probability, offset: 0))
        }
        let elementwise = NoiseShape(elementwise: full)
        switch kind {
        case .alpha: return LayerDropout(.alpha, noise: try mask(elementwise), probability: probability)
        case .gaussian:
            let factors = try GaussianNoise(probability).factors(try philox.uniforms(full.count, offset: 0))
            return LayerDropout(
                .multiply(mean: 1, variance: 1), noise: .factors(factors, elementwise), probability: probability)
        case .concrete:
            let concrete = try ConcreteNoise(probability, temperature: 0.5)
            let noise = NoiseShape(.unit, of: full, layout: layout)
            let factors = try concrete.factors(try philox.uniforms(noise.drawn.count, offset: 0))
            return LayerDropout(
                .multiply(mean: 1, variance: 1), noise: .factors(factors, noise), probability: probability)
        case .zoneout:
            return LayerDropout(
                .zoneout(previous: scattered(full.count, seed: 9)), noise: try mask(elementwise),
                probability: probability)
        case .pathSample, .pathBatch:
            let noise = NoiseShape(pathOf: full, isBatch: kind == .pathBatch, layout: layout)
            return LayerDropout(.scale, noise: try mask(noise), probability: probability)
        case .connectBatch, .connectSample:
            let connect = DropConnect(isPerExample: kind == .connectSample)
            let noise = NoiseShape(elementwise: try connect.shape(out: 4, inputs: 3, batch: batch))
            return LayerDropout(.connect(connect), noise: try mask(noise), probability: probability)
        }
    }

    @Test(
        "Each variant's gradients are the central differences", arguments: Kind.allCases,
        Layout.allCases.flatMap { layout in [Activation.tanh, .gelu, .sigmoid].map { (layout, $0) } })
    func gradients(_ kind: Kind, _ setting: (layout: Layout, activation: Activation)) throws {
        let (layout, activation) = setting
        let layers = [
            try DenseLayer<Double>(
                weights: Tensor(scattered(12, seed: 1), shape: Shape([4, 3])), bias: scattered(4, seed: 2),
                activation: activation),
            try DenseLayer<Double>(
                weights: Tensor(scattered(8, seed: 3), shape: Shape([2, 4])), bias: scattered(2, seed: 4),
                activation: .identity),
        ]
        let rows: Tensor<Double> = try Tensor(scattered(Self.batch * 3, seed: 5), shape: Shape([Self.batch, 3]))
        let wanted: Tensor<Double> = try Tensor(scattered(Self.batch * 2, seed: 6), shape: Shape([Self.batch, 2]))
        let input = layout == .rows ? rows : try transposed(rows)
        let target = LossTarget.values(layout == .rows ? wanted : try transposed(wanted))
        let dropout = [try Self.dropout(kind, layout), nil]
        func loss(_ layers: [DenseLayer<Double>]) throws -> Double {
            try TrainStep.loss(
                layers, input: input, target: target, loss: .mse, dropout: dropout, layout: layout,
                scheme: .inverted, mode: .train)
        }
        let step = try TrainStep.run(
            layers, input: input, target: target, loss: .mse, dropout: dropout, layout: layout, scheme: .inverted,
            optimizer: .sgd(momentum: 0, nesterov: false, weightDecay: 0), learningRate: 0, state: OptimizerState(),
            maximumNorm: nil)
        for index in layers.indices {
            let shape = layers[index].weights.shape
            let parameters = layers[index].weights.elements + layers[index].bias
            let gradients = step.gradients[index].weights + step.gradients[index].bias
            for place in parameters.indices {
                let losses = try [1e-5, -1e-5].map { offset in
                    var shifted = parameters
                    shifted[place] += offset
                    var changed = layers
                    changed[index] = try DenseLayer(
                        weights: Tensor(Array(shifted.prefix(shape.count)), shape: shape),
                        bias: Array(shifted.dropFirst(shape.count)), activation: layers[index].activation)
                    return try loss(changed)
                }
                let difference = (losses[0] - losses[1]) / 2e-5
                let scale = max(difference.magnitude, gradients[place].magnitude, 1e-3)
                #expect((difference - gradients[place]).magnitude / scale < 1e-6)
            }
        }
    }
}
