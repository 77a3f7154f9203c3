import DropoutEngine
import Testing

enum MaskKind: String, CaseIterable { case none, element, unit }

struct GradientCase: CustomTestStringConvertible {
    let loss: Loss
    let activation: Activation
    let layout: Layout
    let mask: MaskKind

    var testDescription: String { "\(loss) \(activation) \(layout) mask \(mask)" }

    static let all: [GradientCase] = Loss.allCases.flatMap { loss in
        Activation.allCases.flatMap { activation in
            Layout.allCases.flatMap { layout in
                MaskKind.allCases.map { GradientCase(loss: loss, activation: activation, layout: layout, mask: $0) }
            }
        }
    }
}

@Suite("Gradients")
struct GradientTests {
    let batch = 5

    @Test(
        "backward agrees with central differences for every loss, activation, layout and mask",
        arguments: GradientCase.all)
    func centralDifferences(_ row: GradientCase) throws {
        let problem = try GradientProblem(row, batch: batch)
        for scheme in DropoutScheme.allCases {
            let gradients = try problem.step(scheme).gradients
            for layer in problem.layers.indices {
                let analytic = gradients[layer].weights + gradients[layer].bias
                let numeric = try problem.centralDifferences(layer, scheme)
                let distance = norm(zip(analytic, numeric).map { $0 - $1 })
                #expect(analytic.count == numeric.count)
                #expect(distance < 1e-6 * max(norm(numeric), 1e-3), "layer \(layer), \(scheme)")
            }
        }
    }

    @Test("a dropped unit's weights and bias have gradient zero", arguments: Layout.allCases)
    func dropped(_ layout: Layout) throws {
        let row = GradientCase(loss: .mse, activation: .softplus, layout: layout, mask: .unit)
        let problem = try GradientProblem(row, batch: batch)
        let gradient = try problem.step(.inverted).gradients[0]
        // The mask drops unit 1 of 4.
        #expect(Array(gradient.weights[3..<6]) == [0, 0, 0])
        #expect(gradient.bias[1] == 0)
        #expect(gradient.bias[0] != 0)
    }

    @Test("both layouts give the same gradients but for rounding", arguments: Loss.allCases)
    func layouts(_ loss: Loss) throws {
        let steps = try Layout.allCases.map { layout in
            try GradientProblem(
                GradientCase(loss: loss, activation: .gelu, layout: layout, mask: .element), batch: batch
            ).step(.inverted).gradients
        }
        for (a, b) in zip(steps[0], steps[1]) {
            #expect(norm(zip(a.weights + a.bias, b.weights + b.bias).map { $0 - $1 }) < 1e-14)
        }
    }

    @Test("a dropped infinity leaves forward and backward finite", arguments: DropoutScheme.allCases)
    func droppedInfinity(_ scheme: DropoutScheme) throws {
        let layers = [
            try DenseLayer(weights: tensorOfRows([[1.0], [1]]), bias: [0, .infinity], activation: .identity),
            try DenseLayer(weights: tensorOfRows([[1.0, 1]]), bias: [0], activation: .identity),
        ]
        let shape = try Shape([2, 1])
        let mask = try Mask(given: [1, 0], shape: shape, noise: NoiseShape(elementwise: shape))
        let result = try TrainStep.run(
            layers, input: tensorOfRows([[2.0]]), target: .values(tensorOfRows([[1.0]])), loss: .half_mse,
            dropout: [LayerDropout(mask: mask, probability: try KeepProbability(keep: 0.5)), nil],
            layout: .columns, scheme: scheme, optimizer: .sgd(momentum: 0, nesterov: false, weightDecay: 0),
            learningRate: 0, state: OptimizerState(), maximumNorm: nil)
        // Inverted: 4 - 1 = 3, doubled on the way back. Classic: 2 - 1 = 1.
        #expect(result.trainLoss == (scheme == .inverted ? 4.5 : 0.5))
        #expect(result.gradients[0].bias == (scheme == .inverted ? [6, 0] : [1, 0]))
    }

