import DropoutEngine
import Testing

/// Tensors without elements whose other extents are huge: all that is computed follows from the elements.
@Suite struct EmptyTensorTests {
    /// Shapes of feature maps, which every variant but drop connect takes.
    private static let maps: [[Int]] = [
        [0, 1, 1_000_000_000_000], [0, 1, 100_000_000], [1, 1, 0, .max], [1, 1, .max, 0], [1, .max, 0], [.max, 0, 1],
        [0, .max, 1], [0, 1, 1 << 20, 1 << 20, 1 << 22], [0, 0, .max], [1, 1, 0], [1, 2, 0, 3], [2, 1, 5, 5, 0],
    ]

    private static let matrices: [[Int]] = [[0, .max], [.max, 0], [0, 1 << 40], [1 << 40, 0], [0, 0]]

    private func isEmpty(_ dropout: LayerDropout, _ shape: Shape) throws {
        let x = try Tensor([Float](), shape: shape)
        for (mode, scheme) in [(DropoutMode.train, DropoutScheme.inverted), (.eval, .inverted), (.eval, .classic)] {
            let output = try dropout.apply(x, mode: mode, scheme: scheme)
            #expect(output == x)
            #expect(try dropout.expectation([], mode: mode, scheme: scheme).isEmpty)
            #expect(try dropout.variance([], mode: mode, scheme: scheme)?.isEmpty ?? true)
            let check = try dropout.check(input: x, output: output, mode: mode, scheme: scheme)
            #expect(check.consistent)
            #expect(check.kept == 0)
            #expect(check.expectedKept == 0)
        }
        #expect(try dropout.backward(x, scheme: .inverted).isEmpty)
    }

    @Test("DropBlock has no anchors in an empty tensor, for any block size", arguments: maps, [1, 7, 1 << 32])
    func blocks(_ dimensions: [Int], _ blockSize: Int) throws {
        let shape = try Shape(dimensions)
        for rate in [0, 0.5, 1] {
            let block = try DropBlock(shape, blockSize: blockSize, rate: rate)
            #expect(block.anchors.count == 0)
            #expect(block.gamma == 0)
            #expect(try block.kept([]).isEmpty)
            #expect(try block.expectation([]).isEmpty)
            #expect(try block.moments([]) == (0, 0))
            let kept = try Mask(given: try block.kept([]), shape: shape, noise: NoiseShape(elementwise: shape))
            for noise in [DropoutNoise.blocks(fired: [], kept: kept), .none] {
                try isEmpty(
                    LayerDropout(.block(block), noise: noise, probability: try KeepProbability(rate: rate)), shape)
            }
        }
    }

    @Test("The other variants leave an empty tensor as it is", arguments: maps)
    func otherVariants(_ dimensions: [Int]) throws {
        let shape = try Shape(dimensions)
        var noises = [NoiseShape(elementwise: shape)]
        noises += Granularity.allCases.map { NoiseShape($0, of: shape, layout: .columns) }
        noises += [false, true].compactMap { NoiseShape(spatial: shape, channelsLast: $0) }
        noises += [NoiseShape(variational: shape)].compactMap { $0 }
        noises += [false, true].map { NoiseShape(pathOf: shape, isBatch: $0, layout: .rows) }
        noises.append(try NoiseShape(try Shape([]), for: shape))
        let probability = try KeepProbability(rate: 0.5)
        let philox = PhiloxGenerator(seed: 1, step: 0, stream: 0)
        for noise in noises {
            #expect(noise.drawn.count == 0)
            let mask = try Mask(drawing: philox, noise: noise, probability: probability, offset: 0)
            #expect(mask.kept.isEmpty)
            #expect(try mask.keptIndices().isEmpty)
            #expect(try mask.packed().isEmpty)
            let given = try Mask(uniforms: [], shape: shape, noise: noise, probability: probability)
            #expect(given == mask)
            for operation in [LayerDropout.Operation.scale, .alpha, .zoneout(previous: [])] {
                try isEmpty(LayerDropout(operation, noise: .mask(mask), probability: probability), shape)
            }
            try isEmpty(
                LayerDropout(
                    .multiply(mean: 1, variance: 1), noise: .factors([], noise), probability: probability), shape)
        }
    }

    @Test("Examples without units and units without examples cost nothing", arguments: matrices, Layout.allCases)
    func lossesAndMoments(_ dimensions: [Int], _ layout: Layout) throws {
        let shape = try Shape(dimensions)
        let output = try Tensor([Double](), shape: shape)
        for loss in Loss.allCases {
            let (value, gradient) = try loss.evaluate(output, .values(output), layout: layout)
            #expect(value == 0)
            #expect(gradient.isEmpty)
        }
        var uncertainty = try #require(PredictiveUncertainty(shape, layout: layout))
        try uncertainty.add(output)
        #expect(try uncertainty.predictiveEntropy().isEmpty)
        #expect(try uncertainty.mutualInformation().isEmpty)
        var moments = SampleMoments<Double>(shape: shape)
        try moments.add(output)
        #expect(moments.mean.isEmpty)
        let verification = Verification(
            input: output, outputs: [output], mask: nil, probability: try KeepProbability(rate: 0.5),
            noise: NoiseShape(elementwise: shape), mode: .train, scheme: .inverted, tolerance: 0)
        #expect(try verification.judge().units == 0)
    }

    @Test("A network of a batch of no examples answers nothing", arguments: Activation.allCases, Layout.allCases)
    func emptyBatch(_ activation: Activation, _ layout: Layout) throws {
        let weights = try Tensor([1.0, 2, 3, 4, 5, 6], shape: try Shape([2, 3]))
        let layer = try DenseLayer(weights: weights, bias: [1, 1], activation: activation)
        let input = try Tensor([Double](), shape: try Shape(layout == .columns ? [3, 0] : [0, 3]))
        let traces = try Network.forward(
            [layer], input: input, dropout: [nil], layout: layout, scheme: .inverted, mode: .train)
        #expect(traces[0].output.elements.isEmpty)
        let gradients = try Network.backward(
            [layer], input: input, traces: traces, dropout: [nil], layout: layout, scheme: .inverted,
            outputGradient: [])
        #expect(gradients[0].weights == [Double](repeating: 0, count: 6))
        #expect(gradients[0].bias == [0, 0])
    }
}
