import DropoutEngine
import TensorJSON

/// Who draws the masks: one named generator with its seed, its parameters and the offset.
package struct Randomness: Sendable {
    /// Names of the fields, for the list of known ones.
    static let fields = ["generator", "offset"] + layerFields

    /// Those that a layer of a network may have for itself.
    static let layerFields = ["seed"] + GeneratorParameter.allCases.map(\.rawValue)

    package let generator: Generator
    package internal(set) var seed: Seed
    package internal(set) var parameters: GeneratorParameters
    let offset: UInt64
    /// Whether the request has a seed. One that was made up is echoed only if it decides something.
    let isSeedGiven: Bool

    init(_ reader: FieldReader) {
        generator = reader.generator("generator") ?? .philox
        seed = Seed(reader, generator)
        isSeedGiven = Seed.isGiven(reader)
        parameters = GeneratorParameters(generator)
        parameters.read(reader, generator)
        offset = reader.natural("offset", upTo: .max) ?? 0
    }

    package init(
        _ generator: Generator, _ seed: Seed, _ parameters: GeneratorParameters, offset: UInt64 = 0
    ) {
        (self.generator, self.seed, self.parameters) = (generator, seed, parameters)
        (self.offset, isSeedGiven) = (offset, true)
    }

    /// A layer's randomness: the network's, with each field that the layer has itself in place of the network's.
    init(layer reader: FieldReader, of network: Randomness) {
        generator = network.generator
        let hasSeed = Seed.isGiven(reader)
        seed = hasSeed ? Seed(reader, generator) : network.seed
        isSeedGiven = hasSeed || network.isSeedGiven
        parameters = network.parameters
        parameters.read(reader, generator)
        offset = network.offset
    }

    var arithmetic: DropoutArithmetic { generator.arithmetic }
}

/// What a layer of a network has of its own randomness.
struct LayerRandomness: Sendable {
    let randomness: Randomness
    let hasSeed: Bool
    /// Whether it has a stream of its own, which neither counts nor moves the network's.
    let hasStream: Bool
    /// Whether it names its own place, so that it is not counted among the dropouts of the network.
    let hasPlace: Bool

    /// Whether what follows has to name the layer's field that moves from pass to pass. A layer without a seed of its own has
    /// the network's, which moves already.
    var namesPass: Bool { hasStream && (randomness.order.passName != "seed" || hasSeed) }

    /// Nil for a layer with none of the fields.
    init?(_ reader: FieldReader, of network: Randomness) {
        // The default of a parameter that the generator lacks says nothing.
        let own = Set(network.generator.parameters.map(\.rawValue) + ["seed"])
        guard Randomness.layerFields.contains(where: { own.contains($0) ? reader.has($0) : reader.isGiven($0) }) else {
            return nil
        }
        randomness = Randomness(layer: reader, of: network)
        hasSeed = Seed.isGiven(reader)
        switch randomness.order {
        case .keyed(let place, _):
            hasStream = true
            hasPlace =
                switch place {
                case .layerIndex: false
                case .parameter(let parameter): reader.has(parameter.rawValue)
                case .seed: hasSeed
                }
        case .sequential(let position, _):
            hasPlace = false
            // A type of its own has words of its own in NumPy, so that no position of the network's stream can name it.
            let isTyped = position == .skip && reader.has(GeneratorParameter.drawType.rawValue)
            hasStream = hasSeed || reader.has(position.rawValue) || isTyped
        }
    }
}

extension Randomness {
    /// Writes the field that moves from pass to pass.
    ///
    /// - Parameter isSeedUsed: a seed that was made up and decides nothing is not written.
    func writePass(isSeedUsed: Bool, to writer: inout JSONWriter) {
        switch order {
        case .keyed(_, .seed): if isSeedUsed || isSeedGiven { seed.write(to: &writer) }
        case .keyed(_, .parameter(let parameter)), .sequential(let parameter, _):
            parameters.write([parameter], to: &writer)
        }
    }
}

extension JSONWriter {
    /// The fields of a question's randomness.
    ///
    /// - Parameter isDrawn: whether the seed decides anything; one that does not is not echoed unless it was sent.
    mutating func randomness(_ randomness: Randomness, isDrawn: Bool = true) {
        if isDrawn || randomness.isSeedGiven { randomness.seed.write(to: &self) }
        randomness.parameters.write(randomness.generator.parameters, to: &self)
        field("offset", natural: randomness.offset)
        field("generator", randomness.generator.name)
        if case .sourceOnly = randomness.generator.verification {
            field("generator_note", randomness.generator.verification.text)
        }
    }
}
