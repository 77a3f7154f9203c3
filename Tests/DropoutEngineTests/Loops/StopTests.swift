import DropoutEngine
import Stopping
import Synchronization
import Testing

/// A flag that asks the computation to let others run again and again, and counts how often it did.
private final class CountedQuestions: Sendable {
    private let count = Atomic<Int>(0)
    private let flag = Mutex<StopFlag?>(nil)

    /// The questions of `work` to its flag.
    func count(_ work: (StopFlag) throws -> Void) rethrows -> Int {
        let flag = StopFlag { [self] in
            count.add(1, ordering: .relaxed)
            self.flag.withLock { $0 }?.askToLetOthersRun()
        }
        self.flag.withLock { $0 = flag }
        // The flag holds this object, which holds the flag.
        defer { self.flag.withLock { $0 = nil } }
        flag.askToLetOthersRun()
        try work(flag)
        return count.load(ordering: .relaxed)
    }
}

/// One kernel over `elements` elements.
struct StoppedKernel: Sendable, CustomTestStringConvertible {
    let name: String
    let elements: Int
    let run: @Sendable (StopFlag) throws -> Void

    var testDescription: String { name }

    init(_ name: String, elements: Int = Self.count, _ run: @escaping @Sendable (StopFlag) throws -> Void) {
        (self.name, self.elements, self.run) = (name, elements, run)
    }

    static let count = 1 << 16
    static let side = 1 << 8
}

@Suite struct StopTests {
    private static let kernels: [StoppedKernel] =
        [
            elementwise(Float.self), elementwise(Double.self), masks, variants, products, networks, steps, moments,
            verification,
        ]
        .flatMap { $0 }

    @Test("A kernel whose flag is set beforehand stops", arguments: kernels)
    func setBefore(_ kernel: StoppedKernel) {
        let flag = StopFlag()
        flag.set()
        #expect(throws: DropoutError.stopped) { try kernel.run(flag) }
    }

    /// A millisecond is worth 8192 elements of 120 nanoseconds, dearer than any.
    @Test("A kernel asks its flag at least once for 8192 elements", arguments: kernels)
    func asksOften(_ kernel: StoppedKernel) throws {
        let questions = try CountedQuestions().count(kernel.run)
        #expect(questions >= kernel.elements / 8192)
    }

    @Test("A kernel whose flag nobody sets answers as without one", arguments: kernels)
    func neverStopped(_ kernel: StoppedKernel) throws {
        try kernel.run(.never)
        try kernel.run(StopFlag())
    }

    @Test("A flag that is set while a kernel runs stops it at its next question")
    func setMeanwhile() throws {
        let input = try Tensor(numbers() as [Float], shape: .vector(StoppedKernel.count))
        let setter = Setter()
        let stop = StopFlag { setter.set() }
        setter.flag.withLock { $0 = stop }
        defer { setter.flag.withLock { $0 = nil } }
        stop.askToLetOthersRun()
        #expect(throws: DropoutError.stopped) {
            try Dropout.forward(
                input, mask: nil, probability: try KeepProbability(rate: 0.5), mode: .eval, scheme: .classic,
                stop: stop)
        }
    }

    /// Sets a flag from within its own question.
    private final class Setter: Sendable {
        let flag = Mutex<StopFlag?>(nil)
        func set() { flag.withLock { $0 }?.set() }
    }
}

private func numbers<Scalar: DropoutScalar>(_ count: Int = StoppedKernel.count) -> [Scalar] {
    (0..<count).map { Scalar($0 % 17) - 7.5 }
}

/// A matrix of `count` numbers from 0 to 1, whose columns and rows are distributions as far as the kernels look.
private func matrix<Scalar: DropoutScalar>(_ type: Scalar.Type = Scalar.self) throws -> Tensor<Scalar> {
    try Tensor(
        [Scalar](repeating: 1 / 256, count: StoppedKernel.count),
        shape: Shape([StoppedKernel.side, StoppedKernel.side]))
}

private func drawn(_ shape: Shape, _ noise: NoiseShape? = nil, stop: StopFlag = .never) throws -> Mask {
    try Mask(
        drawing: PhiloxGenerator(seed: 5, step: 0, stream: 0), noise: noise ?? NoiseShape(elementwise: shape),
        probability: try KeepProbability(rate: 0.5), offset: 0, stop: stop)
}

