import DropoutEngine
import Stopping

/// The stream of ``NumPyLegacyBinomial``: `skip` and the draws before count doubles, `offset` counts draws.
///
/// A draw takes one double unless one is rejected. So the place of the first unit is kept as well, and moves by as many
/// draws as the doubles that were passed hold.
struct BinomialDraws: DrawStream {
    private var words: MT19937
    private let skip: UInt64
    private let offset: UInt64
    /// The inversion of all draws, if there is an offset to carry.
    private let inversion: BinomialInversion?
    /// `words` after `offset` draws.
    private var first: MT19937?

    init(seed: UInt32, skip: UInt64, offset: UInt64, schedule: DrawSchedule) {
        words = MT19937(seed: seed)
        self.skip = skip
        self.offset = offset
        // Draws with different probabilities reject different doubles, so that each has to walk by itself.
        inversion =
            offset > 0 && schedule.draws.count == 1 ? BinomialInversion(schedule.draws[0].probability) : nil
    }

    func length(of draw: DrawSchedule.Draw) -> UInt64 { UInt64(draw.units) }

    mutating func enter(stop: StopFlag) throws(DropoutError) {
        try words.skip(0, units: skip, wordsEach: 2, stop: stop)
        if let inversion {
            var first = words
            try inversion.advance(&first, by: offset, stop: stop)
            self.first = first
        }
    }

    mutating func advance(by length: UInt64, stop: StopFlag) throws(DropoutError) {
        guard let inversion, var first else {
            let (count, overflow) = length.multipliedReportingOverflow(by: 2)
            return try words.advance(by: overflow ? .max : count, stop: stop)
        }
        let draws = try inversion.advance(&words, byDoubles: length, stop: stop)
        self.first = nil
        try inversion.advance(&first, by: draws, stop: stop)
        self.first = first
    }

    func source(at place: DrawPlace) -> DrawSource {
        if let first { return DrawSource(generator: NumPyLegacyBinomial(words: first), offset: 0) }
        return DrawSource(generator: NumPyLegacyBinomial(words: words), offset: offset)
    }
}
