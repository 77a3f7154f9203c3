import DropoutEngine
import Testing

/// The bytes of numbers, so that -0, +0 and the payloads of NaN are told apart.
func bytes<Scalar: DropoutScalar>(_ numbers: [Scalar]) -> [UInt8] {
    numbers.withUnsafeBytes { Array($0) }
}

/// The forward pass of one tensor, against its formula element by element.
@Suite struct DropoutTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let mode: DropoutMode
        let scheme: DropoutScheme

        var testDescription: String { "\(mode.rawValue), \(scheme.rawValue)" }

        /// inverted: train x·m/keep, eval x. classic: train x·m, eval x·keep.
        func expected<Scalar: DropoutScalar>(_ x: Scalar, kept: UInt8, keep: Double) -> Scalar {
            switch (mode, scheme) {
            case (.train, _) where kept == 0: 0
            case (.train, .inverted): x / Scalar(keep)
            case (.train, .classic), (.eval, .inverted): x
            case (.eval, .classic): x * Scalar(keep)
            }
        }
    }

    static let rows = DropoutMode.allCases.flatMap { mode in DropoutScheme.allCases.map { Row(mode: mode, scheme: $0) }
    }

    private func check<Scalar: DropoutScalar>(
        _ input: [Scalar], shape: [Int], noise granularity: Granularity, keep: Double, row: Row
    ) throws {
        let tensor = try Tensor(input, shape: Shape(shape))
        let probability = try KeepProbability(keep: keep)
        let mask = try Mask(
            drawing: PhiloxGenerator(seed: 17, step: 0, stream: 0),
            noise: NoiseShape(granularity, of: tensor.shape, layout: .columns), probability: probability, offset: 0)
        let output = try Dropout.forward(
            tensor, mask: mask, probability: probability, mode: row.mode, scheme: row.scheme)
        let expected = zip(input, mask.kept).map { row.expected($0, kept: $1, keep: keep) }
        #expect(output.shape == tensor.shape)
        #expect(bytes(output.elements) == bytes(expected))
    }

    @Test(
        "Every scheme and mode follows its formula bit for bit",
        arguments: rows, [0.1, 0.3, 0.5, 0.8, 0.999, 1.0.nextDown])
    func formula(_ row: Row, _ keep: Double) throws {
        try check(scattered(97, seed: 1) as [Double], shape: [97], noise: .element, keep: keep, row: row)
        try check(scattered(97, seed: 1) as [Float], shape: [97], noise: .element, keep: keep, row: row)
    }

    @Test("Any rank and granularity follows it too", arguments: rows, Granularity.allCases)
    func ranks(_ row: Row, _ granularity: Granularity) throws {
        for shape in [[], [0], [1], [9], [4, 2], [2, 0, 3], [3, 4, 5], [2, 3, 2, 4], [2, 1, 3, 2, 2]] {
            let count = shape.reduce(1, *)
            try check(scattered(count, seed: 2) as [Double], shape: shape, noise: granularity, keep: 0.6, row: row)
            try check(scattered(count, seed: 2) as [Float], shape: shape, noise: granularity, keep: 0.6, row: row)
        }
    }

    @Test(
        "The article's numbers come out as printed",
        arguments: [
            (Row(mode: .train, scheme: .inverted), [8.75, 16.25, 8.75, 16.25, 20, 0, 20, 0]),
            (Row(mode: .train, scheme: .classic), [7, 13, 7, 13, 16, 0, 16, 0]),
            (Row(mode: .eval, scheme: .inverted), [7, 13, 7, 13, 16, 31, 16, 31]),
        ])
    func article(row: Row, expected: [Double]) throws {
        let shape = try Shape([4, 2])
        let mask = try Mask(given: [1, 1, 1, 1, 1, 0, 1, 0], shape: shape, noise: NoiseShape(elementwise: shape))
        let output = try Dropout.forward(
            try Tensor([7, 13, 7, 13, 16, 31, 16, 31], shape: shape), mask: mask,
            probability: try KeepProbability(keep: 0.8), mode: row.mode, scheme: row.scheme)
        #expect(output.elements == expected)
    }

    @Test("Whole numbers divide as floats", arguments: [0.8, 0.25, 0.3])
    func wholeNumbers(_ keep: Double) throws {
        let mask = try Mask(given: [1, 1, 0], shape: .vector(3), noise: NoiseShape(elementwise: .vector(3)))
        let output = try Dropout.forward(
            try Tensor([1.0, -7, 3], shape: .vector(3)), mask: mask, probability: try KeepProbability(keep: keep),
            mode: .train, scheme: .inverted)
        #expect(output.elements == [1 / keep, -7 / keep, 0])
    }

    @Test("A large tensor keeps its sum but for chance", arguments: DropoutScheme.allCases)
    func expectation(_ scheme: DropoutScheme) throws {
        let shape = Shape.vector(100_000)
        let probability = try KeepProbability(keep: 0.8)
        let mask = try Mask(
            drawing: PhiloxGenerator(seed: 23, step: 0, stream: 0), noise: NoiseShape(elementwise: shape),
            probability: probability, offset: 0)
        let ones = try Tensor([Double](repeating: 1, count: shape.count), shape: shape)
        let output = try Dropout.forward(ones, mask: mask, probability: probability, mode: .train, scheme: scheme)
        let sum = output.elements.reduce(0, +) * (scheme == .inverted ? 1 : 1.25)
        // √(10^5 · 0.2 / 0.8) = 158.
        #expect((sum - 100_000).magnitude < 4 * 159)
    }
}
