import DropoutEngine
import TensorJSON

/// What a layer of a network has of its own randomness.
struct LayerRandomness: Sendable {
    let randomness: Randomness
    /// The parameters that the layer has itself.
    let parameters: [GeneratorParameter]
    /// Whether it has a seed, a key or a state.
    let hasSeed: Bool
    /// Whether it has a stream of its own, which neither counts nor moves the network's.
    let hasStream: Bool
    /// Whether it names its own place, so that it is not counted among the dropouts of the network.
    let hasPlace: Bool

    /// Whether `next` has to name the layer's field that moves from pass to pass. A layer without a seed of its own has
    /// the network's, which moves already.
    var namesPass: Bool { hasStream && (randomness.order.passName != "seed" || hasSeed) }

    /// Nil for a layer with none of the fields.
    init?(_ question: Question, of network: Randomness) throws(Problem) {
        // The default of a parameter that the generator lacks says nothing.
        let own = Set(network.generator.parameters.map(\.rawValue) + ["seed", GeneratorState.field])
        guard Randomness.layerFields.contains(where: { own.contains($0) ? question.has($0) : question.isGiven($0) })
        else {
            return nil
        }
        randomness = try Randomness(layer: question, of: network)
        parameters = randomness.generator.parameters.filter { question.has($0.rawValue) }
        hasSeed = Seed.isGiven(question)
        switch randomness.order {
        case .keyed(let place, _):
            hasStream = true
            hasPlace =
                switch place {
                case .layerIndex: false
                case .parameter(let parameter): question.has(parameter.rawValue)
                case .seed: hasSeed
                }
        case .sequential(let position, _):
            hasPlace = false
            // Uniforms of another type have words of their own, so that no position of the network's stream can name them.
            let isTyped =
                randomness.generator.uniforms == .ofDrawType && question.has(GeneratorParameter.drawType.rawValue)
            hasStream = hasSeed || question.has(position.rawValue) || isTyped
        }
    }
}
