import DropoutEngine

/// ONNX's generators: its reference implementation in NumPy, and ONNX Runtime's kernel.
extension Generator {
    static let onnxReferenceGenerators = [onnxReference]
    static let onnxRuntimeGenerators = [onnxruntime]

    package static let onnxReference = Generator(
        "onnx-reference", library: "ONNX reference implementation", versions: "1.23.2 run",
        draws: "np.random.RandomState(seed).uniform(0, 1, shape) >= ratio, as in ONNX's backend tests",
        seed: .words, states: .numPyLegacy, parameters: [.skip], comparison: from(.float32), entry: .anywhere,
        arithmetic: DropoutArithmetic(.reciprocalOfComplement, keepsSignOfDropped: true),
        order: .sequential(.skip, length: .units(silentAt: [])), next: goesOn,
        stream: { randomness, _ throws(DropoutError) in
            try TwisterDraws(doubles: randomness) { ONNXReference(words: $0) }
        },
        price: GeneratorPrice(
            seeding: 3_050_000, skipped: 650, offsetUnit: 650, jump: GeneratorPrice.twisterJump, draw: 340_000,
            unit: 3100, passedUnit: 650,
            stateBytes: GeneratorPrice.twisterBytes),
        verification: .libraryMasks(30))

    /// At ratio 0 the kernel copies its input.
    package static let onnxruntime = Generator(
        "onnxruntime", library: "ONNX Runtime", versions: "1.32.0 run, CPU provider on Linux",
        draws: "Dropout with training_mode true and a seed attribute, the n-th run of a session", seed: .signed,
        parameters: [.call], comparison: from(.float32), entry: .anywhere,
        arithmetic: DropoutArithmetic(.divideByComplement, keepsSignOfDropped: true),
        order: .sequential(.call, length: .one(silentAt: .rate0)), next: "each draw is the next call",
        stream: { randomness, _ throws(DropoutError) in
            let (seed, offset) = (try randomness.seed.bits, randomness.offset)
            return CountedDraws(randomness, from: UInt64(randomness.parameters.call)) { call, _ in
                DrawSource(
                    generator: ONNXRuntime(seed: seed, call: UInt32(truncatingIfNeeded: call)), offset: offset)
            }
        },
        price: GeneratorPrice(seeding: 510_000, draw: 220_000, unit: 5000),
        verification: .libraryMasks(120))
}
