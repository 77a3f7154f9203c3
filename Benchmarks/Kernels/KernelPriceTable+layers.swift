import DropoutEngine

/// Kernels of a network's layers and of training.
extension KernelPriceTable {
    /// Nanoseconds for each of `m · k · n` multiplications.
    private static func product<Scalar: DropoutScalar>(
        _ type: Scalar.Type, _ m: Int, _ k: Int, _ n: Int, _ isTransposed: (a: Bool, b: Bool) = (false, false)
    ) throws -> Double {
        let a = SampleData(count: m * k).doubles.map { Scalar($0) }
        let b = SampleData(count: k * n).doubles.map { Scalar($0) }
        return try Measure.nanoseconds(m * k * n) {
            Measure.keep(try MatrixProduct.multiply(a, b, rows: m, inner: k, columns: n, isTransposed: isTransposed))
        }
    }

    static func addProducts(to times: inout KernelTimes) throws {
        // Products of a layer of 512 units and 64 examples: forward, by columns and by rows, and backward.
        let shapes = [
            (512, 512, 64, (a: false, b: false)), (64, 512, 512, (a: false, b: true)),
            (512, 64, 512, (a: false, b: true)), (512, 512, 64, (a: true, b: false)),
        ]
        for (m, k, n, isTransposed) in shapes {
            times.add("multiply and add, float32", try product(Float.self, m, k, n, isTransposed))
            times.add("multiply and add, float64", try product(Double.self, m, k, n, isTransposed))
        }
        // Products of few examples or few units, of which the operands have a price in addition.
        for narrow in [2, 3, 7] {
            let shapes = [
                (512, 512, narrow, (a: false, b: false)), (narrow, 512, 512, (a: false, b: true)),
                (512, 512, narrow, (a: true, b: false)), (narrow, 512, 512, (a: false, b: false)),
            ]
            for (m, k, n, isTransposed) in shapes {
                times.add("multiply and add of a narrow product", try product(Float.self, m, k, n, isTransposed))
                times.add("multiply and add of a narrow product", try product(Double.self, m, k, n, isTransposed))
            }
        }
        // One multiplication for each element of the product.
        times.add("an element of a factor or a product", try product(Float.self, 512, 1, 512))
        times.add("an element of a factor or a product", try product(Double.self, 512, 1, 512))
        try addDropConnect(Float.self, to: &times)
        try addDropConnect(Double.self, to: &times)
    }

    /// A layer of 64 units, 128 inputs and 32 examples whose weights are dropped.
    private static func addDropConnect<Scalar: DropoutScalar>(
        _ type: Scalar.Type, to times: inout KernelTimes
    ) throws {
        let (out, inner, batch) = (64, 128, 32)
        let layer = try layer(Scalar.self, out, inner, .identity)
        let input = try tensor(Scalar.self, [inner, batch])
        let gradient = try tensor(Scalar.self, [out, batch]).elements
        func dropout(_ isPerExample: Bool) throws -> LayerDropout {
            let connect = DropConnect(isPerExample: isPerExample)
            let mask = try mask(
                NoiseShape(elementwise: try connect.shape(out: out, inputs: inner, batch: batch)))
            return LayerDropout(.connect(connect), noise: .mask(mask), probability: try KeepProbability(rate: 0.3))
        }
        func time(_ dropout: LayerDropout?) throws -> (forward: Double, backward: Double) {
            let traces = try Network.forward(
                [layer], input: input, dropout: [dropout], layout: .columns, scheme: .inverted, mode: .train)
            return (
                try Measure.nanoseconds(1) {
                    Measure.keep(
                        try Network.forward(
                            [layer], input: input, dropout: [dropout], layout: .columns, scheme: .inverted,
                            mode: .train))
                },
                try Measure.nanoseconds(1) {
                    Measure.keep(
                        try Network.backward(
                            [layer], input: input, traces: traces, dropout: [dropout], layout: .columns,
                            scheme: .inverted, outputGradient: gradient))
                }
            )
        }
        let (none, shared, each) = (try time(nil), try time(dropout(false)), try time(dropout(true)))
        let thin = (shared.forward - none.forward) / Double(out * inner)
        let products = Double(out * inner * batch)
        times.add("thin a weight", thin)
        times.add("multiply and add, weights for each example", each.forward / products - thin)
        // The backward pass has two products.
        times.add("multiply and add, weights for each example", (each.backward / products - thin) / 2)
    }

    private static func tensor<Scalar: DropoutScalar>(
        _ type: Scalar.Type, _ dimensions: [Int], scale: Scalar = 1
    ) throws -> Tensor<Scalar> {
        let shape = try Shape(dimensions)
        return try Tensor(SampleData(count: shape.count).doubles.map { Scalar($0) * scale }, shape: shape)
    }

    private static func layer<Scalar: DropoutScalar>(
        _ type: Scalar.Type, _ out: Int, _ inner: Int, _ activation: Activation
    ) throws -> DenseLayer<Scalar> {
        try DenseLayer(
            weights: try tensor(Scalar.self, [out, inner]), bias: [Scalar](repeating: 0, count: out),
            activation: activation)
    }

