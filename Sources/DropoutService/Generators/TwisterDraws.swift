import DropoutEngine
import Stopping

/// A stream of Mersenne Twister words that goes on from draw to draw. Its generators get a copy of the Twister.
struct TwisterDraws: DrawStream {
    /// What is skipped before the first draw: single words, then units of `wordsEach` words.
    struct Start: Sendable {
        var words: UInt64 = 0
        var units: UInt64 = 0
    }

    private var words: MT19937
    private let start: Start
    /// The words of one step of ``length(of:)`` and of one unit of `start`.
    private let wordsEach: UInt64
    private let offset: UInt64
    private let length: @Sendable (DrawSchedule.Draw) -> UInt64
    private let generator: @Sendable (MT19937) -> any MaskGenerator

    /// - Parameter offset: what the generator itself still has to skip, in units.
    init(
        _ words: MT19937, start: Start, wordsEach: UInt64, offset: UInt64 = 0,
        length: @escaping @Sendable (DrawSchedule.Draw) -> UInt64,
        generator: @escaping @Sendable (MT19937) -> any MaskGenerator
    ) {
        self.words = words
        self.start = start
        self.wordsEach = wordsEach
        self.offset = offset
        self.length = length
        self.generator = generator
    }

    func length(of draw: DrawSchedule.Draw) -> UInt64 { length(draw) }

    mutating func enter(stop: StopFlag) throws(DropoutError) {
        try words.skip(start.words, units: start.units, wordsEach: 2, stop: stop)
    }

    mutating func advance(by length: UInt64, stop: StopFlag) throws(DropoutError) {
        let (count, overflow) = length.multipliedReportingOverflow(by: wordsEach)
        try words.advance(by: overflow ? .max : count, stop: stop)
    }

    func source(at place: DrawPlace) -> DrawSource { DrawSource(generator: generator(words), offset: offset) }
}
