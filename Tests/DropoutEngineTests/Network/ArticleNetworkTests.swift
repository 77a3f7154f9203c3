import DropoutEngine
import Testing

/// The worked example: 3 inputs, 4 hidden units with dropout, one output, a batch of two.
struct ArticleNetwork<Scalar: DropoutScalar> {
    let layers: [DenseLayer<Scalar>]
    let input: Tensor<Scalar>
    let target: Tensor<Scalar>
    let dropout: [LayerDropout?]
    let layout: Layout

    init(_ layout: Layout) throws {
        layers = [
            try DenseLayer(
                weights: tensorOfRows([[1, 2, 3], [1, 2, 3], [4, 5, 6], [4, 5, 6]]), bias: [1, 1, 1, 1],
                activation: .relu),
            try DenseLayer(weights: tensorOfRows([[0.1, 0.2, 0.3, 0.4]]), bias: [0.5], activation: .identity),
        ]
        let columns: [UInt8] = [1, 1, 1, 1, 1, 0, 1, 0]
        let rows: [UInt8] = [1, 1, 1, 1, 1, 1, 0, 0]
        let full = try Shape(layout == .columns ? [4, 2] : [2, 4])
        let mask = try Mask(
            given: layout == .columns ? columns : rows, shape: full, noise: NoiseShape(elementwise: full))
        dropout = [LayerDropout(mask: mask, probability: try KeepProbability(keep: 0.8)), nil]
        let (input, target): (Tensor<Scalar>, Tensor<Scalar>) = (
            try tensorOfRows([[1, 2], [1, 2], [1, 2]]), try tensorOfRows([[20, 10]])
        )
        self.input = layout == .columns ? input : try transposed(input)
        self.target = layout == .columns ? target : try transposed(target)
        self.layout = layout
    }

    /// The tensor as columns.
    func columns(_ tensor: Tensor<Scalar>) throws -> [Scalar] {
        layout == .columns ? tensor.elements : try transposed(tensor).elements
    }

    func forward(_ scheme: DropoutScheme, _ mode: DropoutMode) throws -> [LayerTrace<Scalar>] {
        try Network.forward(layers, input: input, dropout: dropout, layout: layout, scheme: scheme, mode: mode)
    }

    func step(learningRate: Double, maximumNorm: Double? = nil) throws -> TrainStep.Result<Scalar> {
        try TrainStep.run(
            layers, input: input, target: .values(target), loss: .half_mse, dropout: dropout, layout: layout,
            scheme: .inverted, optimizer: .sgd(momentum: 0, nesterov: false, weightDecay: 0),
            learningRate: learningRate, state: OptimizerState(), maximumNorm: maximumNorm)
    }
}

private func isClose(_ a: [Double], _ b: [Double]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { ($0 - $1).magnitude <= 1e-12 * max(1, $1.magnitude) }
}

@Suite("The worked example")
struct ArticleNetworkTests {
    @Test("the hidden layer drops and scales as printed", arguments: Layout.allCases)
    func hidden(_ layout: Layout) throws {
        let network = try ArticleNetwork<Double>(layout)
        let traces = try network.forward(.inverted, .train)
        #expect(try network.columns(traces[0].preActivation) == [7, 13, 7, 13, 16, 31, 16, 31])
        #expect(try network.columns(traces[0].activation) == [7, 13, 7, 13, 16, 31, 16, 31])
        #expect(try network.columns(traces[0].output) == [8.75, 16.25, 8.75, 16.25, 20, 0, 20, 0])
        #expect(try isClose(network.columns(traces[1].preActivation), [17.125, 5.375]))
    }

    @Test("float32 gives the same where float32 is exact", arguments: Layout.allCases)
    func float(_ layout: Layout) throws {
        let network = try ArticleNetwork<Float>(layout)
        let traces = try network.forward(.inverted, .train)
        #expect(try network.columns(traces[0].output) == [8.75, 16.25, 8.75, 16.25, 20, 0, 20, 0])
        let result = try network.step(learningRate: 0.001)
        #expect((result.trainLoss - 7.4140625).magnitude < 1e-5)
    }

    @Test("the classic scheme drops in training and scales in evaluation", arguments: Layout.allCases)
    func classic(_ layout: Layout) throws {
        let network = try ArticleNetwork<Double>(layout)
        #expect(try network.columns(network.forward(.classic, .train)[0].output) == [7, 13, 7, 13, 16, 0, 16, 0])
        let scaled = try network.columns(network.forward(.classic, .eval)[0].output)
        #expect(scaled == [7, 13, 7, 13, 16, 31, 16, 31].map { $0 * 0.8 })
        #expect(try network.columns(network.forward(.inverted, .eval)[0].output) == [7, 13, 7, 13, 16, 31, 16, 31])
    }

    @Test("loss, gradients and updated parameters are the printed ones", arguments: Layout.allCases)
    func trainStep(_ layout: Layout) throws {
        let network = try ArticleNetwork<Double>(layout)
        let result = try network.step(learningRate: 0.001)
        #expect(isClose([result.trainLoss], [7.4140625]))
        let (first, second) = (result.gradients[0], result.gradients[1])
        #expect(isClose(second.weights, [-50.15625, -50.15625, -28.75, -28.75]))
        #expect(isClose(second.bias, [-3.75]))
        #expect(isClose(first.bias, [-0.46875, -0.9375, -0.5390625, -0.71875]))
        let rows = [-0.7578125, -1.515625, -0.5390625, -0.71875]
        #expect(isClose(first.weights, rows.flatMap { [$0, $0, $0] }))
        #expect(isClose(result.layers[1].weights.elements, [0.15015625, 0.25015625, 0.32875, 0.42875]))
        #expect(isClose(result.layers[1].bias, [0.50375]))
        #expect(result.state.stepCount == 1)
    }

    @Test("the loss in evaluation ignores the mask", arguments: Layout.allCases)
    func evaluation(_ layout: Layout) throws {
        let network = try ArticleNetwork<Double>(layout)
        let loss = try TrainStep.loss(
            network.layers, input: network.input, target: .values(network.target), loss: .half_mse,
            dropout: network.dropout, layout: layout, scheme: .inverted, mode: .eval)
        #expect(isClose([loss], [74.4125]))
    }

    @Test("rows over the norm limit are scaled to it, the others and the bias are not", arguments: Layout.allCases)
    func maximumNorm(_ layout: Layout) throws {
        let network = try ArticleNetwork<Double>(layout)
        let free = try network.step(learningRate: 0)
        let limited = try network.step(learningRate: 0, maximumNorm: 5)
        #expect(free.layers[0].weights == network.layers[0].weights)
        // Norms: √14 below 5, √77 above.
        let scale = 5 / 77.0.squareRoot()
        #expect(
            isClose(limited.layers[0].weights.elements, [1, 2, 3, 1, 2, 3] + [4, 5, 6, 4, 5, 6].map { $0 * scale }))
        #expect(limited.layers[0].bias == [1, 1, 1, 1])
        #expect(limited.layers[1].weights == network.layers[1].weights)
    }
}