    private func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
}

/// Two dense layers, 3 -> 4 -> 3, with dropout between them.
private struct GradientProblem {
    let layers: [DenseLayer<Double>]
    let input: Tensor<Double>
    let target: LossTarget<Double>
    let dropout: [LayerDropout?]
    let row: GradientCase

    init(_ row: GradientCase, batch: Int) throws {
        self.row = row
        layers = [
            try DenseLayer(
                weights: Tensor(scattered(12, seed: 1), shape: Shape([4, 3])), bias: scattered(4, seed: 2),
                activation: row.activation),
            try DenseLayer(
                weights: Tensor(scattered(12, seed: 3), shape: Shape([3, 4])), bias: scattered(3, seed: 4),
                activation: row.activation),
        ]
        // Everything is drawn as rows, so that both layouts are the same problem.
        func laidOut(_ rows: Tensor<Double>) throws -> Tensor<Double> {
            row.layout == .rows ? rows : try transposed(rows)
        }
        input = try laidOut(Tensor(scattered(batch * 3, seed: 5), shape: Shape([batch, 3])))
        switch row.loss {
        case .cross_entropy where row.mask == .element: target = .classes((0..<batch).map { $0 % 3 })
        case .binary_cross_entropy, .cross_entropy:
            let values: [Double] = scattered(batch * 3, seed: 6).map { ($0 + 1) / 2 }
            target = .values(try laidOut(Tensor(values, shape: Shape([batch, 3]))))
        case .mse, .half_mse:
            target = .values(try laidOut(Tensor(scattered(batch * 3, seed: 7), shape: Shape([batch, 3]))))
        }
        let full = try Shape(row.layout == .rows ? [batch, 4] : [4, batch])
        let probability = try KeepProbability(keep: 0.7)
        switch row.mask {
        case .none: dropout = [nil, nil]
        case .element:
            let noise = try laidOut(Tensor(scattered(batch * 4, seed: 8), shape: Shape([batch, 4])))
            let mask = try Mask(
                given: noise.elements.map { $0 < 0.4 ? 1 : 0 }, shape: full, noise: NoiseShape(elementwise: full))
            dropout = [LayerDropout(mask: mask, probability: probability), nil]
        case .unit:
            let noise = NoiseShape(.unit, of: full, layout: row.layout)
            let mask = try Mask(given: [1, 0, 1, 1], shape: noise.drawn, noise: noise)
            dropout = [LayerDropout(mask: mask, probability: probability), nil]
        }
    }

    func step(_ scheme: DropoutScheme) throws -> TrainStep.Result<Double> {
        try TrainStep.run(
            layers, input: input, target: target, loss: row.loss, dropout: dropout, layout: row.layout,
            scheme: scheme, optimizer: .sgd(momentum: 0, nesterov: false, weightDecay: 0), learningRate: 0,
            state: OptimizerState(), maximumNorm: nil)
    }

    func centralDifferences(_ layer: Int, _ scheme: DropoutScheme) throws -> [Double] {
        let weights = layers[layer].weights
        let parameters = weights.elements + layers[layer].bias
        return try parameters.indices.map { index in
            let losses = try [1e-5, -1e-5].map { offset in
                var shifted = parameters
                shifted[index] += offset
                var layers = layers
                layers[layer] = try DenseLayer(
                    weights: Tensor(Array(shifted.prefix(weights.elements.count)), shape: weights.shape),
                    bias: Array(shifted.dropFirst(weights.elements.count)), activation: row.activation)
                return try TrainStep.loss(
                    layers, input: input, target: target, loss: row.loss, dropout: dropout, layout: row.layout,
                    scheme: scheme, mode: .train)
            }
            return (losses[0] - losses[1]) / 2e-5
        }
    }
}
