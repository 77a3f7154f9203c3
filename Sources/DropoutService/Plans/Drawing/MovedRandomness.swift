import DropoutEngine
import TensorJSON

/// A layer's own randomness after some passes.
struct MovedRandomness {
    /// What the layer had before the passes.
    let own: LayerRandomness
    let randomness: Randomness

    /// Writes the fields that the layer had, and of a stream of its own the one that moves.
    func write(to writer: inout JSONWriter) {
        let moving = own.namesPass ? randomness.order.passName : nil
        if own.hasSeed { randomness.seed.write(to: &writer) }
        randomness.parameters.write(
            randomness.generator.parameters.filter { own.parameters.contains($0) || $0.rawValue == moving },
            to: &writer)
    }
}
