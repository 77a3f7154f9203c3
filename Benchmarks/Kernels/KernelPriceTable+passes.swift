import DropoutEngine
import DropoutService
import Stopping

/// What is once for a question, a pass, a layer, a step; the sums of several passes; judging.
extension KernelPriceTable {
    private static func layer(_ activation: Activation = .identity) throws -> DenseLayer<Float> {
        try DenseLayer(weights: Tensor([0.5], shape: Shape([1, 1])), bias: [0.1], activation: activation)
    }

    static func addConstants(to times: inout KernelTimes) throws {
        let runs = 1000
        func answer(_ members: String) -> Double {
            let body = Array("{\"input\":[0.5],\"keep_prob\":0.7,\"seed\":42\(members)}".utf8)
            return Measure.nanoseconds(1, runs: 50) { Measure.keep(FloorTable.answer("/forward", body)) }
        }
        let mask = Array("{\"shape\":[1],\"keep_prob\":0.7,\"seed\":42}".utf8)
        times.add(
            "a question", Measure.nanoseconds(1, runs: runs) { Measure.keep(FloorTable.answer("/mask", mask)) })
        // With the draw of its unit.
        let pass = (answer(",\"samples\":2001") - answer(",\"samples\":1")) / 2000
        times.add("a pass", pass)
        let line = (answer(",\"samples\":2001,\"samples_format\":\"ndjson\"") - answer(",\"samples\":2001")) / 2000
        times.add("a line of NDJSON", line)
        let input = try Tensor<Float>([0.5], shape: Shape([1, 1]))
        let layers = [DenseLayer<Float>](repeating: try layer(), count: 64)
        let forward = try Measure.nanoseconds(64, runs: runs) {
            Measure.keep(
                try Network.forward(
                    layers, input: input, dropout: [], layout: .columns, scheme: .inverted, mode: .train))
        }
        times.add("a layer in a pass", forward)
        let step = try Measure.nanoseconds(1, runs: runs) {
            Measure.keep(
                try TrainStep.run(
                    [layers[0]], input: input, target: .values(input), loss: .mse, dropout: [], layout: .columns,
                    scheme: .inverted,
                    optimizer: .adamw(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01),
                    learningRate: 0.01, state: OptimizerState(), maximumNorm: 1))
        }
        times.add("a training step", step)
        // With its 16 bits, whose own time is too short to be measured.
        times.add("a mask of an enumeration", try enumeration(16))
    }

    /// Nanoseconds of one of the masks of `units` units, with a pass that makes the mask and has an output of one element.
    private static func enumeration(_ units: Int) throws -> Double {
        let probability = try KeepProbability(rate: 0.3)
        let output = try Tensor<Float>([0.5], shape: .vector(1))
        let noise = NoiseShape(elementwise: .vector(units))
        return try Measure.nanoseconds(1 << units, runs: 20) {
            let moments: SampleMoments<Float> = try ExactEnumeration.moments(
                probabilities: Array(repeating: probability, count: units), shape: .vector(1)
            ) { bits, _ throws(DropoutError) in
                Measure.keep(try Mask(given: bits, shape: noise.full, noise: noise))
                return output
            }
            Measure.keep(moments)
        }
    }

    static func addPasses(to times: inout KernelTimes) throws {
        let shape = try Shape([count / 16, 16])
        let floats = try Tensor(SampleData(count: count).floats, shape: shape)
        try addPasses(floats, to: &times)
        try addPasses(floats.converted(to: Double.self), to: &times)
    }

    private static func addPasses<Scalar: DropoutScalar>(
        _ output: Tensor<Scalar>, to times: inout KernelTimes
    ) throws {
        var moments = SampleMoments<Scalar>(shape: output.shape)
        times.add("add a pass to the moments", try Measure.nanoseconds(count) { try moments.add(output) })
        let probabilities = try Tensor(output.elements.map { ($0.magnitude + 0.01) / 16 }, shape: output.shape)
        for layout in [Layout.rows, .columns] {
            var uncertainty = PredictiveUncertainty(output.shape, layout: layout)
            times.add(
                "entropy of a class probability", try Measure.nanoseconds(count) { try uncertainty?.add(probabilities) }
            )
        }
    }

    // MARK: Judging

    static func addJudging(to times: inout KernelTimes) throws {
        let count = 1 << 16
        let shape = try Shape([16, 16, 16, 16])
        let input = try Tensor(SampleData(count: count).floats, shape: shape)
        let probability = try KeepProbability(rate: 0.3)
        let elementwise = NoiseShape(elementwise: shape)
        let pairs = try NoiseShape(Shape([16, 1, 16, 16]), for: shape)
        let right = try dropped(input, elementwise)
        let wrong = try Tensor(right.elements.map { $0 * 1.001 + 0.01 }, shape: shape)
        let scaled = try Tensor(input.elements.map { $0 * 0.7 }, shape: shape)
        func time(_ output: Tensor<Float>, _ mode: DropoutMode, _ input: Tensor<Float>) throws -> Double {
            let verification = Verification(
                input: input, outputs: [output], mask: nil, probability: probability,
                noise: NoiseShape(elementwise: input.shape), mode: mode, scheme: .inverted, tolerance: 1e-5)
            return try Measure.nanoseconds(input.elements.count, runs: 5) { Measure.keep(try verification.judge()) }
        }
        for output in [right, wrong, try dropped(input, pairs)] {
            times.add("judge an element of an output", try time(output, .train, input))
        }
        for output in [input, scaled, wrong] {
            times.add("judge an element of an evaluation", try time(output, .eval, input))
        }
        // An output of zoneout whose last element is wrong is read by the right law, by five others, and as an expectation.
        let state = input.elements.reversed().map { Double($0) }
        let mixed = zip(right.elements, state).map { $0 == 0 ? Float($1) : Float($0 * 0.7) }
        let zoneout = Verification(
            input: input, outputs: [try Tensor(mixed.dropLast() + [9], shape: shape)], mask: nil,
            probability: probability, noise: elementwise, mode: .train, scheme: .inverted, tolerance: 1e-5)
        let variant = VariantVerification(.zoneout(previous: state), law: nil, zoneout, probability)
        times.add(
            "judge an element of a variant by one law",
            try Measure.nanoseconds(count, runs: 5) { Measure.keep(try variant.judge().judgement) })
        let small = try Tensor<Float>(Array(input.elements.prefix(16)), shape: Shape([2, 2, 2, 2]))
        let output = try dropped(small, NoiseShape(elementwise: small.shape))
        times.add("a judgement of an output", 16 * (try time(output, .train, small)))
    }

    private static func dropped(_ input: Tensor<Float>, _ noise: NoiseShape) throws -> Tensor<Float> {
        try LayerDropout(mask: try mask(noise), probability: KeepProbability(rate: 0.3))
            .apply(input, mode: .train, scheme: .inverted)
    }
}
