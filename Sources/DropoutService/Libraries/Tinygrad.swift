import DropoutEngine

/// tinygrad's generator.
extension Generator {
    static let tinygradGenerators = [tinygrad]

    package static let tinygrad = Generator(
        "tinygrad", library: "tinygrad, CPU", versions: "0.14.0 run",
        draws: "Tensor.manual_seed(seed); x.dropout(rate), the n-th draw of this size", seed: .any,
        parameters: [.call, .skip], comparison: from(.float32), entry: .start, arithmetic: tensorFlow,
        order: .sequential(.skip, length: .units(silentAt: [.rate0, .rate1])), next: goesOn,
        stream: { randomness, _ throws(DropoutError) in
            let (seed, offset) = (UInt64(try randomness.seed.integer.lowWord), randomness.offset)
            return CountedDraws(randomness, from: randomness.parameters.skip) { position, parameters in
                DrawSource(
                    generator: TinygradDropout(seed: seed, call: parameters.call, wordsBefore: position),
                    offset: offset)
            }
        },
        price: GeneratorPrice(seeding: 540_000, draw: 240_000, unit: 2600),
        verification: .libraryMasks(157))
}
