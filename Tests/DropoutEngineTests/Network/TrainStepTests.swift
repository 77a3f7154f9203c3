import DropoutEngine
import Testing

/// Steps of training beyond one: fresh masks, the limit on norms, the loss over many masks.
@Suite struct TrainStepTests {
    private static let sgd = Optimizer.sgd(momentum: 0, nesterov: false, weightDecay: 0)

    /// One step of the worked example's network with its mask drawn at `step`.
    private func step(
        _ layers: [DenseLayer<Double>], at step: UInt32, maximumNorm: Double? = nil
    ) throws -> TrainStep.Result<Double> {
        let network = try ArticleNetwork<Double>(.columns)
        return try TrainStep.run(
            layers, input: network.input, target: .values(network.target), loss: .half_mse,
            dropout: try dropout(at: step), layout: .columns, scheme: .inverted, optimizer: Self.sgd,
            learningRate: 0.0005, state: OptimizerState(), maximumNorm: maximumNorm)
    }

    private func dropout(at step: UInt32) throws -> [LayerDropout?] {
        let probability = try KeepProbability(keep: 0.8)
        let mask = try Mask(
            drawing: PhiloxGenerator(seed: 1, step: step, stream: 0),
            noise: NoiseShape(elementwise: Shape([4, 2])), probability: probability, offset: 0)
        return [LayerDropout(mask: mask, probability: probability), nil]
    }

    private func loss(_ layers: [DenseLayer<Double>], _ dropout: [LayerDropout?], _ mode: DropoutMode) throws -> Double
    {
        let network = try ArticleNetwork<Double>(.columns)
        return try TrainStep.loss(
            layers, input: network.input, target: .values(network.target), loss: .half_mse, dropout: dropout,
            layout: .columns, scheme: .inverted, mode: mode)
    }

    @Test("Each step's training loss is that of its own mask and the layers before it, and the steps descend")
    func severalSteps() throws {
        var layers = try ArticleNetwork<Double>(.columns).layers
        let first = try loss(layers, [nil, nil], .eval)
        for number in UInt32(0)..<40 {
            let result = try step(layers, at: number)
            #expect(try result.trainLoss == loss(layers, dropout(at: number), .train))
            layers = result.layers
        }
        #expect(try loss(layers, [nil, nil], .eval) < 0.75 * first)
    }

    @Test("After every step no row of weights is longer than the limit", arguments: [0.25, 1, 5])
    func limited(_ maximum: Double) throws {
        var layers = try ArticleNetwork<Double>(.columns).layers
        for number in UInt32(0)..<10 {
            layers = try step(layers, at: number, maximumNorm: maximum).layers
            for layer in layers {
                for row in 0..<layer.outputUnits {
                    let weights = layer.weights.elements[row * layer.inputUnits..<(row + 1) * layer.inputUnits]
                    let norm = weights.reduce(0) { $0 + $1 * $1 }.squareRoot()
                    #expect(norm <= maximum * (1 + 1e-15))
                }
            }
        }
    }

    /// What the limit makes of one row of weights, at learning rate 0 and input 0.
    private func limit<Scalar: DropoutScalar>(_ row: [Scalar], to maximum: Double) throws -> [Scalar] {
        let layer = try DenseLayer(weights: tensorOfRows([row]), bias: [0], activation: .identity)
        let zeros = try Tensor([Scalar](repeating: 0, count: row.count), shape: Shape([row.count, 1]))
        return try TrainStep.run(
            [layer], input: zeros, target: .values(tensorOfRows([[0]])), loss: .mse, dropout: [nil], layout: .columns,
            scheme: .inverted, optimizer: Self.sgd, learningRate: 0, state: OptimizerState(), maximumNorm: maximum
        ).layers[0].weights.elements
    }

    @Test("Rows whose squares overflow or vanish are limited like others", arguments: [0x1p1020, 0x1p600, 1, 0x1p-600])
    func scale(_ scale: Double) throws {
        #expect(try limit([3 * scale, -4 * scale], to: 2.5 * scale) == [1.5 * scale, -2 * scale])
        #expect(try limit([3 * scale, -4 * scale], to: 5 * scale) == [3 * scale, -4 * scale])
    }

    @Test("The same in float32, also where weights and limit lie far apart")
    func floatScale() throws {
        for scale in [Float(0x1p120), 0x1p80, 1, 0x1p-80] {
            #expect(try limit([3 * scale, -4 * scale], to: 2.5 * Double(scale)) == [1.5 * scale, -2 * scale])
        }
        let limited = try limit([Float(3e38), 0, 0], to: 0.5)
        #expect(limited == [0.5, 0, 0])
        #expect(try limit([0x3p1000, 0x4p1000], to: 0x5p-1000) == [0x3p-1000, 0x4p-1000])
    }

    @Test("Rows of zeros and rows that are not finite are left alone")
    func notFinite() throws {
        #expect(try limit([0.0, -0.0], to: 1) == [0, 0])
        // At input 0 the gradients of these are NaN, so the rows hold NaN before the limit.
        #expect(try limit([Double.infinity, 1], to: 1)[0].isNaN)
        #expect(try limit([Double.nan, 1], to: 1)[0].isNaN)
    }

    @Test("The training loss over all masks is the evaluated one and what the variance of the dropout adds")
    func lossOverMasks() throws {
        let layers = try ArticleNetwork<Double>(.columns).layers
        let probability = try KeepProbability(keep: 0.8)
        let noise = NoiseShape(elementwise: try Shape([4, 2]))
        let notANumber = try Tensor([Double.nan], shape: .scalar)
        let moments = try ExactEnumeration.moments(
            probabilities: [KeepProbability](repeating: probability, count: 8), shape: .scalar
        ) { bits, _ in
            let mask = try? Mask(given: bits, shape: noise.drawn, noise: noise)
            let dropout = mask.map { LayerDropout(mask: $0, probability: probability) }
            guard let value = try? loss(layers, [dropout, nil], .train) else { return notANumber }
            return (try? Tensor([value], shape: .scalar)) ?? notANumber
        }
        // ¼ · (6.2² + 16.1²) evaluated, and ¼ · (16.6125 + 62.175) for the variances of the two outputs.
        #expect((moments.mean[0] - 94.109375).magnitude < 1e-11)
        #expect(try (loss(layers, [nil, nil], .eval) - 74.4125).magnitude < 1e-12)

        var samples = SampleMoments<Double>(shape: .scalar)
        for number in UInt32(0)..<1000 {
            try samples.add(try Tensor([loss(layers, dropout(at: number), .train)], shape: .scalar))
        }
        let z = try #require(try samples.maximumAbsoluteZ(expectation: [94.109375]))
        #expect(z < 4)
    }
}
