import DropoutEngine
import Stopping
import TextCodecs

/// Paddle's generator.
extension Generator {
    static let paddleGenerators = [paddle]

    package static let paddle = Generator(
        "paddle", library: "Paddle, CPU", versions: "3.3.1 run",
        draws: "paddle.seed(seed); paddle.nn.functional.dropout(x, rate)", seed: .natural(bits: 64),
        parameters: [.skip], comparison: from(.float32), entry: .anywhere,
        arithmetic: DropoutArithmetic(.divideByComplement, keepsSignOfDropped: false),
        order: .sequential(
            .skip,
            length: DrawLength(silentAt: { _ in [.rate0, .rate1] }) { draw, _ in
                // The rate is held in float32.
                Float(draw.probability.rate) >= 1 ? 0 : UInt64(clamping: draw.units)
            }),
        next: goesOn,
        stream: { randomness, _ throws(DropoutError) in try PaddleDraws(randomness) },
        price: GeneratorPrice(
            seeding: 15_000_000, skipped: 650, offsetUnit: 650, jump: GeneratorPrice.wideTwisterJump, draw: 340_000,
            unit: 2500, passedUnit: 650,
            isFree: (false, true), stateBytes: GeneratorPrice.twisterBytes),
        verification: .libraryMasks(320))
}

/// Paddle's stream: one word of a 64-bit Mersenne Twister for each unit.
private struct PaddleDraws: DrawStream {
    private var words: MT19937_64
    private let before: UInt64

    init(_ randomness: Randomness) throws(DropoutError) {
        words = MT19937_64(StandardSeedSequence([UInt32(truncatingIfNeeded: try randomness.seed.bits)]))
        before = randomness.parameters.skip.adding(randomness.offset)
    }

    mutating func enter(stop: StopFlag) throws(DropoutError) { try advance(by: before, stop: stop) }

    mutating func advance(by length: UInt64, stop: StopFlag) throws(DropoutError) {
        try words.advance(by: length, stop: stop)
    }

    func source(of draw: DrawSchedule.Draw, pass: UInt64) -> DrawSource {
        DrawSource(generator: Paddle(words: words), offset: 0)
    }
}
