import DropoutEngine
import Stopping

/// A stream of Mersenne Twister words that goes on from draw to draw. Its generators get a copy of the Twister.
struct TwisterDraws: DrawStream {
    /// What is skipped before the first draw: single words, then units of two words.
    struct Start: Sendable {
        var words: UInt64 = 0
        var units: UInt64 = 0
    }

    private var words: MT19937
    private let start: Start
    /// The words of one step of a draw's length.
    private let wordsEach: UInt64
    private let offset: UInt64
    private let parameters: GeneratorParameters
    private let generator: @Sendable (MT19937, GeneratorParameters) -> any MaskGenerator

    /// - Parameters:
    ///   - offset: what the generator itself still has to skip, in units.
    ///   - generator: a draw's generator, by the parameters of the draw's layer.
    init(
        _ randomness: Randomness, _ words: MT19937, start: Start, wordsEach: UInt64, offset: UInt64 = 0,
        _ generator: @escaping @Sendable (MT19937, GeneratorParameters) -> any MaskGenerator
    ) {
        parameters = randomness.parameters
        self.words = words
        self.start = start
        self.wordsEach = wordsEach
        self.offset = offset
        self.generator = generator
    }

    mutating func enter(stop: StopFlag) throws(DropoutError) {
        try words.skip(words: start.words, units: start.units, wordsEach: 2, stop: stop)
    }

    mutating func advance(by length: UInt64, stop: StopFlag) throws(DropoutError) {
        try words.skip(units: length, wordsEach: wordsEach, stop: stop)
    }

    func source(of draw: DrawSchedule.Draw, pass: UInt64) -> DrawSource {
        DrawSource(generator: generator(words, draw.parameters ?? parameters), offset: offset)
    }
}