extension StopTests {
    private static func elementwise<Scalar: DropoutScalar>(_ type: Scalar.Type) -> [StoppedKernel] {
        let arithmetics = DropoutArithmetic.Scaling.allCases.flatMap { scaling in
            [false, true].map { DropoutArithmetic(scaling, keepsSignOfDropped: $0) }
        }
        var kernels = arithmetics.map { arithmetic in
            StoppedKernel("\(type), \(arithmetic.scaling), signs kept: \(arithmetic.keepsSignOfDropped)") { stop in
                let input = try Tensor(numbers() as [Scalar], shape: .vector(StoppedKernel.count))
                _ = try Dropout.forward(
                    input, mask: try drawn(input.shape), probability: try KeepProbability(rate: 0.5), mode: .train,
                    scheme: .inverted, arithmetic: arithmetic, stop: stop)
            }
        }
        for (mode, scheme, rate) in [
            (DropoutMode.train, DropoutScheme.classic, 0.5), (.eval, .classic, 0.5), (.train, .inverted, 1),
        ] {
            kernels.append(
                StoppedKernel("\(type), \(mode), \(scheme), rate \(rate)") { stop in
                    let input = try Tensor(numbers() as [Scalar], shape: .vector(StoppedKernel.count))
                    _ = try Dropout.forward(
                        input, mask: try drawn(input.shape), probability: try KeepProbability(rate: rate), mode: mode,
                        scheme: scheme, stop: stop)
                })
        }
        kernels.append(
            StoppedKernel("\(type), sums of a check") { stop in
                let input = try Tensor(numbers() as [Scalar], shape: .vector(StoppedKernel.count))
                _ = try ExpectedValueCheck(
                    input: input, output: input, mask: try drawn(input.shape),
                    probability: try KeepProbability(rate: 0.5), scheme: .inverted, mode: .train, stop: stop)
            })
        return kernels
    }

    private static var masks: [StoppedKernel] {
        let side = StoppedKernel.side
        let bits = [UInt8](repeating: 1, count: StoppedKernel.count)
        return [
            StoppedKernel("mask drawn", elements: StoppedKernel.count / 2) { stop in
                _ = try drawn(.vector(StoppedKernel.count), stop: stop)
            },
            StoppedKernel("mask drawn and shared") { stop in
                let shape = try Shape([side, side])
                _ = try drawn(shape, NoiseShape(.unit, of: shape, layout: .rows), stop: stop)
            },
            // A question for each of its 312 words of polynomial, and for each squaring.
            StoppedKernel("Twister, jump", elements: 350 * 8192) { stop in
                var words = MT19937(seed: 1)
                try words.advance(by: .max, stop: stop)
            },
            StoppedKernel("Twister, drawing", elements: 6 * 8192) { stop in
                var words = MT19937(seed: 1)
                try words.advance(by: MT19937.mostWalked, stop: stop)
            },
            StoppedKernel("Twister of 64 bits, jump", elements: 350 * 8192) { stop in
                var words = MT19937_64(StandardSeedSequence([1]))
                try words.advance(by: .max, stop: stop)
            },
            StoppedKernel("Twister of 64 bits, drawing", elements: 6 * 8192) { stop in
                var words = MT19937_64(StandardSeedSequence([1]))
                try words.advance(by: MT19937_64.mostWalked, stop: stop)
            },
            StoppedKernel("mask given") { stop in
                let shape = try Shape([side, side])
                _ = try Mask(
                    given: bits, shape: shape, noise: NoiseShape(.unit, of: shape, layout: .columns), stop: stop)
            },
            StoppedKernel("uniforms given") { stop in
                let shape = Shape.vector(StoppedKernel.count)
                _ = try Mask(
                    uniforms: [Double](repeating: 0.25, count: shape.count), shape: shape,
                    noise: NoiseShape(elementwise: shape), probability: try KeepProbability(rate: 0.5), stop: stop)
            },
            StoppedKernel("mask packed", elements: StoppedKernel.count / 8) { stop in
                _ = try drawn(.vector(StoppedKernel.count)).packed(stop: stop)
            },
            StoppedKernel("indices kept") { stop in
                _ = try drawn(.vector(StoppedKernel.count)).keptIndices(stop: stop)
            },
            StoppedKernel("one value for all") { stop in
                let noise = NoiseShape(.batch, of: .vector(StoppedKernel.count), layout: .rows)
                _ = try noise.expand([1.5], stop: stop)
            },
            StoppedKernel("units of shared values") { stop in
                let noise = NoiseShape(.sample, of: try Shape([side, side]), layout: .rows)
                _ = try noise.units(of: bits, shape: noise.full, stop: stop)
            },
        ]
    }

