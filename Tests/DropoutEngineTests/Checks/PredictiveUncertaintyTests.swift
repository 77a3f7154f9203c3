import DropoutEngine
import Testing

@Suite struct PredictiveUncertaintyTests {
    private static func uncertainty(_ passes: [[Double]], _ shape: [Int], _ layout: Layout) throws
        -> PredictiveUncertainty
    {
        var uncertainty = try #require(PredictiveUncertainty(Shape(shape), layout: layout))
        for pass in passes { try uncertainty.add(try Tensor(pass, shape: Shape(shape))) }
        return uncertainty
    }

    @Test("Passes that agree have no mutual information, and those that exclude each other have it all")
    func extremes() throws {
        // Two examples of two classes: the first undecided in every pass, the second sure but of another class each time.
        let columns = try Self.uncertainty([[0.5, 1, 0.5, 0], [0.5, 0, 0.5, 1]], [2, 2], .columns)
        let ln2 = 0.6931471805599453
        #expect(try columns.predictiveEntropy().allSatisfy { ($0 - ln2).magnitude < 1e-15 })
        #expect(try columns.mutualInformation()[0].magnitude < 1e-15)
        #expect(try (columns.mutualInformation()[1] - ln2).magnitude < 1e-15)
        let rows = try Self.uncertainty([[0.5, 0.5, 1, 0], [0.5, 0.5, 0, 1]], [2, 2], .rows)
        #expect(try rows.predictiveEntropy() == columns.predictiveEntropy())
        #expect(try rows.mutualInformation() == columns.mutualInformation())
    }

    @Test("Entropy and information are those worked by hand")
    func byHand() throws {
        // H(0.7, 0.3) = 0.610864302054894; H(0.9, 0.1) = 0.325082973391448; H(0.5, 0.5) = 0.693147180559945
        let one = try Self.uncertainty([[0.9, 0.1], [0.5, 0.5]], [2, 1], .columns)
        #expect(try (one.predictiveEntropy()[0] - 0.610864302054894).magnitude < 1e-14)
        #expect(
            try (one.mutualInformation()[0] - (0.610864302054894 - (0.325082973391448 + 0.693147180559945) / 2))
                .magnitude
                < 1e-14)
    }

    @Test("A pass that is no matrix has no classes")
    func noMatrix() throws {
        #expect(try PredictiveUncertainty(Shape([3]), layout: .rows) == nil)
    }
}
