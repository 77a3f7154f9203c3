import DropoutEngine
import Testing

/// Keep 1, keep 0, and numbers that arithmetic would change.
@Suite struct DropoutEdgeTests {
    private static let doubles: [Double] = [
        0, -0.0, 1, -1, .nan, -.nan, Double(nan: 0x1234, signaling: false), .signalingNaN, .infinity, -.infinity,
        .greatestFiniteMagnitude, -.leastNonzeroMagnitude, 0x1p-1022, 0.1,
    ]

    private static let floats: [Float] = [
        0, -0.0, 1, -1, .nan, -.nan, Float(nan: 0x1234, signaling: false), .signalingNaN, .infinity, -.infinity,
        .greatestFiniteMagnitude, -.leastNonzeroMagnitude, 0x1p-126, 0.1,
    ]

    private func forward<Scalar: DropoutScalar>(
        _ numbers: [Scalar], kept: [UInt8]?, keep: Double, _ row: DropoutTests.Row
    ) throws -> [Scalar] {
        let shape = Shape.vector(numbers.count)
        let mask = try kept.map { try Mask(given: $0, shape: shape, noise: NoiseShape(elementwise: shape)) }
        return try Dropout.forward(
            try Tensor(numbers, shape: shape), mask: mask, probability: try KeepProbability(keep: keep),
            mode: row.mode, scheme: row.scheme
        ).elements
    }

    @Test("Rate 0 returns the input bit for bit", arguments: DropoutTests.rows)
    func rateZero(_ row: DropoutTests.Row) throws {
        let kept = [UInt8](repeating: 1, count: Self.doubles.count)
        #expect(try bytes(forward(Self.doubles, kept: kept, keep: 1, row)) == bytes(Self.doubles))
        #expect(try bytes(forward(Self.floats, kept: kept, keep: 1, row)) == bytes(Self.floats))
    }

    @Test("What classic training keeps, and inverted evaluation, stays bit for bit", arguments: [0.3, 0.5])
    func unscaled(_ keep: Double) throws {
        let kept = [UInt8](repeating: 1, count: Self.doubles.count)
        for row in [DropoutTests.Row(mode: .train, scheme: .classic), .init(mode: .eval, scheme: .inverted)] {
            #expect(try bytes(forward(Self.doubles, kept: kept, keep: keep, row)) == bytes(Self.doubles))
            #expect(try bytes(forward(Self.floats, kept: kept, keep: keep, row)) == bytes(Self.floats))
        }
    }

    @Test(
        "Rate 1 gives +0 everywhere, in training whatever the mask", arguments: DropoutTests.rows, [UInt8(0), 1])
    func rateOne(_ row: DropoutTests.Row, _ bit: UInt8) throws {
        guard row.mode == .train || row.scheme == .classic else { return }
        let kept = [UInt8](repeating: bit, count: Self.doubles.count)
        let zeros = [Double](repeating: 0, count: Self.doubles.count)
        #expect(try bytes(forward(Self.doubles, kept: kept, keep: 0, row)) == bytes(zeros))
        #expect(try bytes(forward(Self.floats, kept: kept, keep: 0, row)) == bytes(zeros.map { Float($0) }))
    }

    @Test("At rate 1 inverted evaluation still changes nothing")
    func rateOneEvaluation() throws {
        let row = DropoutTests.Row(mode: .eval, scheme: .inverted)
        #expect(try bytes(forward(Self.doubles, kept: nil, keep: 0, row)) == bytes(Self.doubles))
    }

    @Test("A dropped number becomes +0 whatever it was", arguments: DropoutScheme.allCases, [1e-300, 0.3, 0.8, 1])
    func dropped(_ scheme: DropoutScheme, _ keep: Double) throws {
        let row = DropoutTests.Row(mode: .train, scheme: scheme)
        let none = [UInt8](repeating: 0, count: Self.doubles.count)
        let zeros = [Double](repeating: 0, count: Self.doubles.count)
        #expect(try bytes(forward(Self.doubles, kept: none, keep: keep, row)) == bytes(zeros))
        #expect(try bytes(forward(Self.floats, kept: none, keep: keep, row)) == bytes(zeros.map { Float($0) }))
    }

    @Test("What is kept of NaN, infinities and -0 keeps its kind and its sign", arguments: [0.3, 0.8])
    func special(_ keep: Double) throws {
        let row = DropoutTests.Row(mode: .train, scheme: .inverted)
        let output = try forward([.nan, .infinity, -.infinity, -0.0], kept: [1, 1, 1, 1], keep: keep, row)
        #expect(output[0].isNaN)
        #expect(output[1...2] == [.infinity, -.infinity])
        #expect(output[3] == 0 && output[3].sign == .minus)
    }

    @Test("A keep that float32 rounds to 0 divides no 0 by 0")
    func roundedKeep() throws {
        let row = DropoutTests.Row(mode: .train, scheme: .inverted)
        let output = try forward([Float(0), -0.0, 1, -2], kept: [1, 1, 1, 0], keep: 1e-60, row)
        #expect(bytes(output) == bytes([Float(0), -0.0, .infinity, 0]))
    }

    @Test("Without a mask training drops and scales nothing", arguments: DropoutScheme.allCases)
    func noMask(_ scheme: DropoutScheme) throws {
        let row = DropoutTests.Row(mode: .train, scheme: scheme)
        #expect(try bytes(forward(Self.doubles, kept: nil, keep: 0.5, row)) == bytes(Self.doubles))
    }

    @Test("A scalar and empty tensors pass through", arguments: DropoutTests.rows)
    func small(_ row: DropoutTests.Row) throws {
        let probability = try KeepProbability(keep: 0.5)
        let kept = try Mask(given: [1], shape: .scalar, noise: NoiseShape(elementwise: .scalar))
        let scalar = try Dropout.forward(
            try Tensor([3.0], shape: .scalar), mask: kept, probability: probability, mode: row.mode,
            scheme: row.scheme)
        #expect(scalar.shape == .scalar)
        #expect(scalar.elements == [row.expected(3, kept: 1, keep: 0.5)])
        for dimensions in [[0], [0, 4], [2, 0]] {
            let shape = try Shape(dimensions)
            let empty = try Tensor([Double](), shape: shape)
            let mask = try Mask(given: [], shape: shape, noise: NoiseShape(elementwise: shape))
            let output = try Dropout.forward(
                empty, mask: mask, probability: probability, mode: row.mode, scheme: row.scheme)
            #expect(output == empty)
        }
    }
}