    private static var variants: [StoppedKernel] {
        let count = StoppedKernel.count
        return [LayerDropout.Operation.scale, .alpha, .multiply(mean: 1, variance: 1), .zoneout(previous: numbers())]
            .flatMap { operation -> [StoppedKernel] in
                let name = String("\(operation)".prefix(20))
                @Sendable func dropout() throws -> LayerDropout {
                    let noise = NoiseShape(elementwise: .vector(count))
                    if case .multiply = operation {
                        return LayerDropout(
                            operation, noise: .factors(numbers(), noise), probability: try KeepProbability(rate: 0.5))
                    }
                    return LayerDropout(
                        operation, noise: .mask(try drawn(.vector(count))), probability: try KeepProbability(rate: 0.5))
                }
                @Sendable func input() throws -> Tensor<Float> { try Tensor(numbers(), shape: .vector(count)) }
                return [
                    StoppedKernel("\(name), forward") { stop in
                        _ = try dropout().apply(try input(), mode: .train, scheme: .inverted, stop: stop)
                    },
                    StoppedKernel("\(name), backward") { stop in
                        _ = try dropout().backward(try input(), scheme: .inverted, stop: stop)
                    },
                    StoppedKernel("\(name), expectation") { stop in
                        _ = try dropout().expectation(numbers(), mode: .train, scheme: .classic, stop: stop)
                    },
                    StoppedKernel("\(name), variance") { stop in
                        _ = try dropout().variance(numbers(), mode: .train, scheme: .classic, stop: stop)
                    },
                    StoppedKernel("\(name), variance of the sum") { stop in
                        _ = try dropout().varianceOfSum(numbers(), scheme: .inverted, stop: stop)
                    },
                    StoppedKernel("\(name), check") { stop in
                        _ = try dropout().check(
                            input: try input(), output: try input(), mode: .train, scheme: .inverted, stop: stop)
                    },
                ]
            } + [
                StoppedKernel("zoneout, evaluation") { stop in
                    _ = try Zoneout.eval(
                        numbers() as [Float], previous: numbers(), probability: try KeepProbability(rate: 0.5),
                        stop: stop)
                },
                StoppedKernel("gaussian factors") { stop in
                    _ = try GaussianNoise(try KeepProbability(rate: 0.5)).factors(
                        [Double](repeating: 0.01, count: count), stop: stop)
                },
                StoppedKernel("concrete factors") { stop in
                    _ = try ConcreteNoise(try KeepProbability(rate: 0.5), temperature: 0.1).factors(
                        [Double](repeating: 0.01, count: count), stop: stop)
                },
                StoppedKernel("drop block, kept") { stop in
                    let block = try feature()
                    _ = try block.kept([UInt8](repeating: 1, count: block.anchors.count), stop: stop)
                },
                StoppedKernel("drop block, expectation") { stop in
                    _ = try feature().expectation(numbers(), stop: stop)
                },
                // 25 pairs for each element.
                StoppedKernel("drop block, pairs", elements: 25 * count) { stop in
                    _ = try feature().moments(numbers(), stop: stop)
                },
            ]
    }

    private static func feature() throws -> DropBlock {
        try DropBlock(Shape([1, 1, StoppedKernel.side, StoppedKernel.side]), blockSize: 3, rate: 0.2)
    }

