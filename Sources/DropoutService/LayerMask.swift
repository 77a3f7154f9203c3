import DropoutEngine

/// One dropout to be carried out: what is dropped, and who decides. Checked against the shape it is applied to.
struct LayerMask {
    let drop: DropFields
    let noise: NoiseShape
    let given: GivenRandomness?
    /// The layer's place in its network.
    let layer: Int
    /// Randomness of the layer's own, nil where it is the network's.
    let own: Randomness?
    private let reader: FieldReader
    /// The place of the layer's draw among the draws of its network.
    private var draw = 0
    private(set) var schedule: DrawSchedule

    /// Nil, with an entry, where the noise shape does not fit.
    init?(
        _ drop: DropFields, given: GivenRandomness?, shape: Shape, layout: Layout, layer: Int = 0,
        own: Randomness? = nil, reader: FieldReader
    ) {
        guard let noise = drop.noise(for: shape, layout: layout) else { return nil }
        self.drop = drop
        self.noise = noise
        self.given = given
        self.layer = layer
        self.own = own
        self.reader = reader
        let draw = DrawSchedule.Draw(units: noise.drawn.count, probability: drop.probability)
        schedule = DrawSchedule(draws: [draw], isNetwork: false)
    }

    /// The masks of a network, each knowing what the others draw: those without randomness of their own share a stream.
    static func scheduled(_ masks: [LayerMask?]) -> [LayerMask?] {
        let draws = masks.compactMap { $0 }.filter { $0.own == nil && $0.given == nil }.flatMap(\.schedule.draws)
        var next = 0
        return masks.map { mask in
            guard var mask, mask.own == nil, mask.given == nil else { return mask }
            mask.schedule = DrawSchedule(draws: draws, isNetwork: true)
            mask.draw = next
            next += 1
            return mask
        }
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
                return try (own ?? randomness).mask(
                    noise, drop.probability, layer: layer, pass: pass, draw: draw, schedule: schedule)
            }
        } catch {
            throw Problem(unanswerable: [.init(pointer: reader.pointer(to: field), detail: error.explanation)])
        }
    }
}
