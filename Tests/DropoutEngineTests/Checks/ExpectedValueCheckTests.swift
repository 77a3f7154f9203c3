import DropoutEngine
import Testing

@Suite struct ExpectedValueCheckTests {
    /// One pass through dropout and its check.
    static func check<Scalar: DropoutScalar>(
        _ input: [Scalar], shape: [Int]? = nil, granularity: Granularity = .element, kept: [UInt8], keep: Double,
        scheme: DropoutScheme = .inverted, mode: DropoutMode = .train
    ) throws -> ExpectedValueCheck {
        let tensor = try Tensor(input, shape: Shape(shape ?? [input.count]))
        let probability = try KeepProbability(keep: keep)
        let noise = NoiseShape(granularity, of: tensor.shape, layout: .columns)
        let mask = try Mask(given: kept, shape: noise.drawn, noise: noise)
        let output = try Dropout.forward(tensor, mask: mask, probability: probability, mode: mode, scheme: scheme)
        return try ExpectedValueCheck(
            input: tensor, output: output, mask: mask, probability: probability, scheme: scheme, mode: mode)
    }

    private static let article: [Double] = [7, 13, 7, 13, 16, 31, 16, 31]
    private static let articleMask: [UInt8] = [1, 1, 1, 1, 1, 0, 1, 0]

    @Test("The article's draw: 90 for 134, 1.643 standard errors below, is consistent")
    func articleDraw() throws {
        let check = try Self.check(Self.article, shape: [4, 2], kept: Self.articleMask, keep: 0.8)
        #expect(check.expectedSum == 134)
        #expect(check.observedSum == 90)
        #expect(check.expectedMean == 16.75)
        #expect(check.observedMean == 11.25)
        // √717.5 and -44 / √717.5.
        #expect((check.standardError - 26.786190471957748).magnitude < 1e-13)
        let z = try #require(check.zScore)
        #expect((z + 1.6426374644824263).magnitude < 1e-13)
        #expect(check.consistent)
        #expect(check.kept == 6)
        #expect((check.expectedKept - 6.4).magnitude < 1e-14)
        #expect(check.keptFraction == 0.75)
        #expect(((check.logProbability ?? .nan) + 4.5577371327534586).magnitude < 1e-14)
    }

    @Test("The same draw by the classic scheme is as many standard errors below")
    func classicDraw() throws {
        let check = try Self.check(Self.article, kept: Self.articleMask, keep: 0.8, scheme: .classic)
        #expect((check.expectedSum - 107.2).magnitude < 1e-12)
        #expect(check.observedSum == 72)
        // √(2870 · 0.16).
        #expect((check.standardError - 21.428952377566198).magnitude < 1e-12)
        let z = try #require(check.zScore)
        #expect((z + 1.6426374644824263).magnitude < 1e-12)
    }

    @Test(
        "Shared draws are summed before squaring",
        arguments: [
            // Units 20, 20, 47, 47; examples 46 and 88.
            (.unit, [1, 1, 1, 0], 1304.5), (.channel, [1, 1, 0, 1], 1304.5), (.sample, [1, 0], 2465),
            (.element, [1, 1, 1, 1, 1, 0, 1, 0], 717.5),
        ] as [(Granularity, [UInt8], Double)])
    func shared(granularity: Granularity, kept: [UInt8], variance: Double) throws {
        let check = try Self.check(Self.article, shape: [4, 2], granularity: granularity, kept: kept, keep: 0.8)
        #expect((check.standardError * check.standardError - variance).magnitude < 1e-11)
    }