    private static var products: [StoppedKernel] {
        let shapes: [(name: String, m: Int, k: Int, n: Int)] = [
            ("tiles", 64, 64, 64), ("one row", 1, 16, 1 << 14), ("one long row", 1, 1, 1 << 18),
            ("one column", 64, 1 << 12, 1), ("few rows, one column", 3, 1 << 16, 1), ("outer", 512, 1, 512),
            ("wide", 4, 4, 1 << 14),
        ]
        return shapes.flatMap { shape in
            [(false, false), (true, false), (false, true)].map { transposed in
                // Vectors of numbers and tiles do a product in a fraction of a nanosecond.
                StoppedKernel("product, \(shape.name), \(transposed)", elements: shape.m * shape.k * shape.n / 64) {
                    stop in
                    _ = try MatrixProduct.multiply(
                        numbers(shape.m * shape.k) as [Float], numbers(shape.k * shape.n), rows: shape.m,
                        inner: shape.k, columns: shape.n, isTransposed: transposed, stop: stop)
                }
            }
        } + [
            StoppedKernel("transpose") { stop in
                _ = try MatrixProduct.transpose(
                    numbers() as [Double], rows: 1 << 4, columns: 1 << 12, stop: stop)
            }
        ]
    }

    private static var networks: [StoppedKernel] {
        let side = StoppedKernel.side
        var kernels: [StoppedKernel] = []
        for activation in Activation.allCases {
            for layout in Layout.allCases {
                kernels.append(
                    StoppedKernel("\(activation), \(layout)", elements: 2 * StoppedKernel.count) { stop in
                        let layer = try outer(activation)
                        let input = try Tensor(
                            [Double](repeating: 0.5, count: side),
                            shape: layout == .columns ? Shape([1, side]) : Shape([side, 1]))
                        let traces = try Network.forward(
                            [layer], input: input, dropout: [nil], layout: layout, scheme: .inverted, mode: .train,
                            stop: stop)
                        _ = try Network.backward(
                            [layer], input: input, traces: traces, dropout: [nil], layout: layout, scheme: .inverted,
                            outputGradient: numbers(), stop: stop)
                    })
            }
        }
        for loss in Loss.allCases {
            for layout in Layout.allCases {
                kernels.append(
                    StoppedKernel("\(loss), \(layout)") { stop in
                        _ = try loss.evaluate(
                            try matrix(Double.self), .values(try matrix()), layout: layout, stop: stop)
                    })
            }
        }
        return kernels
    }

    /// [side, 1]: as many outputs as a kernel's elements for `side` examples.
    private static func outer(_ activation: Activation) throws -> DenseLayer<Double> {
        let side = StoppedKernel.side
        return try DenseLayer(
            weights: Tensor([Double](repeating: 0.25, count: side), shape: Shape([side, 1])),
            bias: [Double](repeating: 0, count: side), activation: activation)
    }

    private static var steps: [StoppedKernel] {
        let side = StoppedKernel.side
        let optimizers: [Optimizer] = [
            .sgd(momentum: 0, nesterov: false, weightDecay: 0), .sgd(momentum: 0.9, nesterov: true, weightDecay: 0.1),
            .adam(beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.1),
            .adamw(beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.1),
        ]
        return optimizers.map { optimizer in
            // The products of one example, the gradient, the update and the norm of each weight.
            StoppedKernel("step, \(optimizer)", elements: 3 * StoppedKernel.count) { stop in
                let layer = try DenseLayer(
                    weights: try matrix(Float.self), bias: [Float](repeating: 0, count: side), activation: .relu)
                let input = try Tensor([Float](repeating: 1, count: side), shape: Shape([side, 1]))
                _ = try TrainStep.run(
                    [layer], input: input, target: .values(input), loss: .mse, dropout: [nil], layout: .columns,
                    scheme: .inverted, optimizer: optimizer, learningRate: 0.1, state: OptimizerState(),
                    maximumNorm: 0.01, stop: stop)
            }
        }
            + Layout.allCases.map { layout in
                StoppedKernel("drop connect, \(layout)") { stop in
                    let weights = try matrix(Float.self)
                    let shape = try DropConnect(isPerExample: true).shape(out: side, inputs: side, batch: 2)
                    let dropout = LayerDropout(
                        .connect(DropConnect(isPerExample: true)), noise: .mask(try drawn(shape)),
                        probability: try KeepProbability(rate: 0.5))
                    let layer = try DenseLayer(
                        weights: weights, bias: [Float](repeating: 0, count: side), activation: .identity)
                    let input = try Tensor(
                        [Float](repeating: 1, count: 2 * side),
                        shape: layout == .columns ? Shape([side, 2]) : Shape([2, side]))
                    let traces = try Network.forward(
                        [layer], input: input, dropout: [dropout], layout: layout, scheme: .inverted, mode: .train,
                        stop: stop)
                    _ = try Network.backward(
                        [layer], input: input, traces: traces, dropout: [dropout], layout: layout, scheme: .inverted,
                        outputGradient: [Float](repeating: 1, count: 2 * side), stop: stop)
                    _ = try dropout.connectCheck(
                        layer: layer, input: input, output: traces[0].preActivation, layout: layout, mode: .train,
                        scheme: .inverted, stop: stop)
                }
            }
    }

