import DropoutEngine
import Testing

/// The ways in which libraries scale the survivors, and what they leave in the place of the dropped.
@Suite struct DropoutArithmeticTests {
    private static let keeps = [0.1, 0.3, 0.5, 0.8, 0.85, 0.91, 0.96, 0.999]

    private func survivor<Scalar: DropoutScalar>(
        _ x: Scalar, _ probability: KeepProbability, _ scaling: DropoutArithmetic.Scaling
    ) -> Scalar {
        let (keep, rate) = (Scalar(probability.keep), Float(probability.rate))
        return switch scaling {
        case .divideByKeep: x / keep
        case .divideByComplement: x / Scalar(1 - rate)
        case .reciprocalOfKeep: x * (1 / keep)
        case .reciprocalOfComplement: x * Scalar(1 / (1 - rate))
        case .exactReciprocal: x * Scalar(1 / probability.keep)
        }
    }

    private func forward<Scalar: DropoutScalar>(
        _ numbers: [Scalar], kept: [UInt8], _ probability: KeepProbability, _ arithmetic: DropoutArithmetic,
        _ scheme: DropoutScheme = .inverted, _ mode: DropoutMode = .train
    ) throws -> [Scalar] {
        let shape = Shape.vector(numbers.count)
        let mask = try Mask(given: kept, shape: shape, noise: NoiseShape(elementwise: shape))
        return try Dropout.forward(
            try Tensor(numbers, shape: shape), mask: mask, probability: probability, mode: mode, scheme: scheme,
            arithmetic: arithmetic
        ).elements
    }

    @Test("Survivors are scaled as each formula says", arguments: DropoutArithmetic.Scaling.allCases, keeps)
    func scaled(_ scaling: DropoutArithmetic.Scaling, _ keep: Double) throws {
        let arithmetic = DropoutArithmetic(scaling, keepsSignOfDropped: false)
        let probability = try KeepProbability(keep: keep)
        let kept = try PhiloxGenerator(seed: 2, step: 0, stream: 0)
            .kept(.vector(101), probability: try KeepProbability(keep: 0.7), offset: 0)
        try check(scattered(101, seed: 21) as [Double])
        try check(scattered(101, seed: 21) as [Float])

        func check<Scalar: DropoutScalar>(_ numbers: [Scalar]) throws {
            let output = try forward(numbers, kept: kept, probability, arithmetic)
            let expected = zip(numbers, kept).map { $1 == 1 ? survivor($0, probability, scaling) : 0 }
            #expect(bytes(output) == bytes(expected))
        }
    }

    /// ONNX Runtime 1.32.0 and ONNX's reference implementation hold the rate in float32 whatever the type of the tensor.
    @Test(
        "A complement of the rate is taken in float32 for float64 too",
        arguments: [
            (.divideByComplement, 0.04, 0x1.a2e1081984a7fp+1), (.divideByComplement, 0.09, 0x1.b9e4f544710cap+1),
            (.reciprocalOfComplement, 0.04, 0x1.a2e109949a8bfp+1),
            (.reciprocalOfComplement, 0.15, 0x1.d9163cd192b7dp+1),
        ] as [(DropoutArithmetic.Scaling, Double, Double)])
    func complements(_ scaling: DropoutArithmetic.Scaling, rate: Double, output: Double) throws {
        let arithmetic = DropoutArithmetic(scaling, keepsSignOfDropped: true)
        #expect(try forward([Double.pi], kept: [1], KeepProbability(rate: rate), arithmetic) == [output])
    }

    @Test("MindSpore's factor is a float32 for float64 too", arguments: keeps)
    func float32Factor(_ keep: Double) throws {
        let arithmetic = DropoutArithmetic(.reciprocalOfKeep, keepsSignOfDropped: true, isFactorFloat32: true)
        let output = try forward([Double.pi], kept: [1], KeepProbability(keep: keep), arithmetic)
        #expect(output == [Double.pi * Double(1 / Float(keep))])
    }

    @Test("The formulas can be told apart in float32")
    func distinct() throws {
        let numbers: [Float] = scattered(1000, seed: 22)
        let kept = [UInt8](repeating: 1, count: numbers.count)
        var seen: Set<[UInt8]> = []
        for scaling in DropoutArithmetic.Scaling.allCases {
            let arithmetic = DropoutArithmetic(scaling, keepsSignOfDropped: false)
            var outputs: [UInt8] = []
            for rate in [0.04, 0.09, 0.15, 0.3] {
                outputs += bytes(try forward(numbers, kept: kept, KeepProbability(rate: rate), arithmetic))
            }
            seen.insert(outputs)
        }
        #expect(seen.count == DropoutArithmetic.Scaling.allCases.count)
    }

    @Test(
        "A dropped element keeps its sign where the library multiplies by 0, NaN has none",
        arguments: [0, 0.5, 1], DropoutScheme.allCases)
    func sign(_ keep: Double, _ scheme: DropoutScheme) throws {
        let arithmetic = DropoutArithmetic(.divideByKeep, keepsSignOfDropped: true)
        let numbers: [Double] = [1, -1, 0, -0.0, .infinity, -.infinity, .nan, -.nan]
        let kept = [UInt8](repeating: 0, count: numbers.count)
        let output = try forward(numbers, kept: kept, KeepProbability(keep: keep), arithmetic, scheme)
        #expect(bytes(output) == bytes([0, -0.0, 0, -0.0, 0, -0.0, 0, 0]))
    }

