import DropoutEngine
import Testing

/// Where nothing varies, where nothing is finite, and where squares leave the range of float64.
@Suite struct ExpectedValueEdgeTests {
    private typealias Checks = ExpectedValueCheckTests

    @Test("Evaluation varies nothing and agrees", arguments: DropoutScheme.allCases, [0, 0.3, 0.8, 1])
    func evaluation(_ scheme: DropoutScheme, _ keep: Double) throws {
        for input in [[7.0, 13, 7, 31], [0.1, 0.2, -0.3, 1e-20], [0, 0, 0, 0], [1e16, 1, -1e16, 0.1]] {
            let check = try Checks.check(input, kept: [1, 0, 0, 1], keep: keep, scheme: scheme, mode: .eval)
            #expect(check.standardError == 0)
            #expect(check.zScore == 0)
            #expect(check.consistent)
            #expect(check.kept == 4)
            #expect(check.expectedKept == 4)
            #expect(check.keptFraction == 1)
            #expect(check.logProbability == 0)
            let floats = try Checks.check(
                input.map { Float($0) }, kept: [1, 0, 0, 1], keep: keep, scheme: scheme, mode: .eval)
            #expect(floats.consistent)
        }
    }

    @Test("Evaluation that is off is noticed", arguments: DropoutScheme.allCases)
    func wrongEvaluation(_ scheme: DropoutScheme) throws {
        let input = try Tensor([1.0, 2, 3], shape: .vector(3))
        let output = try Tensor([1.0, 2, 3.001], shape: .vector(3))
        let check = try ExpectedValueCheck(
            input: input, output: output, mask: nil, probability: try KeepProbability(keep: 1), scheme: scheme,
            mode: .eval)
        #expect(check.zScore == nil)
        #expect(!check.consistent)
    }

    @Test("Keep 1 varies nothing; a mask that drops all the same is noticed", arguments: DropoutScheme.allCases)
    func keepAll(_ scheme: DropoutScheme) throws {
        let all = try Checks.check([1.0, 2, 3], kept: [1, 1, 1], keep: 1, scheme: scheme)
        #expect(all.standardError == 0)
        #expect(all.zScore == 0)
        #expect(all.consistent)
        let some = try Checks.check([1.0, 2, 3], kept: [1, 0, 1], keep: 1, scheme: scheme)
        #expect(some.zScore == nil)
        #expect(!some.consistent)
        #expect(some.logProbability == -.infinity)
    }

    @Test("Keep 0 expects 0 and observes it", arguments: DropoutScheme.allCases, [UInt8(0), 1])
    func keepNone(_ scheme: DropoutScheme, _ bit: UInt8) throws {
        let check = try Checks.check([1.0, .infinity, 3], kept: [bit, bit, bit], keep: 0, scheme: scheme)
        #expect(check.expectedSum == 0)
        #expect(check.observedSum == 0)
        #expect(check.standardError == 0)
        #expect(check.zScore == 0)
        #expect(check.consistent)
        #expect(check.expectedKept == 0)
    }

    @Test("Zeros, and units that add up to 0, vary nothing")
    func cancelled() throws {
        let zeros = try Checks.check([0.0, 0, -0.0], kept: [1, 0, 1], keep: 0.5)
        #expect(zeros.standardError == 0)
        #expect(zeros.zScore == 0)
        let balanced = try Checks.check([1.0, -1, 5, -5], shape: [2, 2], granularity: .unit, kept: [1, 0], keep: 0.5)
        #expect(balanced.standardError == 0)
        #expect(balanced.zScore == 0)
        #expect(balanced.consistent)
    }

    @Test("Units that add up to 0 but for rounding are judged to that rounding", arguments: 0..<200)
    func roundedAway(_ seed: Int) throws {
        // Each of 4 units is centred over its 8 examples, as a batch normalisation leaves it.
        let numbers: [Float] = scattered(32, seed: UInt64(seed))
        let centred = (0..<4).flatMap { unit in
            let row = numbers[unit * 8..<unit * 8 + 8]
            let mean = row.reduce(0, +) / 8
            return row.map { $0 - mean }
        }
        let kept = try PhiloxGenerator(seed: UInt64(seed), step: 0, stream: 0)
            .kept(.vector(4), probability: try KeepProbability(keep: 0.7), offset: 0)
        let check = try Checks.check(centred, shape: [4, 8], granularity: .unit, kept: kept, keep: 0.7)
        #expect(check.consistent)
    }

    @Test("An empty tensor has no means and is consistent", arguments: DropoutMode.allCases)
    func empty(_ mode: DropoutMode) throws {
        let check = try Checks.check([Double](), shape: [0, 3], kept: [], keep: 0.5, mode: mode)
        #expect(check.expectedMean == nil)
        #expect(check.observedMean == nil)
        #expect(check.keptFraction == nil)
        #expect(check.expectedSum == 0)
        #expect(check.kept == 0)
        #expect(check.zScore == 0)
        #expect(check.consistent)
    }

    @Test(
        "What is not finite is inconsistent, kept or dropped, in training and evaluation",
        arguments: [.nan, .infinity, -.infinity] as [Double], [UInt8(0), 1])
    func nonFinite(_ value: Double, _ bit: UInt8) throws {
        for mode in DropoutMode.allCases {
            for scheme in DropoutScheme.allCases {
                let check = try Checks.check(
                    [1, value, 2], kept: [1, bit, 1], keep: 0.8, scheme: scheme, mode: mode)
                #expect(!check.expectedSum.isFinite)
                #expect(check.zScore == nil)
                #expect(mode == .eval || !check.standardError.isFinite)
                #expect(!check.consistent)
                let both = try Checks.check([value, -value], kept: [1, bit], keep: 0.8, scheme: scheme, mode: mode)
                #expect(both.expectedSum.isNaN)
                #expect(!both.consistent)
            }
        }
    }

    @Test(
        "Numbers whose squares overflow or vanish have the standard error of their scale",
        arguments: [0x1p1000, 0x1p600, 0x1p-600, 0x1p-1000, 0x1p-1060])
    func scale(_ scale: Double) throws {
        // 4 of 8 dropped at keep 0.8, units of two: sums 3, 7, 11, 15.
        let input = (1...8).map { Double($0) }
        let unit = try Checks.check(input, shape: [4, 2], granularity: .unit, kept: [1, 0, 1, 0], keep: 0.8)
        let scaled = try Checks.check(
            input.map { $0 * scale }, shape: [4, 2], granularity: .unit, kept: [1, 0, 1, 0], keep: 0.8)
        #expect(scaled.standardError == unit.standardError * scale)
        #expect((try #require(scaled.zScore) - #require(unit.zScore)).magnitude < 0.001)
        let none = try Checks.check(
            [Double](repeating: scale, count: 100), kept: [UInt8](repeating: 0, count: 100), keep: 0.8)
        #expect(none.zScore == -20)
        #expect(!none.consistent)
    }
}
