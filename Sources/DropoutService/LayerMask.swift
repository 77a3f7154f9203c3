import DropoutEngine

/// One dropout to be carried out: what is dropped, and who decides. Checked against the shape it is applied to.
struct LayerMask {
    let drop: DropFields
    let noise: NoiseShape
    let given: GivenRandomness?
    let layer: Int
    private let reader: FieldReader

    /// Nil, with an entry, where the noise shape does not fit.
    init?(
        _ drop: DropFields, given: GivenRandomness?, shape: Shape, layout: Layout, layer: Int, reader: FieldReader
    ) {
        guard let noise = drop.noise(for: shape, layout: layout) else { return nil }
        self.drop = drop
        self.noise = noise
        self.given = given
        self.layer = layer
        self.reader = reader
    }

    /// The mask of pass `pass`: the given one in every pass, else drawn.
    func mask(_ randomness: Randomness, pass: Int = 0) throws(Problem) -> Mask {
        let field: String
        do {
            switch given {
            case .mask(let bits, let shape):
                field = "mask"
                return try Mask(given: bits, shape: shape, noise: noise)
            case .uniforms(let uniforms, let shape):
                field = "uniforms"
                return try Mask(uniforms: uniforms, shape: shape, noise: noise, probability: drop.probability)
            case nil:
                field = "offset"
                return try Mask(
                    drawing: randomness.generator(layer: layer, pass: pass), noise: noise,
                    probability: drop.probability, offset: randomness.offset)
            }
        } catch {
            throw Problem(unanswerable: [.init(pointer: reader.pointer(to: field), detail: error.explanation)])
        }
    }
}
