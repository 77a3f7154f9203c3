import DropoutEngine
import Stopping

/// Flax's generators, one for each of its two module systems.
extension Generator {
    static let flaxGenerators = [flaxLinen, flaxNNX]

    package static let flaxLinen = Generator(
        "flax-linen", library: "Flax Linen", versions: "0.12.8 run",
        draws: "nn.Dropout(rate) in module.apply(..., rngs={\"dropout\": jax.random.key(seed)})", seed: .signed,
        keyWords: JAXKeyType.threefry2x32.words, keyTypes: JAXKeyType.allCases,
        parameters: [.keyData, .foldIn, .path, .call, .x64, .partitionable, .keyType, .execution],
        comparison: belowOfRateType, entry: .anywhere,
        arithmetic: xla, order: .keyed(place: .parameter(.path), pass: .parameter(.call)),
        uncounted: [.rate0, .rate1],
        next: "dropout k of a network has \"Dropout_k\" after the path; pass k is k calls later",
        stream: { randomness, _ throws(DropoutError) in try ModulePathDraws(randomness) },
        price: GeneratorPrice(
            seeding: 1_320_000, pathByte: 6500, fold: 20_000, draw: 870_000, unit: 4000, unitOfType: jaxTypes),
        verification: .libraryMasks(673))

    package static let flaxNNX = Generator(
        "flax-nnx", library: "Flax NNX", versions: "0.12.8 run",
        draws: "nnx.Dropout(rate, rngs=nnx.Rngs(dropout=seed))", seed: .signed,
        keyWords: JAXKeyType.threefry2x32.words, keyTypes: JAXKeyType.allCases,
        parameters: [.keyData, .drawsBeforeFork, .call, .x64, .partitionable, .keyType, .execution],
        comparison: belowOfRateType, entry: .anywhere,
        arithmetic: xla, order: .keyed(place: .parameter(.drawsBeforeFork), pass: .parameter(.call)),
        uncounted: [.rate0, .rate1],
        next: "dropout k of a network forked k keys later; pass k is k calls later",
        stream: { randomness, _ throws(DropoutError) in
            // The constructor forks the stream's key once. Each call folds in its count.
            let key = try randomness.jaxKey
            return KeyedDraws(randomness) { question in
                let parameters = question.parameters
                return key.foldingIn(parameters.drawsBeforeFork).foldingIn(parameters.call)
                    .generator(parameters.rateType)
            }
        },
        price: GeneratorPrice(seeding: 570_000, draw: 260_000, unit: 4000, unitOfType: jaxTypes),
        verification: .libraryMasks(526))

    /// The dearest implementation of a key takes 5.7 ns a unit, so that a price holds for all.
    static let jaxTypes: [DrawType: Int] = [.float32: 5700, .float64: 5700]
}

/// Flax Linen's stream: the hash of the layer's path is begun once and ended for each call.
private struct ModulePathDraws: DrawStream {
    private let randomness: Randomness
    private let key: AnyJAXKey
    private var hash = SHA1()

    init(_ randomness: Randomness) throws(DropoutError) {
        self.randomness = randomness
        key = try randomness.jaxKey.foldingIn(randomness.parameters.foldIn)
    }

    mutating func enter(stop: StopFlag) throws(DropoutError) {
        for name in randomness.parameters.path ?? [] {
            var rest = name.utf8[...]
            while !rest.isEmpty {
                try stop.ask()
                // 0.4 ms at 6 ns a byte.
                hash.absorb(rest.prefix(1 << 16))
                rest = rest.dropFirst(1 << 16)
            }
        }
    }

    func source(of draw: DrawSchedule.Draw, pass: UInt64) throws(DropoutError) -> DrawSource {
        let parameters = try randomness.at(draw, pass: pass).parameters
        var hash = hash
        for name in (parameters.path ?? []).dropFirst(randomness.parameters.path?.count ?? 0) {
            hash.absorb(name.utf8)
        }
        let key = key.foldingIn(Flax.linenData(path: hash, call: parameters.call))
        return DrawSource(generator: key.generator(parameters.rateType), offset: randomness.offset)
    }
}