    @Test("The kept and the dropped of one tensor each follow their own rule", arguments: [true, false])
    func mixed(_ keepsSign: Bool) throws {
        try check(Double.self)
        try check(Float.self)

        func check<Scalar: DropoutScalar>(_ type: Scalar.Type) throws {
            let arithmetic = DropoutArithmetic(.reciprocalOfKeep, keepsSignOfDropped: keepsSign)
            let probability = try KeepProbability(keep: 0.6)
            var numbers: [Scalar] = scattered(300, seed: 24)
            let special: [Scalar] = [.nan, -.nan, .infinity, -.infinity, 0, -0.0, -.leastNonzeroMagnitude]
            for (place, value) in special.enumerated() { for i in 0..<5 { numbers[place * 31 + i] = value } }
            let kept = try PhiloxGenerator(seed: 9, step: 0, stream: 0)
                .kept(.vector(numbers.count), probability: probability, offset: 0)
            let output = try forward(numbers, kept: kept, probability, arithmetic)
            let expected = zip(numbers, kept).map { x, bit in
                bit == 1
                    ? survivor(x, probability, .reciprocalOfKeep)
                    : keepsSign && !x.isNaN && x.sign == .minus ? -0.0 : 0
            }
            #expect(bytes(output) == bytes(expected))
        }
    }

    @Test("Alpha dropout and zoneout choose for each element by the mask, forward and backward")
    func variants() throws {
        try check(Double.self)
        try check(Float.self)

        func check<Scalar: DropoutScalar>(_ type: Scalar.Type) throws {
            let probability = try KeepProbability(keep: 0.6)
            var numbers: [Scalar] = scattered(101, seed: 25)
            for i in 0..<50 where i % 7 == 0 { numbers[i] = i % 2 == 0 ? .nan : -0.0 }
            let previous: [Double] = scattered(101, seed: 26)
            let input = try Tensor(numbers, shape: .vector(101))
            let mask = try Mask(
                drawing: PhiloxGenerator(seed: 9, step: 0, stream: 0), noise: NoiseShape(elementwise: input.shape),
                probability: probability, offset: 0)
            func expect(
                _ operation: LayerDropout.Operation, _ output: (Int) -> Scalar, _ gradient: (Int) -> Scalar
            ) throws {
                let dropout = LayerDropout(operation, noise: .mask(mask), probability: probability)
                let forward = try dropout.apply(input, mode: .train, scheme: .inverted).elements
                let backward = try dropout.backward(input, scheme: .inverted)
                #expect(bytes(forward) == bytes(numbers.indices.map(output)))
                #expect(bytes(backward) == bytes(numbers.indices.map(gradient)))
            }
            let alpha = AlphaDropout<Scalar>(probability)
            try expect(
                .alpha, { mask.kept[$0] == 1 ? numbers[$0] * alpha.factor + alpha.keptShift : alpha.droppedValue },
                { mask.kept[$0] == 1 ? numbers[$0] * alpha.factor : 0 })
            try expect(
                .zoneout(previous: previous), { mask.kept[$0] == 1 ? numbers[$0] : Scalar(previous[$0]) },
                { mask.kept[$0] == 1 ? numbers[$0] : 0 })
        }
    }

    @Test("Keep 1 returns the input bit for bit", arguments: DropoutArithmetic.Scaling.allCases, [true, false])
    func keepAll(_ scaling: DropoutArithmetic.Scaling, _ keepsSign: Bool) throws {
        let arithmetic = DropoutArithmetic(scaling, keepsSignOfDropped: keepsSign)
        let numbers: [Double] = [0.1, -0.0, .nan, .signalingNaN, -.infinity, .leastNonzeroMagnitude]
        let kept = [UInt8](repeating: 1, count: numbers.count)
        for scheme in DropoutScheme.allCases {
            let output = try forward(numbers, kept: kept, KeepProbability(keep: 1), arithmetic, scheme)
            #expect(bytes(output) == bytes(numbers))
        }
    }

    @Test("Evaluation and classic training do not look at the scaling", arguments: DropoutArithmetic.Scaling.allCases)
    func elsewhere(_ scaling: DropoutArithmetic.Scaling) throws {
        let arithmetic = DropoutArithmetic(scaling, keepsSignOfDropped: false)
        let numbers: [Float] = scattered(50, seed: 23)
        let kept = [UInt8](repeating: 1, count: numbers.count)
        let probability = try KeepProbability(rate: 0.09)
        for (scheme, mode) in [(.classic, .train), (.classic, .eval), (.inverted, .eval)]
            as [(DropoutScheme, DropoutMode)]
        {
            let output = try forward(numbers, kept: kept, probability, arithmetic, scheme, mode)
            #expect(try bytes(output) == bytes(forward(numbers, kept: kept, probability, .plain, scheme, mode)))
        }
    }
}
