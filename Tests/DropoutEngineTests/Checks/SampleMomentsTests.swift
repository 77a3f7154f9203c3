import DropoutEngine
import Testing

@Suite struct SampleMomentsTests {
    private func moments<Scalar: DropoutScalar>(_ passes: [[Scalar]]) throws -> SampleMoments<Scalar> {
        let shape = Shape.vector(passes.first?.count ?? 0)
        var moments = SampleMoments<Scalar>(shape: shape)
        for pass in passes { try moments.add(try Tensor(pass, shape: shape)) }
        return moments
    }

    @Test(
        "Mean and variance far from 0 are those of exact arithmetic",
        arguments: [0, 1_000_000_000, -1_000_000_000, 1 << 40], [2, 3, 10, 1000])
    func farFromZero(_ offset: Int, _ count: Int) throws {
        // Multiples of 1/1024 next to the offset: float64 holds them exactly, and integers their sums and squares.
        let numbers: [Double] = scattered(count, seed: 44)
        let steps = numbers.map { Int($0 * 4096) }
        let moments = try moments(steps.map { [Double(offset) + Double($0) / 1024] })
        let sum = steps.reduce(0, +)
        let squares = steps.reduce(0) { $0 + $1 * $1 }
        let mean = Double(offset) + Double(sum) / Double(count) / 1024
        let variance = Double(count * squares - sum * sum) / Double(count * (count - 1)) / 1_048_576
        // Each pass rounds the mean, to 2^-23 next to 10^9.
        let rounding = Double(max(offset.magnitude, 1)) * 0x1p-52
        #expect((moments.mean[0] - mean).magnitude <= rounding * Double(count).squareRoot())
        #expect(try (moments.sampleVariance()[0] - variance).magnitude <= 1e-12 * variance + 4 * rounding)
        let population = variance * Double(count - 1) / Double(count)
        #expect(try (moments.populationVariance()[0] - population).magnitude <= 1e-12 * variance + 4 * rounding)
        #expect(moments.count == count)
    }

    @Test("Passes that do not vary have variance 0", arguments: [0.1, 1e9 + 0.1, -1e300, 0])
    func constant(_ value: Double) throws {
        let moments = try moments([[Double]](repeating: [value], count: 100))
        #expect(moments.mean == [value])
        #expect(try moments.sampleVariance() == [0])
    }

    @Test("One pass is its own mean and has no variance to estimate")
    func onePass() throws {
        let moments = try moments([[3.5, -1]])
        #expect(moments.count == 1)
        #expect(moments.mean == [3.5, -1])
        #expect(try moments.sampleVariance() == [0, 0])
        #expect(try moments.populationVariance() == [0, 0])
        #expect(try moments.maximumAbsoluteZ(expectation: [0, 0]) == nil)
    }

    @Test("No pass and no elements give nothing to divide by")
    func none() throws {
        let none = SampleMoments<Double>(shape: .vector(2))
        #expect(none.count == 0)
        #expect(none.mean == [0, 0])
        #expect(try none.sampleVariance() == [0, 0])
        #expect(try none.populationVariance() == [0, 0])
        let empty = try moments([[Double](), []])
        #expect(empty.count == 2)
        #expect(empty.mean == [])
        #expect(try empty.maximumAbsoluteZ(expectation: []) == nil)
    }

    @Test("float32 passes are added in float64")
    func floats() throws {
        let moments = try moments([[Float(16_777_216)], [1], [1]])
        #expect((moments.mean[0] - 16_777_218.0 / 3).magnitude < 1e-8)
    }

    @Test("Weights count a pass as often as they say, and weight 0 not at all")
    func weights() throws {
        var weighted = SampleMoments<Double>(shape: .scalar)
        for (value, weight) in [(1.0, 2.0), (100, 0), (4, 1), (-3, 3)] {
            try weighted.add(try Tensor([value], shape: .scalar), weight: weight)
        }
        // 1, 1, 4, -3, -3, -3: mean -1/2, squares 45, variance 45/6 - 1/4.
        #expect((weighted.mean[0] + 0.5).magnitude < 1e-15)
        #expect(try (weighted.populationVariance()[0] - 7.25).magnitude < 1e-14)
        #expect(weighted.count == 4)
    }

    @Test("The z of a mean counts its own standard errors, the farthest element deciding")
    func maximumZ() throws {
        let moments = try moments([[1.0, 5], [2, 6], [3, 7]])
        // Variance 1, standard error 1/√3.
        let z = try #require(try moments.maximumAbsoluteZ(expectation: [2, 4]))
        #expect((z - 2 * 3.0.squareRoot()).magnitude < 1e-14)
        #expect(try moments.maximumAbsoluteZ(expectation: [2, 6]) == 0)
        #expect(throws: DropoutError.impossible("2 means have 1 expectations and 2 variances")) {
            try moments.maximumAbsoluteZ(expectation: [2])
        }
    }

    @Test("An element that never varied is off by infinity or not at all")
    func neverVaried() throws {
        let moments = try moments([[0.3, 1.0], [0.3, 2]])
        #expect(try moments.maximumAbsoluteZ(expectation: [0.3, 1.5]) == 0)
        // One ulp is rounding, not a difference.
        #expect(try moments.maximumAbsoluteZ(expectation: [(0.3).nextUp, 1.5]) == 0)
        #expect(try moments.maximumAbsoluteZ(expectation: [0.31, 1.5]) == .infinity)
    }

    @Test(
        "An infinite element has an infinite mean wherever it comes, opposite ones and NaN have none",
        arguments: [
            ([.infinity, 0, 5], .infinity), ([0, .infinity, 5], .infinity), ([0, 5, .infinity], .infinity),
            ([.infinity, .infinity, .infinity], .infinity), ([-.infinity, 0, -.infinity], -.infinity),
            ([.infinity, -.infinity, 0], .nan), ([0, .nan, 1], .nan), ([.nan, .infinity, 1], .nan),
        ] as [([Double], Double)])
    func nonFinite(values: [Double], mean: Double) throws {
        let moments = try moments(values.map { [$0, 1] })
        #expect(moments.mean[0] == mean || (moments.mean[0].isNaN && mean.isNaN))
        #expect(try !moments.sampleVariance()[0].isFinite)
        // The other element is not touched.
        #expect(moments.mean[1] == 1)
        #expect(try moments.sampleVariance()[1] == 0)
    }

    @Test("Numbers whose difference overflows have a finite mean")
    func overflow() throws {
        let far = Double.greatestFiniteMagnitude
        let moments = try moments([[far], [-far]])
        #expect(moments.mean == [0])
        #expect(try moments.sampleVariance() == [.infinity])
    }

    @Test("The mean of many draws is the input, as far as its standard error tells", arguments: DropoutScheme.allCases)
    func draws(_ scheme: DropoutScheme) throws {
        let shape = try Shape([4, 2])
        let input = try Tensor<Double>([7, 13, 7, 13, 16, 31, 16, 31], shape: shape)
        let probability = try KeepProbability(keep: 0.8)
        var moments = SampleMoments<Double>(shape: shape)
        for step in UInt32(0)..<2000 {
            let mask = try Mask(
                drawing: PhiloxGenerator(seed: 6, step: step, stream: 0), noise: NoiseShape(elementwise: shape),
                probability: probability, offset: 0)
            try moments.add(
                try Dropout.forward(input, mask: mask, probability: probability, mode: .train, scheme: scheme))
        }
        let factor = scheme == .inverted ? 1 : 0.8
        let z = try #require(try moments.maximumAbsoluteZ(expectation: input.elements.map { $0 * factor }))
        #expect(z < 4)
        #expect(z > 0)
    }
}
