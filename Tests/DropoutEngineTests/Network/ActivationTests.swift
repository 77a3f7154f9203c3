import DropoutEngine
import Testing

/// What an identity layer of as many units in front of the activation gives for one example.
private func activated<Scalar: DropoutScalar>(_ activation: Activation, _ values: [Scalar]) throws -> [Scalar] {
    var weights = [Scalar](repeating: 0, count: values.count * values.count)
    for unit in values.indices { weights[unit * values.count + unit] = 1 }
    let shape = try Shape([values.count, values.count])
    let layer = try DenseLayer(
        weights: Tensor(weights, shape: shape), bias: [Scalar](repeating: 0, count: values.count),
        activation: activation)
    let input = try Tensor(values, shape: Shape([values.count, 1]))
    let traces = try Network.forward(
        [layer], input: input, dropout: [nil], layout: .columns, scheme: .inverted, mode: .train)
    return traces.last?.activation.elements ?? []
}

@Suite("Activations")
struct ActivationTests {
    /// At -2, -0.5, 0, 0.5 and 2; computed with 40 digits.
    static let table: [(activation: Activation, values: [Double])] = [
        (.identity, [-2, -0.5, 0, 0.5, 2]),
        (.relu, [0, 0, 0, 0.5, 2]),
        (.leaky_relu, [-0.02, -0.005, 0, 0.5, 2]),
        (.elu, [-0.8646647167633873, -0.3934693402873666, 0, 0.5, 2.0]),
        (.selu, [-1.520166468595695, -0.6917581878028713, 0, 0.5253504936777402, 2.101401974710961]),
        (.gelu, [-0.04550026389635842, -0.15426876936299344, 0, 0.34573123063700656, 1.9544997361036416]),
        (
            .softplus,
            [0.1269280110429725, 0.4740769841801067, 0.6931471805599453, 0.9740769841801067, 2.1269280110429727]
        ),
        (.sigmoid, [0.11920292202211756, 0.37754066879814546, 0.5, 0.6224593312018546, 0.8807970779778824]),
        (.tanh, [-0.9640275800758169, -0.46211715726000974, 0, 0.46211715726000974, 0.9640275800758169]),
        (
            .softmax,
            [0.012554708844463726, 0.056266301409509716, 0.09276744795748328, 0.15294766467606982, 0.6854638771124735]
        ),
    ]

    @Test("values agree with 40-digit arithmetic", arguments: table)
    func values(_ row: (activation: Activation, values: [Double])) throws {
        let values = try activated(row.activation, [-2.0, -0.5, 0, 0.5, 2])
        for (value, expected) in zip(values, row.values) {
            #expect((value - expected).magnitude <= 4e-16 * max(expected.magnitude, 0.25), "\(row.activation)")
        }
        let floats = try activated(row.activation, [Float(-2), -0.5, 0, 0.5, 2])
        for (value, expected) in zip(floats, row.values) {
            #expect((Double(value) - expected).magnitude <= 3e-7 * max(expected.magnitude, 0.25), "\(row.activation)")
        }
    }

    @Test("every activation is in the table")
    func complete() {
        #expect(Set(Self.table.map(\.activation)) == Set(Activation.allCases))
    }

    @Test("NaN propagates", arguments: Activation.allCases)
    func notANumber(_ activation: Activation) throws {
        #expect(try activated(activation, [Double.nan]).allSatisfy(\.isNaN))
        #expect(try activated(activation, [Float.nan]).allSatisfy(\.isNaN))
    }

    static let atThousand: [(activation: Activation, low: Double, high: Double)] = [
        (.identity, -1000, 1000), (.relu, 0, 1000), (.leaky_relu, -10, 1000), (.elu, -1, 1000),
        (.selu, -1.7580993408473768, 1050.7009873554805), (.gelu, 0, 1000), (.softplus, 0, 1000),
        (.sigmoid, 0, 1), (.tanh, -1, 1),
    ]

    @Test("nothing overflows at ±1000", arguments: atThousand)
    func thousand(_ row: (activation: Activation, low: Double, high: Double)) throws {
        #expect(try (activated(row.activation, [-1000.0])[0] - row.low).magnitude < 1e-12)
        #expect(try (activated(row.activation, [1000.0])[0] - row.high).magnitude < 1e-12)
        #expect(try activated(row.activation, [Float(-1000)])[0].isFinite)
        #expect(try activated(row.activation, [Float(1000)])[0].isFinite)
    }

    @Test("softmax at ±1000 is that of the differences")
    func softmaxShift() throws {
        #expect(try activated(.softmax, [1000.0, -1000, 1000]) == [0.5, 0, 0.5])
        #expect(try activated(.softmax, [1001.0, 1000]) == activated(.softmax, [1.0, 0]))
        #expect(try activated(.softmax, [-1000.0, -1001]) == activated(.softmax, [1.0, 0]))
    }

    @Test("softmax runs over the units of one example in either layout")
    func softmaxLayout() throws {
        let layer = try DenseLayer(
            weights: tensorOfRows([[1.0, 0], [0, 1], [1, 1]]), bias: [0, 0.5, -1], activation: .softmax)
        let rows = try tensorOfRows([[1.0, 2], [-1, 0.25], [3, -3], [0, 0]])
        let byRow = try Network.forward(
            [layer], input: rows, dropout: [nil], layout: .rows, scheme: .inverted, mode: .eval)
        let byColumn = try Network.forward(
            [layer], input: transposed(rows), dropout: [nil], layout: .columns, scheme: .inverted, mode: .eval)
        #expect(try transposed(byColumn[0].activation) == byRow[0].activation)
        for example in 0..<4 {
            let sum = byRow[0].activation.elements[example * 3..<example * 3 + 3].reduce(0, +)
            #expect((sum - 1).magnitude < 1e-15)
        }
    }
}
