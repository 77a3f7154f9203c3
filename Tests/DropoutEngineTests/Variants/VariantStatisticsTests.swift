import DropoutEngine
import Testing

/// Mean and variance of each variant's noise over many draws, within 4 standard errors of theory.
@Suite struct VariantStatisticsTests {
    private static let count = 1_000_000

    /// Mean and variance, and the standard errors of both for a sample of this size and fourth central moment.
    private static func moments(_ values: [Double]) -> (mean: Double, variance: Double, errors: (Double, Double)) {
        let n = Double(values.count)
        let mean = values.reduce(0, +) / n
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / n
        let fourth = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) * ($1 - mean) * ($1 - mean) } / n
        return (mean, variance, ((variance / n).squareRoot(), ((fourth - variance * variance) / n).squareRoot()))
    }

    private static func uniforms(_ seed: UInt64) throws -> [Double] {
        try PhiloxGenerator(seed: seed, step: 0, stream: 0).uniforms(count, offset: 0)
    }

    private static func expect(_ values: [Double], mean: Double, variance: Double) {
        let found = moments(values)
        #expect((found.mean - mean).magnitude < 4 * found.errors.0)
        #expect((found.variance - variance).magnitude < 4 * found.errors.1)
    }

    @Test("The uniforms are uniform and the quantiles of them normal")
    func normal() throws {
        let uniforms = try Self.uniforms(1)
        Self.expect(uniforms, mean: 0.5, variance: 1.0 / 12)
        Self.expect(uniforms.map { NormalQuantile.of($0) }, mean: 0, variance: 1)
    }

    @Test(
        "The quantiles are those of tables",
        arguments: [
            // Φ⁻¹ to 16 digits, solved with 40 digits.
            (0.5, 0.0), (0.975, 1.959963984540054), (0.84, 0.994457883209753), (0.01, -2.3263478740408408),
            (1e-10, -6.361340902404056), (1e-300, -37.0470962993612), (0.9999, 3.719016485455709),
        ])
    func quantiles(_ u: Double, _ z: Double) {
        #expect((NormalQuantile.of(u) - z).magnitude <= 2e-15 * max(1, z.magnitude))
    }

    @Test("Gaussian dropout has mean 1 and variance rate / keep", arguments: [0.1, 0.5, 0.8])
    func gaussian(_ rate: Double) throws {
        let factors = try GaussianNoise(try KeepProbability(rate: rate)).factors(try Self.uniforms(2))
        Self.expect(factors, mean: 1, variance: rate / (1 - rate))
    }

    @Test("Concrete dropout has the moments that its check expects", arguments: [0.1, 1.0, 3.0])
    func concrete(_ temperature: Double) throws {
        let noise = try ConcreteNoise(KeepProbability(rate: 0.3), temperature: temperature)
        let moments = try noise.moments()
        try Self.expect(noise.factors(try Self.uniforms(3)), mean: moments.mean, variance: moments.variance)
    }

    @Test("Concrete dropout follows the paper's formula, and nears a mask as the temperature falls")
    func concreteByHand() throws {
        // z = σ((ln 0.25 - ln 0.75 + ln 0.6 - ln 0.4) / 2) = 0.414213562373095 (that is √2 - 1); y = (1 - z) / 0.75
        let noise = try ConcreteNoise(KeepProbability(rate: 0.25), temperature: 2)
        #expect(try (noise.factors([0.6])[0] - (2 - 2.0.squareRoot()) / 0.75).magnitude < 1e-15)
        let sharp = try ConcreteNoise(KeepProbability(rate: 0.25), temperature: 1e-3)
        #expect(try sharp.factors([0.74, 0.76]).map { ($0 * 0.75).rounded() } == [1, 0])
    }

    @Test("Alpha dropout keeps the mean 0 and the variance 1 of normal activations", arguments: [0.1, 0.5])
    func alpha(_ rate: Double) throws {
        let probability = try KeepProbability(rate: rate)
        let x = try Self.uniforms(4).map { NormalQuantile.of($0) }
        let shape = try Shape([Self.count])
        let mask = try Mask(
            drawing: PhiloxGenerator(seed: 5, step: 0, stream: 0), noise: NoiseShape(elementwise: shape),
            probability: probability, offset: 0)
        try Self.expect(AlphaDropout<Double>(probability).forward(x, mask), mean: 0, variance: 1)
    }

    /// z-scores of the check over many seeds: mean 0 and deviation 1 if the standard error is right.
    @Test(
        "The check's z-scores have mean 0 and deviation 1",
        arguments: ["alpha", "gaussian", "concrete", "zoneout", "block"])
    func zScores(_ variant: String) throws {
        let shape = try Shape([2, 3, 8, 8])
        let x: [Double] = scattered(shape.count, seed: 11).map { $0 + 0.3 }
        let input = try Tensor(x, shape: shape)
        let probability = try KeepProbability(rate: variant == "block" ? 0.1 : 0.3)
        let elementwise = NoiseShape(elementwise: shape)
        let block = try DropBlock(shape, blockSize: 3, rate: 0.1)
        let concrete = try ConcreteNoise(probability, temperature: 0.7)
        var scores: [Double] = []
        for seed in 0..<600 {
            let philox = PhiloxGenerator(seed: UInt64(seed), step: 0, stream: 0)
            let drop: LayerDropout
            switch variant {
            case "gaussian":
                let factors = try GaussianNoise(probability).factors(try philox.uniforms(x.count, offset: 0))
                drop = LayerDropout(
                    .multiply(mean: 1, variance: probability.rate / probability.keep),
                    noise: .factors(factors, elementwise), probability: probability)
            case "concrete":
                let factors = try concrete.factors(try philox.uniforms(x.count, offset: 0))
                let moments = try concrete.moments()
                drop = LayerDropout(
                    .multiply(mean: moments.mean, variance: moments.variance), noise: .factors(factors, elementwise),
                    probability: probability)
            case "block":
                let fired = try Mask(
                    drawing: philox, noise: NoiseShape(elementwise: block.anchors),
                    probability: block.anchorProbability, offset: 0
                ).kept
                let kept = try Mask(given: block.kept(fired), shape: shape, noise: elementwise)
                drop = LayerDropout(.block(block), noise: .blocks(fired: fired, kept: kept), probability: probability)
            default:
                let mask = try Mask(drawing: philox, noise: elementwise, probability: probability, offset: 0)
                let operation: LayerDropout.Operation =
                    variant == "alpha" ? .alpha : .zoneout(previous: scattered(x.count, seed: 12))
                drop = LayerDropout(operation, noise: .mask(mask), probability: probability)
            }
            let output = try drop.apply(input, mode: .train, scheme: .inverted)
            let check = try drop.check(input: input, output: output, mode: .train, scheme: .inverted)
            scores.append(try #require(check.zScore))
        }
        let found = Self.moments(scores)
        #expect(found.mean.magnitude < 4 * found.errors.0)
        #expect((found.variance - 1).magnitude < 4 * found.errors.1)
    }

    private static func blockCheck<Scalar: DropoutScalar>(
        _ x: [Scalar], _ dimensions: [Int], size: Int, rate: Double, seed: UInt64
    ) throws -> ExpectedValueCheck {
        let shape = try Shape(dimensions)
        let block = try DropBlock(shape, blockSize: size, rate: rate)
        let fired = try Mask(
            drawing: PhiloxGenerator(seed: seed, step: 0, stream: 0), noise: NoiseShape(elementwise: block.anchors),
            probability: block.anchorProbability, offset: 0
        ).kept
        let kept = try Mask(given: block.kept(fired), shape: shape, noise: NoiseShape(elementwise: shape))
        let drop = LayerDropout(
            .block(block), noise: .blocks(fired: fired, kept: kept), probability: try KeepProbability(rate: rate))
        let input = try Tensor(x, shape: shape)
        let output = try drop.apply(input, mode: .train, scheme: .inverted)
        return try drop.check(input: input, output: output, mode: .train, scheme: .inverted)
    }

    @Test(
        "The check of drop block is consistent for a constant input, whose sum does not vary",
        arguments: [
            (dimensions: [1, 1, 8], size: 3, rate: 0.2), ([1, 1, 8], 3, 0.7), ([2, 3, 8, 8], 3, 0.1),
            ([1, 2, 4, 4, 4], 2, 0.3), ([1, 1, 5000], 7, 0.5), ([1, 1, 3], 3, 0.3),
        ], [1.0, -3.3, 1e-30, 1e30])
    func constantBlocks(_ map: (dimensions: [Int], size: Int, rate: Double), _ value: Double) throws {
        let count = map.dimensions.reduce(1, *)
        for seed in 0..<UInt64(100) {
            let wide = try Self.blockCheck(
                [Double](repeating: value, count: count), map.dimensions, size: map.size, rate: map.rate, seed: seed)
            #expect(wide.consistent, "\(seed) \(wide)")
            let narrow = try Self.blockCheck(
                [Float](repeating: Float(value), count: count), map.dimensions, size: map.size, rate: map.rate,
                seed: seed)
            #expect(narrow.consistent, "\(seed) \(narrow)")
        }
    }

    /// The 10^-6 of the scale takes half of a standard error from each of these sums.
    @Test("The z-scores of drop block have mean 0 and deviation 1 for an input that is nearly constant")
    func nearlyConstantBlocks() throws {
        let x: [Double] = scattered(384, seed: 11).map { 1000 + 1e-4 * $0 }
        let scores = try (0..<600).map { seed in
            try #require(try Self.blockCheck(x, [2, 3, 8, 8], size: 3, rate: 0.1, seed: UInt64(seed)).zScore)
        }
        let found = Self.moments(scores)
        #expect(found.mean.magnitude < 4 * found.errors.0)
        #expect((found.variance - 1).magnitude < 4 * found.errors.1)
    }

    @Test("The check of drop block finds a sum that is scaled wrongly")
    func wrongBlocks() throws {
        let shape = try Shape([2, 3, 8, 8])
        let block = try DropBlock(shape, blockSize: 3, rate: 0.1)
        let mask = try Mask(
            given: (0..<384).map { $0 % 5 == 0 ? 0 : 1 }, shape: shape, noise: NoiseShape(elementwise: shape))
        let drop = LayerDropout(
            .block(block), noise: .blocks(fired: [], kept: mask), probability: try KeepProbability(rate: 0.1))
        let input = try Tensor([Double](repeating: 1, count: 384), shape: shape)
        // Divided by keep instead of by the share that is left.
        let output = try Tensor(mask.kept.map { Double($0) / 0.9 }, shape: shape)
        let check = try drop.check(input: input, output: output, mode: .train, scheme: .inverted)
        #expect(!check.consistent)
    }
}
