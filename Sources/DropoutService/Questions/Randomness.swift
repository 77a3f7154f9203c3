import DropoutEngine
import TensorJSON

/// Who draws the masks: one named generator with its seed, its parameters and the offset.
package struct Randomness: Sendable {
    /// Names of the fields, for the list of known ones.
    static let fields = ["generator", "offset"] + layerFields

    /// The fields that a layer of a network may have for itself.
    static let layerFields = ["seed", GeneratorState.field] + GeneratorParameter.allCases.map(\.rawValue)

    package let generator: Generator
    package internal(set) var seed: Seed
    package internal(set) var parameters: GeneratorParameters
    let offset: UInt64
    /// Whether the request has a seed, a key or a state. A seed that was made up is echoed only if it decides something.
    let isSeedGiven: Bool

    /// - Throws: only for a limit of the text.
    init(_ question: Question) throws(Problem) {
        generator = question.generator("generator") ?? .philox
        parameters = GeneratorParameters(generator)
        if let type = question.halfType.flatMap({ DrawType($0) }), generator.drawTypes.contains(type) {
            parameters.drawType = type
        }
        parameters.read(question, generator)
        seed = try Seed(question, generator, parameters)
        isSeedGiven = Seed.isGiven(question)
        offset = question.natural("offset", upTo: .max) ?? 0
    }

    /// The randomness of a network, whose draws have no offset.
    ///
    /// - Throws: only for a limit of the text.
    init(network question: Question) throws(Problem) {
        try self.init(question)
        if offset != 0 { question.wrong("offset", "with `layers` the offset must be 0, \(offset) found") }
    }

    package init(
        _ generator: Generator, _ seed: Seed, _ parameters: GeneratorParameters, offset: UInt64 = 0
    ) {
        (self.generator, self.seed, self.parameters) = (generator, seed, parameters)
        (self.offset, isSeedGiven) = (offset, true)
    }

    /// A layer's randomness: the network's, with each field that the layer has itself in place of the network's.
    init(layer question: Question, of network: Randomness) throws(Problem) {
        generator = network.generator
        parameters = network.parameters
        parameters.read(question, generator)
        let hasSeed = Seed.isGiven(question)
        seed = hasSeed ? try Seed(question, generator, parameters) : network.seed
        isSeedGiven = hasSeed || network.isSeedGiven
        offset = network.offset
    }

    /// How a tensor of `count` elements is scaled.
    ///
    /// Eager JAX divides a single element, but XLA's compiled code multiplies by the reciprocal of keep.
    func arithmetic(of count: Int, _ probability: KeepProbability) -> DropoutArithmetic {
        let usual = generator.arithmetic
        if generator.clearsSignAtRate1, probability.keep <= 0 {
            return DropoutArithmetic(
                usual.scaling, keepsSignOfDropped: false, halfFactor: usual.halfFactor)
        }
        guard parameters.execution == .eager, count == 1 else { return usual }
        return DropoutArithmetic(.divideByKeep, keepsSignOfDropped: usual.keepsSignOfDropped)
    }

    /// Whether the rate alone decides what is kept, 0 or 1, whatever is drawn.
    func decides(_ draw: DrawSchedule.Draw) -> Bool {
        guard draw.kind == .units else { return false }
        // `u > 0` drops a uniform of 0.
        return draw.probability.keep <= 0 || draw.probability.rate <= 0 && parameters.keepWhen != .above
    }

    /// A draw's generator as the program uses it: with its comparison and in its order of units.
    func used(_ source: DrawSource, _ draw: DrawSchedule.Draw) throws(DropoutError) -> DrawSource {
        let parameters = draw.parameters ?? parameters
        let alpha = draw.variant == .alpha ? generator.alphaUniforms : nil
        guard parameters.keepWhen != .below || parameters.order != .rowMajor || alpha != nil else { return source }
        var used = source.generator
        let rule = alpha == nil ? parameters.keepWhen : .from
        if rule != .below, let uniforms = alpha ?? generator.uniforms {
            let (bits, type) = uniforms.comparison(parameters)
            used = ComparedGenerator(used, rule, bits: bits, type: type)
        }
        guard let order = parameters.order.axes(rank: draw.rank) else {
            throw .impossible("an order of units of another rank was planned")
        }
        if let order { used = ReorderedGenerator(used, order) }
        return DrawSource(generator: used, offset: source.offset)
    }

    /// Refuses an order of units that a drawn shape does not have.
    func checkOrder(_ noise: NoiseShape, _ question: Question) {
        guard parameters.order.axes(rank: noise.drawn.rank) == nil else { return }
        // A layer without an order of its own has the question's.
        let field = GeneratorParameter.order.rawValue
        question.note(
            question.has(field) ? question.pointer(to: field) : "/\(field)",
            "an order of the \(noise.drawn.rank) axes of the drawn shape \(noise.drawn.dimensions) expected")
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
    /// - Parameter isDrawn: whether the seed decides anything. One that decides nothing is echoed only if it was sent.
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
