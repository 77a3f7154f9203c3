import HTTPServer
import Testing

/// Whether a reader keeps up, by what it has taken at the end of each span of 30 s at 10,000 bytes a second.
@Suite struct ReaderPaceTests {
    private static let minimum = 300_000

    /// The number of spans after which the reader is left; nil if it is not.
    private static func spans(_ taken: (Int) -> Int, of count: Int = 1000) -> Int? {
        var pace = ReaderPace()
        pace.begin(taken: taken(0))
        return (1...count).first { !pace.keepsUp(taken: taken($0), waiting: 1, minimum: minimum) }
    }

    @Test("A steady reader above the minimum is not left")
    func aSteadyReaderAboveTheMinimumIsNotLeft() {
        #expect(Self.spans { $0 * 330_000 } == nil)
        #expect(Self.spans { $0 * 300_000 } == nil)
    }

    @Test("A steady reader below the minimum is left")
    func aSteadyReaderBelowTheMinimumIsLeft() {
        #expect(Self.spans { $0 * 299_999 } == 1)
        #expect(Self.spans { $0 * 1 } == 1)
    }

    /// The system hands bytes over in steps, after a first one that fills its buffers.
    @Test(
        "A reader above the minimum is not left however large the steps",
        arguments: [1000, 65_536, 131_072, 400_000, 500_000])
    func aReaderAboveTheMinimumIsNotLeftHoweverLargeTheSteps(_ step: Int) {
        #expect(Self.spans { span in span == 0 ? 0 : 4_000_000 + span * 330_000 / step * step } == nil)
    }

    @Test("A reader below the minimum is left after a while", arguments: [1000, 65_536, 400_000])
    func aReaderBelowTheMinimumIsLeftAfterAWhile(_ step: Int) throws {
        let spans = try #require(Self.spans { span in span == 0 ? 0 : 4_000_000 + span * 250_000 / step * step })
        #expect((2...20).contains(spans))
    }

    @Test("A reader that stops is left whatever it took before")
    func aReaderThatStopsIsLeftWhateverItTookBefore() {
        #expect(Self.spans { min($0, 50) * 10_000_000 } == 52)
    }

    @Test("A reader that has all that there was is not left")
    func aReaderThatHasAllThatThereWasIsNotLeft() {
        var pace = ReaderPace()
        pace.begin(taken: 0)
        let keptUp = (0..<10).map { pace.keepsUp(taken: 100, waiting: $0 == 9 ? 1 : 0, minimum: Self.minimum) }
        #expect(keptUp == Array(repeating: true, count: 9) + [false])
    }
}