    static func addActivations(to times: inout KernelTimes) throws {
        for activation in Activation.allCases {
            let name =
                switch activation {
                case .identity, .relu, .leaky_relu: "activation without a function"
                case .elu, .selu, .softplus, .sigmoid, .tanh, .softmax: "activation with exp or tanh"
                case .gelu: "activation with erf, or with exp and log"
                }
            for layout in [Layout.columns, .rows] {
                times.add(name, try time(Float.self, activation, layout))
                times.add(name, try time(Double.self, activation, layout))
            }
        }
    }

    /// The slower of an activation and its derivative, for each element of a layer with one input.
    private static func time<Scalar: DropoutScalar>(
        _ type: Scalar.Type, _ activation: Activation, _ layout: Layout
    ) throws -> Double {
        let (out, batch) = (512, 256)
        let input = try tensor(Scalar.self, layout == .columns ? [1, batch] : [batch, 1], scale: 4)
        let gradient = try tensor(Scalar.self, [out, batch]).elements
        func time(_ activation: Activation) throws -> (forward: Double, backward: Double) {
            let layer = try layer(Scalar.self, out, 1, activation)
            let traces = try Network.forward(
                [layer], input: input, dropout: [], layout: layout, scheme: .inverted, mode: .train)
            return (
                try Measure.nanoseconds(out * batch) {
                    Measure.keep(
                        try Network.forward(
                            [layer], input: input, dropout: [], layout: layout, scheme: .inverted, mode: .train))
                },
                try Measure.nanoseconds(out * batch) {
                    Measure.keep(
                        try Network.backward(
                            [layer], input: input, traces: traces, dropout: [], layout: layout, scheme: .inverted,
                            outputGradient: gradient))
                }
            )
        }
        // A layer without an activation has the products and a copy.
        let (identity, asked) = (try time(.identity), try time(activation))
        return max(asked.forward - identity.forward, asked.backward - identity.backward)
    }

    static func addTraining(to times: inout KernelTimes) throws {
        try addLosses(Float.self, to: &times)
        try addLosses(Double.self, to: &times)
        try addOptimizer(Float.self, to: &times)
        try addOptimizer(Double.self, to: &times)
    }

    private static func addLosses<Scalar: DropoutScalar>(_ type: Scalar.Type, to times: inout KernelTimes) throws {
        let output = try tensor(Scalar.self, [count / 16, 16], scale: 4)
        let target = LossTarget.values(try Tensor(output.elements.map { $0.magnitude / 4 }, shape: output.shape))
        for loss in Loss.allCases {
            let name =
                switch loss {
                case .mse, .half_mse: "squared error and derivative of an output"
                case .cross_entropy, .binary_cross_entropy: "cross-entropy and derivative of an output"
                }
            for layout in [Layout.columns, .rows] {
                times.add(
                    name,
                    try Measure.nanoseconds(count) {
                        Measure.keep(try loss.evaluate(output, target, layout: layout))
                    })
            }
        }
    }

    /// A step of 2^18 weights and one example: with an optimizer, and without the passes that it follows.
    private static func addOptimizer<Scalar: DropoutScalar>(
        _ type: Scalar.Type, to times: inout KernelTimes
    ) throws {
        let layer = try layer(Scalar.self, 512, 512, .identity)
        let (input, target) = (try tensor(Scalar.self, [512, 1]), try tensor(Scalar.self, [512, 1], scale: 2))
        func step(_ optimizer: Optimizer, _ maximumNorm: Double?) throws -> Double {
            func run(_ state: OptimizerState<Scalar>) throws -> TrainStep.Result<Scalar> {
                try TrainStep.run(
                    [layer], input: input, target: .values(target), loss: .mse, dropout: [], layout: .columns,
                    scheme: .inverted, optimizer: optimizer, learningRate: 0.01, state: state,
                    maximumNorm: maximumNorm)
            }
            let state = try run(OptimizerState()).state
            return try Measure.nanoseconds(512 * 512) { Measure.keep(try run(state)) }
        }
        let traces = try Network.forward(
            [layer], input: input, dropout: [], layout: .columns, scheme: .inverted, mode: .train)
        let passes = try Measure.nanoseconds(512 * 512) {
            Measure.keep(
                try Network.forward(
                    [layer], input: input, dropout: [], layout: .columns, scheme: .inverted, mode: .train))
            Measure.keep(
                try Network.backward(
                    [layer], input: input, traces: traces, dropout: [], layout: .columns, scheme: .inverted,
                    outputGradient: target.elements))
        }
        let adamw = Optimizer.adamw(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01)
        let sgd = Optimizer.sgd(momentum: 0.9, nesterov: true, weightDecay: 0.01)
        let time = try step(adamw, nil)
        times.add("step of a weight", time - passes)
        times.add("step of a weight", try step(sgd, nil) - passes)
        times.add("norm of a weight", try step(adamw, 0.5) - time)
    }
}