    private static var moments: [StoppedKernel] {
        let shape = Shape.vector(StoppedKernel.count)
        @Sendable func two() throws -> SampleMoments<Double> {
            var moments = SampleMoments<Double>(shape: shape)
            for _ in 0..<2 { try moments.add(try Tensor(numbers(), shape: shape)) }
            return moments
        }
        @Sendable func uncertain(_ layout: Layout) throws -> PredictiveUncertainty {
            var uncertainty = try #require(PredictiveUncertainty(try matrix(Double.self).shape, layout: layout))
            try uncertainty.add(try matrix(Double.self))
            return uncertainty
        }
        return [
            StoppedKernel("moments, add") { stop in
                var moments = SampleMoments<Double>(shape: shape)
                try moments.add(try Tensor(numbers(), shape: shape), stop: stop)
            },
            StoppedKernel("moments, sample variance") { stop in _ = try two().sampleVariance(stop: stop) },
            StoppedKernel("moments, population variance") { stop in _ = try two().populationVariance(stop: stop) },
            StoppedKernel("moments, largest z") { stop in
                _ = try two().maximumAbsoluteZ(expectation: numbers(), stop: stop)
            },
            StoppedKernel("masks enumerated", elements: 8192 << 8) { stop in
                let probabilities = [KeepProbability](repeating: try KeepProbability(rate: 0.5), count: 8)
                _ = try ExactEnumeration.moments(probabilities: probabilities, shape: .scalar, stop: stop) {
                    _, _ throws(DropoutError) in try Tensor([0.0], shape: .scalar)
                }
            },
        ]
            + Layout.allCases.flatMap { layout in
                [
                    StoppedKernel("uncertainty, add, \(layout)", elements: 3 * StoppedKernel.count) { stop in
                        var uncertainty = try uncertain(layout)
                        try uncertainty.add(try matrix(Double.self), stop: stop)
                    },
                    StoppedKernel("predictive entropy, \(layout)", elements: 2 * StoppedKernel.count) { stop in
                        _ = try uncertain(layout).predictiveEntropy(stop: stop)
                    },
                    StoppedKernel("mutual information, \(layout)", elements: 2 * StoppedKernel.count) { stop in
                        _ = try uncertain(layout).mutualInformation(stop: stop)
                    },
                ]
            }
    }

    private static var verification: [StoppedKernel] {
        [
            StoppedKernel("chance of a count", elements: 400_000) { stop in
                _ = try BinomialTail.probability(successes: 500_000, of: 900_000, probability: 1e-9, stop: stop)
            }
        ]
            + DropoutMode.allCases.flatMap { mode in
                [1.0, 2, 3.5, .nan].map { factor in
                    // The states, the median's five passes, the units and the rest.
                    StoppedKernel("judgement, \(mode), factor \(factor)", elements: 4 * StoppedKernel.count) { stop in
                        let input = try matrix(Double.self)
                        let mask = try drawn(input.shape)
                        let output = try Tensor(
                            zip(input.elements, mask.kept).map { $0 * Double($1) * factor }, shape: input.shape)
                        _ = try Verification(
                            input: input, outputs: [output, output], mask: mask, probability: nil,
                            noise: NoiseShape(elementwise: input.shape), mode: mode, scheme: .inverted,
                            tolerance: 1e-6
                        ).judge(stop: stop)
                    }
                }
            }
    }
}
