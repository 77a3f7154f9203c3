import DropoutEngine
import Testing

/// One linear unit y = w·x + b with loss (y - 3)²/2 at x = (1, 2), started at w = (0.5, -0.25), b = 0.125.
private struct LinearUnit<Scalar: DropoutScalar> {
    var layers: [DenseLayer<Scalar>]
    var state = OptimizerState<Scalar>()
    let optimizer: Optimizer

    init(_ optimizer: Optimizer) throws {
        layers = [try DenseLayer(weights: tensorOfRows([[0.5, -0.25]]), bias: [0.125], activation: .identity)]
        self.optimizer = optimizer
    }

    var parameters: [Scalar] { layers[0].weights.elements + layers[0].bias }

    mutating func step() throws {
        let result = try TrainStep.run(
            layers, input: tensorOfRows([[1], [2]]), target: .values(tensorOfRows([[3]])), loss: .half_mse,
            dropout: [nil], layout: .columns, scheme: .inverted, optimizer: optimizer, learningRate: 0.1,
            state: state, maximumNorm: nil)
        (layers, state) = (result.layers, result.state)
    }
}

@Suite("Optimizers")
struct OptimizerTests {
    /// Three steps at learning rate 0.1 by PyTorch's documented formulas, computed with 60 digits.
    static let table: [(optimizer: Optimizer, steps: [[Double]])] = [
        (
            .sgd(momentum: 0, nesterov: false, weightDecay: 0),
            [
                [0.7875, 0.325, 0.41250000000000003],
                [0.9025, 0.555, 0.5275],
                [0.9485, 0.647, 0.5735],
            ]
        ),
        (
            .sgd(momentum: 0, nesterov: false, weightDecay: 0.25),
            [
                [0.775, 0.33125000000000004, 0.409375],
                [0.8709375, 0.55359375, 0.5144531250000001],
                [0.89990625, 0.64123828125, 0.552333984375],
            ]
        ),
        (
            .sgd(momentum: 0.9, nesterov: false, weightDecay: 0),
            [
                [0.7875, 0.325, 0.41250000000000003],
                [1.1612500000000001, 1.0725, 0.78625],
                [1.3883750000000001, 1.52675, 1.0133750000000001],
            ]
        ),
        (
            .sgd(momentum: 0.9, nesterov: true, weightDecay: 0.01),
            [
                [1.0453000000000001, 0.842975, 0.6710125],
                [1.199354055, 1.1544660975, 0.82608145125],
                [1.119338463558, 0.99872080068975, 0.747351625630125],
            ]
        ),
        (
            .adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0),
            [
                [0.5999999996521739, -0.15000000017391305, 0.22499999965217393],
                [0.699332948053106, -0.05066705158782183, 0.324332948053106],
                [0.7973708819318335, 0.04737088248722247, 0.4223708819318334],
            ]
        ),
        (
            .adam(beta1: 0.8, beta2: 0.99, epsilon: 0.001, weightDecay: 0.25),
            [
                [0.5999636495819702, -0.15001720134170465, 0.22496484752614465],
                [0.6986905469870097, -0.05113411731386182, 0.3237487558855143],
                [0.7950343690741472, 0.04566135527930972, 0.420271312719226],
            ]
        ),
        (
            .adamw(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01),
            [
                [0.5994999996521739, -0.14975000017391304, 0.22487499965217392],
                [0.6982337640500379, -0.05026698559106725, 0.3239833890500379],
                [0.7955760189210067, 0.047823770225847266, 0.42169989429600674],
            ]
        ),
        (
            .adamw(beta1: 0.8, beta2: 0.99, epsilon: 0.001, weightDecay: 0.25),
            [
                [0.5874652294853964, -0.14376738828029909, 0.2218402294853964],
                [0.6716835631679092, -0.0412498105420893, 0.31519918816790926],
                [0.7518467057688706, 0.05675604844120081, 0.4042744401438706],
            ]
        ),
    ]

    @Test("three steps follow PyTorch's formulas", arguments: table)
    func steps(_ row: (optimizer: Optimizer, steps: [[Double]])) throws {
        var unit = try LinearUnit<Double>(row.optimizer)
        var single = try LinearUnit<Float>(row.optimizer)
        for (count, expected) in row.steps.enumerated() {
            try unit.step()
            try single.step()
            #expect(unit.state.stepCount == count + 1)
            for (value, expected) in zip(unit.parameters, expected) {
                #expect((value - expected).magnitude < 1e-14)
            }
            for (value, expected) in zip(single.parameters, expected) {
                #expect((Double(value) - expected).magnitude < 1e-5)
            }
        }
    }

    @Test("a state taken apart and put together again continues the same run", arguments: table)
    func roundTrip(_ row: (optimizer: Optimizer, steps: [[Double]])) throws {
        var whole = try LinearUnit<Double>(row.optimizer)
        var interrupted = try LinearUnit<Double>(row.optimizer)
        for _ in 0..<3 {
            try whole.step()
            try interrupted.step()
            interrupted.state = OptimizerState(
                stepCount: interrupted.state.stepCount,
                slots: interrupted.state.slots.map { OptimizerSlot(first: $0.first, second: $0.second) })
        }
        #expect(whole.parameters == interrupted.parameters)
    }

    @Test("the state holds what the formulas need and nothing else")
    func stateSize() throws {
        let sizes: [(optimizer: Optimizer, first: Int, second: Int)] = [
            (.sgd(momentum: 0, nesterov: false, weightDecay: 0), 0, 0),
            (.sgd(momentum: 0.5, nesterov: false, weightDecay: 0), 3, 0),
            (.adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0), 3, 3),
            (.adamw(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0), 3, 3),
        ]
        for row in sizes {
            var unit = try LinearUnit<Double>(row.optimizer)
            try unit.step()
            #expect(unit.state.slots.map(\.first.count) == [row.first])
            #expect(unit.state.slots.map(\.second.count) == [row.second])
        }
    }

    @Test("a state of other layers or of another optimizer is refused")
    func mismatch() throws {
        var unit = try LinearUnit<Double>(.adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0))
        for state: OptimizerState<Double> in [
            OptimizerState(stepCount: 1, slots: [OptimizerSlot(first: [1, 2], second: [1, 2])]),
            OptimizerState(stepCount: 1, slots: [OptimizerSlot(first: [1, 2, 3], second: [])]),
            OptimizerState(
                stepCount: 1, slots: Array(repeating: OptimizerSlot(first: [1, 2, 3], second: [1, 2, 3]), count: 2)),
        ] {
            unit.state = state
            #expect(throws: DropoutError.optimizerStateMismatch(layer: 0)) { try unit.step() }
        }
    }

    @Test("a step count at its end stays there")
    func stepCountEnd() throws {
        var unit = try LinearUnit<Double>(.adam(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0))
        unit.state.stepCount = .max
        try unit.step()
        #expect(unit.state.stepCount == .max)
        #expect(unit.parameters.allSatisfy { $0.isFinite })
    }
}
