import DropoutEngine
import TensorJSON

/// Who draws the masks: one named generator with its seed, its parameters and the offset.
package struct Randomness: Sendable {
    /// Names of the fields, for the list of known ones.
    static let fields = ["generator", "offset"] + layerFields

    /// Those that a layer of a network may have for itself.
    static let layerFields = ["seed"] + GeneratorParameter.allCases.map(\.rawValue)

    package let generator: GeneratorName
    let seed: Seed
    let parameters: GeneratorParameters
    let offset: UInt64
    let limits: ServiceLimits

    init(_ reader: FieldReader, limits: ServiceLimits) {
        generator = reader.choice("generator", GeneratorName.self) ?? .philox
        seed = Seed(reader, generator)
        var parameters = GeneratorParameters(generator)
        parameters.read(reader, generator, limits: limits)
        self.parameters = parameters
        offset = reader.natural("offset", upTo: .max) ?? 0
        self.limits = limits
        check(reader)
    }

    package init(
        _ generator: GeneratorName, _ seed: Seed, _ parameters: GeneratorParameters, offset: UInt64,
        limits: ServiceLimits
    ) {
        (self.generator, self.seed, self.parameters) = (generator, seed, parameters)
        (self.offset, self.limits) = (offset, limits)
    }

    /// The randomness of a layer that has some of the fields for itself; nil where it has none.
    init?(layer reader: FieldReader, of network: Randomness) {
        // The default of a parameter that the generator lacks says nothing.
        let own = Set(network.generator.profile.parameters.map(\.rawValue) + ["seed"])
        guard Self.layerFields.contains(where: { own.contains($0) ? reader.has($0) : reader.isGiven($0) }) else {
            return nil
        }
        generator = network.generator
        let hasSeed = reader.has("seed") || reader.has(GeneratorParameter.keyData.rawValue)
        seed = hasSeed ? Seed(reader, generator) : network.seed
        var parameters = network.parameters
        parameters.read(reader, generator, limits: network.limits)
        self.parameters = parameters
        offset = network.offset
        limits = network.limits
        check(reader)
    }

    private func check(_ reader: FieldReader) {
        if generator == .kerasTorch, parameters.call > 0, case .number(let integer) = seed,
            let bits = integer.wrapping, bits >> 31 == 1
        {
            reader.wrong("seed", "Keras on PyTorch holds the seed of a second call in 32 signed bits")
        }
    }

    var arithmetic: DropoutArithmetic { generator.profile.arithmetic }
}

extension JSONWriter {
    /// `"next"`: the fields that a request must change so that it draws what follows `passes` passes.
    ///
    /// - Throws: ``DropoutError/impossible(_:)`` for a seed that is not the generator's.
    mutating func next(
        _ randomness: Randomness, passes: Int, schedule: DrawSchedule
    ) throws(DropoutError) {
        let parameters = randomness.parameters
        let passes32 = UInt32(truncatingIfNeeded: passes)
        key("next")
        beginObject()
        switch randomness.generator {
        case .philox: field("step", natural: UInt64(parameters.step &+ passes32))
        case .numpyLegacy, .numpyLegacyBinomial, .numpyPCG64, .numpyPhilox, .onnxReference, .torchCPU, .torchCPUMKL,
            .tinygrad:
            field("skip", natural: try randomness.streamPosition(0, pass: passes, schedule))
        case .torchCUDA: field("offset_philox", natural: try randomness.streamPosition(0, pass: passes, schedule))
        case .jax, .jaxOriginal, .jaxRBG, .jaxPhilox4x32, .jaxPhilox2x32, .jaxThreefry4x32:
            field("fold_in", words: parameters.foldIn + [passes32])
        case .tfStateless, .tfStatelessXLAPhilox, .tfStatelessXLAThreefry, .tfStatelessXLAAuto:
            let (first, second) = try randomness.seed.pair
            Seed.list([SeedInteger(signed: first &+ Int64(passes)), SeedInteger(signed: second)]).write(to: &self)
        case .tfDropout where parameters.opSeed != nil:
            field("call", natural: UInt64(parameters.call &+ passes32))
        case .onnxruntime, .mlx, .tfDropout:
            let draws = UInt32(truncatingIfNeeded: passes &* schedule.draws.count)
            field("call", natural: UInt64(parameters.call &+ draws))
        case .flaxLinen, .flaxNNX, .kerasTensorFlow, .kerasJAX, .kerasTorch, .kerasNumPy:
            field("call", natural: UInt64(parameters.call &+ passes32))
        }
        endObject()
    }

    mutating func randomness(_ randomness: Randomness) {
        randomness.seed.write(to: &self)
        randomness.parameters.write(randomness.generator.profile.parameters, to: &self)
        field("offset", natural: randomness.offset)
        field("generator", randomness.generator.rawValue)
        if case .sourceOnly = randomness.generator.profile.verification {
            field("generator_note", randomness.generator.profile.verification.text)
        }
    }
}
