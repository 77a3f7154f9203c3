import DropoutEngine
import Testing

/// The expected-value check of a variant, against all masks and against counts by hand.
@Suite struct LayerDropoutCheckTests {
    private static let input: [Double] = [7, -2, 0.5, 3]
    private static let previous: [Double] = [1, 2, -4, 8]

    private static func dropout(
        _ operation: LayerDropout.Operation, kept: [UInt8], keep: Double
    ) throws -> LayerDropout {
        let shape = Shape.vector(kept.count)
        let mask = try Mask(given: kept, shape: shape, noise: NoiseShape(elementwise: shape))
        return LayerDropout(operation, noise: .mask(mask), probability: try KeepProbability(keep: keep))
    }

    private static func check(_ dropout: LayerDropout, mode: DropoutMode = .train) throws -> ExpectedValueCheck {
        let x = try Tensor(input, shape: .vector(input.count))
        let output = try dropout.apply(x, mode: mode, scheme: .inverted)
        return try dropout.check(input: x, output: output, mode: mode, scheme: .inverted)
    }

    @Test("A mask's kept elements are counted and keep of all are expected")
    func counts() throws {
        let check = try Self.check(
            Self.dropout(.zoneout(previous: Self.previous), kept: [1, 0, 0, 1], keep: 0.25))
        #expect(check.kept == 2)
        #expect(check.expectedKept == 1)
        #expect(check.keptFraction == 0.5)
        // ln(0.25² · 0.75²).
        #expect(((check.logProbability ?? .nan) + 3.3479528671433430).magnitude < 1e-14)
    }

    @Test("Factors are no mask: all elements are counted as kept and all are expected, and nothing has a probability")
    func factors() throws {
        let shape = Shape.vector(4)
        let dropout = LayerDropout(
            .multiply(mean: 1, variance: 0.25), noise: .factors([1.5, 0, 0.5, 1], NoiseShape(elementwise: shape)),
            probability: try KeepProbability(keep: 0.8))
        let check = try Self.check(dropout)
        #expect(check.kept == 4)
        #expect(check.expectedKept == 4)
        #expect(check.keptFraction == 1)
        #expect(check.logProbability == nil)
        // 7 · 1.5 + 0.5 · 0.5 + 3, and √(0.25 · (49 + 4 + 0.25 + 9)).
        #expect(check.observedSum == 13.75)
        #expect(check.expectedSum == 8.5)
        #expect((check.standardError - 3.944933459514875).magnitude < 1e-14)
    }

    @Test("Evaluation draws nothing, so all elements are counted as kept whatever mask there is")
    func evaluation() throws {
        let check = try Self.check(
            Self.dropout(.zoneout(previous: Self.previous), kept: [1, 0, 0, 1], keep: 0.25), mode: .eval)
        #expect(check.kept == 4)
        #expect(check.expectedKept == 4)
        #expect(check.logProbability == 0)
        #expect(check.standardError == 0)
    }

    @Test(
        "Expected sum and standard error are those of all masks together",
        arguments: [.scale, .alpha, .zoneout(previous: previous)] as [LayerDropout.Operation])
    func enumeration(_ operation: LayerDropout.Operation) throws {
        var (mean, square, weights) = (0.0, 0.0, 0.0)
        let x = try Tensor(Self.input, shape: .vector(4))
        for number in 0..<16 {
            let kept = (0..<4).map { UInt8(number >> $0 & 1) }
            let dropout = try Self.dropout(operation, kept: kept, keep: 0.7)
            let check = try Self.check(dropout)
            let weight = Double.exp(try #require(check.logProbability))
            let deviation = check.observedSum - check.expectedSum
            weights += weight
            mean += weight * deviation
            square += weight * deviation * deviation
            let variance = try dropout.varianceOfSum(Self.input, scheme: .inverted)
            #expect((check.standardError - variance.squareRoot()).magnitude < 1e-12)
            let terms = try #require(try dropout.variance(x.elements, mode: .train, scheme: .inverted))
            #expect((terms.reduce(0, +) - variance).magnitude < 1e-12)
        }
        #expect((weights - 1).magnitude < 1e-14)
        #expect(mean.magnitude < 1e-12)
        let variance = try Self.dropout(operation, kept: [1, 1, 1, 1], keep: 0.7)
            .varianceOfSum(Self.input, scheme: .inverted)
        #expect((square - variance).magnitude < 1e-11)
    }

    @Test("At keep 0 the sum does not vary", arguments: DropoutScheme.allCases)
    func keepNone(_ scheme: DropoutScheme) throws {
        let dropout = try Self.dropout(.scale, kept: [0, 0, 0, 0], keep: 0)
        #expect(try dropout.varianceOfSum(Self.input, scheme: scheme) == 0)
    }
}
