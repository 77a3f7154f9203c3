import DropoutEngine
import Stopping
import TextCodecs

/// NumPy's generators: the legacy stream of MT19937 doubles, and the streams of `numpy.random.Generator`.
extension Generator {
    static let numPyGenerators = [numpyLegacy, numpyLegacyBinomial, numpyPCG64, numpyPhilox]

    /// Every comparison with `keep` draws, at the rates 0 and 1 as well.
    private static let doubles = DrawOrder.sequential(.skip, length: .units(silentAt: []))
    static let goesOn = "the stream goes on, dropout after dropout, pass after pass"

    package static let numpyLegacy = Generator(
        "numpy-legacy", library: "NumPy", versions: "all (run: 2.4.6)",
        draws: "np.random.seed(seed); np.random.rand(*shape) < keep", seed: .words, states: .numPyLegacy,
        parameters: [.skip, .keepWhen], comparison: below(.float64), uniforms: .doubles, entry: .anywhere,
        arithmetic: .plain, order: doubles,
        next: goesOn,
        stream: { randomness, _ throws(DropoutError) in try TwisterDraws(doubles: randomness) { NumPyLegacy(words: $0) }
        },
        price: GeneratorPrice(
            seeding: 3_060_000, skipped: 650, offsetUnit: 650, jump: GeneratorPrice.twisterJump, draw: 340_000,
            unit: 2600, passedUnit: 650,
            stateBytes: GeneratorPrice.twisterBytes),
        verification: .libraryMasks(118))

    package static let numpyLegacyBinomial = Generator(
        "numpy-legacy-binomial", library: "NumPy", versions: "all (run: 2.4.6)",
        draws: "np.random.RandomState(seed).binomial(1, keep, shape)", seed: .words, states: .numPyLegacy,
        parameters: [.skip], comparison: nil, entry: .anywhere, arithmetic: .plain, order: doubles, next: goesOn,
        stream: { randomness, schedule throws(DropoutError) in
            try BinomialDraws(
                randomness.seed.twister, skip: randomness.parameters.skip, offset: randomness.offset,
                schedule: schedule)
        },
        price: GeneratorPrice(
            seeding: 3_090_000, skipped: 650, offsetUnit: 8000, jump: GeneratorPrice.twisterJump,
            draw: 380_000, unit: 8600, passedUnit: 650,
            passedUnitAtOffset: 13_000, isFree: (true, true), stateBytes: 2 * GeneratorPrice.twisterBytes),
        verification: .libraryMasks(96))

    package static let numpyPCG64 = Generator(
        "numpy-pcg64", library: "NumPy", versions: "1.17 and later (run: 2.4.6)",
        draws: "np.random.default_rng(seed).random(shape, dtype) < keep", seed: .entropy, states: .numPyPCG64,
        parameters: [.drawType, .skip, .keepWhen], drawTypes: [.float64, .float32],
        comparison: ofDrawType(.below), uniforms: .ofDrawType, entry: .anywhere, arithmetic: .plain,
        order: doubles, next: goesOn,
        stream: { randomness, _ throws(DropoutError) in try CountedDraws(numPy: randomness, .pcg64) },
        price: GeneratorPrice(
            seeding: 730_000, seedWord: 16_000, draw: 340_000, unit: 1200, unitOfType: [.float64: 2000]),
        verification: .libraryMasks(255))

    package static let numpyPhilox = Generator(
        "numpy-philox", library: "NumPy", versions: "1.17 and later (run: 2.4.6)",
        draws: "np.random.Generator(np.random.Philox(seed)).random(shape, dtype) < keep", seed: .entropy,
        states: .numPyPhilox, parameters: [.drawType, .skip, .keepWhen], drawTypes: [.float64, .float32],
        comparison: ofDrawType(.below), uniforms: .ofDrawType, entry: .anywhere, arithmetic: .plain,
        order: doubles, next: goesOn,
        stream: { randomness, _ throws(DropoutError) in try CountedDraws(numPy: randomness, .philox) },
        price: GeneratorPrice(
            seeding: 760_000, seedWord: 16_000, draw: 290_000, unit: 2500, unitOfType: [.float64: 4000]),
        verification: .libraryMasks(243))
}

extension TwisterDraws {
    /// NumPy's legacy stream of doubles: `skip` and `offset` count doubles, and each unit takes one.
    init(
        doubles randomness: Randomness, _ generator: @escaping @Sendable (MT19937) -> any MaskGenerator
    ) throws(DropoutError) {
        self.init(
            randomness, try randomness.seed.twister,
            start: Start(units: randomness.parameters.skip.adding(randomness.offset)), wordsEach: 2
        ) { words, _ in generator(words) }
    }
}

extension CountedDraws {
    /// A stream of `numpy.random.Generator`: `skip` and `offset` count uniforms of one type.
    fileprivate init(numPy randomness: Randomness, _ bits: NumPyGenerator.BitGenerator) throws(DropoutError) {
        let (seed, isFloat32) = (randomness.seed, randomness.parameters.drawType == .float32)
        let generator =
            try seed.state { $0.numPy(isFloat32: isFloat32) }
            ?? NumPyGenerator(bits, entropy: seed.entropy, isFloat32: isFloat32)
        self.init(randomness, from: randomness.parameters.skip.adding(randomness.offset)) { position, _ in
            DrawSource(generator: generator, offset: position)
        }
    }
}

/// The stream of ``NumPyLegacyBinomial``: `skip` and the draws before count doubles, `offset` counts draws.
///
/// A draw takes one double unless one is rejected. So the place of the first unit is kept as well, and moves by as many
/// draws as the doubles that were passed hold.
private struct BinomialDraws: DrawStream {
    private var words: MT19937
    private let skip: UInt64
    private let offset: UInt64
    /// The inversion of all draws, if there is an offset to carry.
    private let inversion: BinomialInversion?
    /// `words` after `offset` draws.
    private var first: MT19937?

    init(_ words: MT19937, skip: UInt64, offset: UInt64, schedule: DrawSchedule) {
        self.words = words
        self.skip = skip
        self.offset = offset
        // Draws with different probabilities reject different doubles, so that each has to walk by itself.
        inversion =
            offset > 0 && schedule.draws.count == 1 ? BinomialInversion(schedule.draws[0].probability) : nil
    }

    mutating func enter(stop: StopFlag) throws(DropoutError) {
        try words.skip(units: skip, wordsEach: 2, stop: stop)
        if let inversion {
            var first = words
            try inversion.advance(&first, by: offset, stop: stop)
            self.first = first
        }
    }

    mutating func advance(by length: UInt64, stop: StopFlag) throws(DropoutError) {
        guard let inversion, var first else {
            return try words.advance(by: length.times(2), stop: stop)
        }
        let draws = try inversion.advance(&words, byDoubles: length, stop: stop)
        self.first = nil
        try inversion.advance(&first, by: draws, stop: stop)
        self.first = first
    }

    func source(of draw: DrawSchedule.Draw, pass: UInt64) -> DrawSource {
        if let first { return DrawSource(generator: NumPyLegacyBinomial(words: first), offset: 0) }
        return DrawSource(generator: NumPyLegacyBinomial(words: words), offset: offset)
    }
}