    @Test(
        "Expectation and standard error are those of all masks together",
        arguments: Granularity.allCases, DropoutScheme.allCases)
    func enumeration(_ granularity: Granularity, _ scheme: DropoutScheme) throws {
        let input: [Double] = scattered(12, seed: 3).map { $0 * 10 + 2 }
        let shape = try Shape([2, 3, 2])
        let units = NoiseShape(granularity, of: shape, layout: .columns).drawn.count
        var (mean, square, standardError) = (0.0, 0.0, 0.0)
        for number in 0..<1 << units {
            let kept = (0..<units).map { UInt8(number >> $0 & 1) }
            let check = try Self.check(
                input, shape: shape.dimensions, granularity: granularity, kept: kept, keep: 0.7, scheme: scheme)
            let weight = Double.exp(try #require(check.logProbability))
            mean += weight * check.observedSum
            let deviation = check.observedSum - check.expectedSum
            square += weight * deviation * deviation
            standardError = check.standardError
            #expect(check.zScore == deviation / check.standardError)
        }
        let expected = input.reduce(0, +) * (scheme == .inverted ? 1 : 0.7)
        #expect((mean - expected).magnitude < 1e-10)
        #expect((square.squareRoot() - standardError).magnitude < 1e-10)
    }

    @Test("Up to four standard errors are consistent, more are not")
    func limit() throws {
        // All n dropped at keep 0.8: z = -n / √(n / 4) = -2√n.
        let four = try Self.check([1.0, 1, 1, 1], kept: [0, 0, 0, 0], keep: 0.8)
        #expect(four.zScore == -4)
        #expect(four.consistent)
        let five = try Self.check([1.0, 1, 1, 1, 1], kept: [0, 0, 0, 0, 0], keep: 0.8)
        #expect((five.zScore ?? 0) < -4.47)
        #expect(!five.consistent)
        let above = try Self.check([-1.0, -1, -1, -1, -1], kept: [0, 0, 0, 0, 0], keep: 0.8)
        #expect((above.zScore ?? 0) > 4.47)
        #expect(!above.consistent)
    }

    @Test("A drawn mask is consistent", arguments: DropoutScheme.allCases)
    func large(_ scheme: DropoutScheme) throws {
        let input: [Float] = scattered(20_000, seed: 8)
        let kept = try PhiloxGenerator(seed: 12, step: 0, stream: 0)
            .kept(.vector(20_000), probability: try KeepProbability(keep: 0.3), offset: 0)
        let check = try Self.check(input, kept: kept, keep: 0.3, scheme: scheme)
        #expect(check.consistent)
        #expect(check.zScore != 0)
    }

    @Test("Elements are counted, draws are judged: a unit mask of two examples")
    func sharedCounts() throws {
        let check = try Self.check(Self.article, shape: [4, 2], granularity: .unit, kept: [1, 0, 0, 1], keep: 0.8)
        #expect(check.kept == 4)
        #expect((check.expectedKept - 6.4).magnitude < 1e-14)
        #expect(check.keptFraction == 0.5)
        // ln(0.8² · 0.2²).
        #expect(((check.logProbability ?? .nan) + 3.6651629274966204).magnitude < 1e-14)
        #expect(check.observedSum == 67 / 0.8)
    }

    @Test("Each printed sum has the bits of one chain of additions in row-major order", arguments: Granularity.allCases)
    func order(_ granularity: Granularity) throws {
        try check(Double.self)
        try check(Float.self)

        func check<Scalar: DropoutScalar>(_ type: Scalar.Type) throws {
            let shape = try Shape([7, 11, 13])
            let input: [Scalar] = scattered(shape.count, seed: 51)
            let noise = NoiseShape(granularity, of: shape, layout: .columns)
            let keep = 0.7
            let kept = try PhiloxGenerator(seed: 3, step: 0, stream: 0)
                .kept(noise.drawn, probability: try KeepProbability(keep: keep), offset: 0)
            let check = try Self.check(
                input, shape: shape.dimensions, granularity: granularity, kept: kept, keep: keep)
            let units = try noise.expand(Array(0..<noise.drawn.count))
            let bits = try noise.expand(kept)
            var (expected, observed, squares) = (0.0, 0.0, 0.0)
            var sums = [Double](repeating: 0, count: noise.drawn.count)
            for i in input.indices {
                expected += Double(input[i])
                observed += bits[i] == 1 ? Double(input[i] / Scalar(keep)) : 0
                sums[units[i]] += Double(input[i])
            }
            for sum in sums { squares += sum * sum }
            let rate = try KeepProbability(keep: keep).rate
            #expect(check.expectedSum == expected)
            #expect(check.observedSum == observed)
            #expect(check.standardError == (squares * (rate / keep)).squareRoot())
        }
    }
}
