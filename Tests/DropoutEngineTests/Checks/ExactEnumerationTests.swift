import DropoutEngine
import Testing

@Suite struct ExactEnumerationTests {
    private static let a1: [Double] = [7, 13, 7, 13, 16, 31, 16, 31]

    /// The moments of the article's activations over all masks of a granularity.
    private func article(
        _ granularity: Granularity, _ scheme: DropoutScheme = .inverted
    ) throws -> (moments: SampleMoments<Double>, masks: [Mask]) {
        let shape = try Shape([4, 2])
        let input = try Tensor(Self.a1, shape: shape)
        let probability = try KeepProbability(keep: 0.8)
        let noise = NoiseShape(granularity, of: shape, layout: .columns)
        var masks: [Mask] = []
        let moments = try ExactEnumeration.moments(
            probabilities: [KeepProbability](repeating: probability, count: noise.drawn.count), shape: shape
        ) { bits, _ throws(DropoutError) in
            let mask = try Mask(given: bits, shape: noise.drawn, noise: noise)
            masks.append(mask)
            return try Dropout.forward(input, mask: mask, probability: probability, mode: .train, scheme: scheme)
        }
        return (moments, masks)
    }

    @Test("The mean over all masks is the input and the variance its squares by rate over keep")
    func elements() throws {
        let (moments, masks) = try article(.element)
        #expect(moments.count == 256)
        #expect(Set(masks.map(\.drawn)).count == 256)
        for (mean, x) in zip(moments.mean, Self.a1) { #expect((mean - x).magnitude < 1e-12) }
        let variances = [12.25, 42.25, 12.25, 42.25, 64, 240.25, 64, 240.25]
        for (variance, expected) in zip(try moments.populationVariance(), variances) {
            #expect((variance - expected).magnitude < 1e-12 * expected)
        }
    }

    @Test("The classic scheme's mean is keep times the input")
    func classic() throws {
        let (moments, _) = try article(.element, .classic)
        for (mean, x) in zip(moments.mean, Self.a1) { #expect((mean - 0.8 * x).magnitude < 1e-12) }
        for (variance, x) in zip(try moments.populationVariance(), Self.a1) {
            #expect((variance - 0.16 * x * x).magnitude < 1e-11)
        }
    }

    @Test(
        "Shared draws have fewer masks and the same moments",
        arguments: [(.unit, 16), (.sample, 4)] as [(Granularity, Int)])
    func shared(granularity: Granularity, count: Int) throws {
        let (moments, masks) = try article(granularity)
        #expect(moments.count == count)
        #expect(Set(masks.map(\.kept)).count == count)
        for (mean, x) in zip(moments.mean, Self.a1) { #expect((mean - x).magnitude < 1e-12) }
        for (variance, x) in zip(try moments.populationVariance(), Self.a1) {
            #expect((variance - 0.25 * x * x).magnitude < 1e-11)
        }
    }

    @Test("Mask k keeps unit u where bit u of k is 1, k ascending")
    func order() throws {
        var seen: [[UInt8]] = []
        let none = try Tensor([Double](), shape: .vector(0))
        _ = try ExactEnumeration.moments(
            probabilities: [KeepProbability](repeating: try KeepProbability(keep: 0.3), count: 3), shape: none.shape
        ) { bits, _ throws(DropoutError) in
            seen.append(bits)
            return none
        }
        let expected: [[UInt8]] = [
            [0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 0, 1], [1, 0, 1], [0, 1, 1], [1, 1, 1],
        ]
        #expect(seen == expected)
    }

    @Test("Each unit has its own probability")
    func mixed() throws {
        let probabilities = try [0.2, 0.5, 0.9].map { try KeepProbability(keep: $0) }
        let moments = try passes(probabilities).moments
        // The bits themselves: mean keep, variance keep · rate.
        for (value, expected) in zip(moments.mean, [0.2, 0.5, 0.9]) { #expect((value - expected).magnitude < 1e-15) }
        for (value, expected) in zip(try moments.populationVariance(), [0.16, 0.25, 0.09]) {
            #expect((value - expected).magnitude < 1e-15)
        }
    }

    @Test("Masks that cannot be drawn are not run")
    func certain() throws {
        let certain = try passes([KeepProbability(keep: 1), KeepProbability(keep: 0), KeepProbability(keep: 0.5)])
        #expect(certain.seen == [[1, 0, 0], [1, 0, 1]])
        #expect(certain.moments.mean == [1, 0, 0.5])
        #expect(try certain.moments.populationVariance() == [0, 0, 0.25])
    }

    @Test("No unit has one mask")
    func noUnits() throws {
        let none = try passes([])
        #expect(none.seen == [[]])
        #expect(none.moments.count == 1)
    }

    @Test("20 units are enumerated, 21 are not")
    func limit() throws {
        #expect(ExactEnumeration.maximumUnits == 20)
        let all = [KeepProbability](repeating: try KeepProbability(keep: 1), count: 21)
        let twenty = try passes(Array(all.dropLast()))
        #expect(twenty.seen == [[UInt8](repeating: 1, count: 20)])
        #expect(throws: DropoutError.impossible("the masks of 21 units cannot be enumerated")) { try passes(all) }
    }

    /// Runs passes that answer with the bits themselves.
    private func passes(
        _ probabilities: [KeepProbability]
    ) throws -> (seen: [[UInt8]], moments: SampleMoments<Double>) {
        var seen: [[UInt8]] = []
        let shape = Shape.vector(probabilities.count)
        let moments = try ExactEnumeration.moments(probabilities: probabilities, shape: shape) {
            bits, _ throws(DropoutError) in
            seen.append(bits)
            return try Tensor(bits.map { Double($0) }, shape: shape)
        }
        return (seen, moments)
    }
}
