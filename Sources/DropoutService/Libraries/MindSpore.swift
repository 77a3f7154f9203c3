import DropoutEngine

/// MindSpore's generator.
extension Generator {
    static let mindSporeGenerators = [mindSpore]

    package static let mindSpore = Generator(
        "mindspore", library: "MindSpore, CPU", versions: "2.10.0 run",
        draws: "mindspore.set_seed(seed); mindspore.ops.dropout(x, p=rate), the n-th call", seed: .mindSpore,
        parameters: [.call, .skip], comparison: below(.float32), entry: .anywhere,
        arithmetic: DropoutArithmetic(.reciprocalOfKeep, keepsSignOfDropped: true, isFactorFloat32: true),
        // A call takes its seed before it looks at the rate.
        order: .sequential(.call, length: .one(silentAt: [])),
        next: "each draw is the next call; a nn.Dropout built as the n-th goes on by skip from call to call",
        stream: { randomness, _ throws(DropoutError) in
            let (seed, offset) = (UInt32(truncatingIfNeeded: try randomness.seed.bits), randomness.offset)
            return CountedDraws(randomness, from: UInt64(randomness.parameters.call)) {
                call, parameters throws(DropoutError) in
                guard let generator = MindSpore(seed: seed, draw: call, skip: parameters.skip) else {
                    throw .impossible("a seed was taken for which MindSpore draws one")
                }
                return DrawSource(generator: generator, offset: offset)
            }
        },
        price: GeneratorPrice(seeding: 620_000, draw: 320_000, unit: 5000),
        verification: .libraryMasks(338))
}
