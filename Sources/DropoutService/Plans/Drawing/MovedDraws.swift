import DropoutEngine
import TensorJSON

/// What a question's streams are after some passes.
struct MovedDraws {
    let randomness: Randomness
    /// One entry for each layer, nil for a layer without randomness of its own.
    let layers: [MovedRandomness?]
    let isSeedUsed: Bool

    /// Writes the members of `next`: the fields that the next request has to have in place of this one's.
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        randomness.writePass(isSeedUsed: isSeedUsed, to: &writer)
        if layers.contains(where: { $0?.own.namesPass ?? false }) {
            writer.key("layers")
            writer.beginArray()
            for layer in layers {
                guard let layer, layer.own.namesPass else {
                    writer.null()
                    continue
                }
                writer.beginObject()
                layer.randomness.writePass(isSeedUsed: true, to: &writer)
                writer.endObject()
            }
            writer.endArray()
        }
        writer.endObject()
    }
}

extension JSONWriter {
    /// `"next"`: what a request has to change so that it draws what follows. It is null at the end of a field's range.
    mutating func next(_ moved: MovedDraws?) {
        key("next")
        if let moved { moved.write(to: &self) } else { null() }
    }
}
