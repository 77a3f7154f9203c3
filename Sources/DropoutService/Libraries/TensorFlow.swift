import DropoutEngine
import Stopping

/// TensorFlow's generators: the stateless operation, eagerly and under XLA, and `tf.nn.dropout` with its global seed.
extension Generator {
    static let tensorFlowGenerators = [
        tfStateless, tfStatelessXLAPhilox, tfStatelessXLAThreefry, tfStatelessXLAAuto, tfDropout,
    ]

    static let tensorFlow = DropoutArithmetic(.exactReciprocal, keepsSignOfDropped: false)

    package static let tfStateless = stateless(
        "", library: "TensorFlow", call: ", rng_alg=\"philox\")",
        price: GeneratorPrice(seeding: 760_000, draw: 300_000, unit: 1300, unitOfType: [.float64: 3200]), masks: 263
    ) { TFStateless(seed: $0, type: $1) }

    package static let tfStatelessXLAPhilox = stateless(
        "-xla-philox", call: ", rng_alg=\"philox\") in tf.function(jit_compile=True)",
        price: GeneratorPrice(seeding: 740_000, draw: 300_000, unit: 1300, unitOfType: [.float64: 3200]), masks: 246
    ) { TFStatelessXLAPhilox(seed: $0, type: $1) }

    package static let tfStatelessXLAThreefry = stateless(
        "-xla-threefry", call: ", rng_alg=\"threefry\") in tf.function(jit_compile=True)", entry: .start,
        price: GeneratorPrice(seeding: 720_000, draw: 250_000, unit: 8000, unitOfType: [.float64: 4400]), masks: 255
    ) { TFStatelessXLAThreefry(seed: $0, type: $1) }

    package static let tfStatelessXLAAuto = stateless(
        "-xla-auto", call: ") in tf.function(jit_compile=True)",
        price: GeneratorPrice(seeding: 750_000, draw: 300_000, unit: 1300, unitOfType: [.float64: 3200]), masks: 222
    ) { TFStatelessXLAPhilox.auto(seed: $0, type: $1) }

    private static func stateless(
        _ suffix: String, library: String = "TensorFlow under XLA", call: String, entry: Entry = .anywhere,
        price: GeneratorPrice, masks: Int,
        _ generator: @escaping @Sendable ((Int64, Int64), DrawType) -> any MaskGenerator
    ) -> Generator {
        Generator(
            "tf-stateless\(suffix)", library: library, versions: "2.21.0 run",
            draws: "tf.nn.experimental.stateless_dropout(x, rate, seed=[s0, s1]\(call)", seed: .pair,
            parameters: [.drawType], drawTypes: tensorFlowTypes, comparison: ofDrawType(.from), entry: entry,
            arithmetic: tensorFlow,
            order: .keyed(place: .seed, pass: .seed), next: "pass k has s0 + k, dropout k of a network s1 + k",
            stream: { randomness, _ in
                KeyedDraws(randomness) { question throws(DropoutError) in
                    generator(try question.seed.pair, question.parameters.drawType)
                }
            },
            price: price, verification: .libraryMasks(masks))
    }

    /// The types of x, in which the uniforms are drawn.
    static let tensorFlowTypes: [DrawType] = [.float32, .float64, .float16, .bfloat16]

    // The seeding is that without an op seed, which needs a Twister.
    package static let tfDropout = Generator(
        "tf-dropout", library: "TensorFlow", versions: "2.21.0 run",
        draws: "tf.random.set_seed(seed); tf.nn.dropout(x, rate, seed=op_seed), the n-th call", seed: .any,
        parameters: [.opSeed, .call, .drawType], drawTypes: tensorFlowTypes, comparison: ofDrawType(.from),
        entry: .anywhere, arithmetic: tensorFlow,
        // A call takes an op seed before it looks at the rate.
        order: .sequential(.call, length: .one(silentAt: [])),
        orderWithOpSeed: .keyed(place: .parameter(.opSeed), pass: .parameter(.call)), uncounted: .rate0,
        next: "each draw is the next call; with op_seed dropout k has op_seed + k and pass k is k calls later",
        stream: { randomness, _ throws(DropoutError) in
            guard randomness.parameters.opSeed != nil else { return try OpSeedDraws(randomness) }
            return KeyedDraws(randomness) { question throws(DropoutError) in
                guard let opSeed = question.parameters.opSeed else { throw .impossible("an op seed is lost") }
                return TFDropout(
                    graphSeed: try question.seed.graphSeed, opSeed: opSeed,
                    call: question.parameters.call, type: question.parameters.drawType)
            }
        },
        price: GeneratorPrice(
            seeding: 6_750_000, called: 20_000, draw: 430_000, unit: 1300, unitOfType: [.float64: 3200],
            stateBytes: GeneratorPrice.twisterBytes),
        verification: .libraryMasks(153))
}

/// TensorFlow's eager stream: each call without an op seed draws one.
private struct OpSeedDraws: DrawStream {
    private var opSeeds: TFOpSeeds
    private let graphSeed: Int64
    private let randomness: Randomness

    init(_ randomness: Randomness) throws(DropoutError) {
        graphSeed = try randomness.seed.graphSeed
        opSeeds = TFOpSeeds(magnitude: try randomness.seed.integer.words)
        self.randomness = randomness
    }

    mutating func enter(stop: StopFlag) throws(DropoutError) {
        try opSeeds.advance(by: UInt64(randomness.parameters.call), stop: stop)
    }

    mutating func advance(by length: UInt64, stop: StopFlag) throws(DropoutError) {
        try opSeeds.advance(by: length, stop: stop)
    }

    func source(of draw: DrawSchedule.Draw, pass: UInt64) -> DrawSource {
        let type = (draw.parameters ?? randomness.parameters).drawType
        return DrawSource(
            generator: TFDropout(graphSeed: graphSeed, opSeeds: opSeeds, type: type), offset: randomness.offset)
    }
}

extension Seed {
    /// The graph seed as TensorFlow's kernels take it, modulo 2^31 - 1.
    fileprivate var graphSeed: Int64 {
        get throws(DropoutError) { Int64(try integer.modulo(0x7FFF_FFFF)) }
    }
}
