import DropoutEngine

/// A stream whose draws have keys of their own: each is the first draw of the question moved on to its place.
struct KeyedDraws: DrawStream {
    private let randomness: Randomness
    private let generator: @Sendable (Randomness) throws(DropoutError) -> any MaskGenerator

    /// - Parameter generator: the generator of a question's first draw.
    init(
        _ randomness: Randomness,
        _ generator: @escaping @Sendable (Randomness) throws(DropoutError) -> any MaskGenerator
    ) {
        self.randomness = randomness
        self.generator = generator
    }

    func source(of draw: DrawSchedule.Draw, pass: UInt64) throws(DropoutError) -> DrawSource {
        DrawSource(generator: try generator(try randomness.at(draw, pass: pass)), offset: randomness.offset)
    }
}

extension Randomness {
    /// The question whose first draw is this draw of pass `pass`.
    ///
    /// - Throws: ``DropoutError/impossible(_:)`` if a field leaves its range, which a plan has refused.
    func at(_ draw: DrawSchedule.Draw, pass: UInt64) throws(DropoutError) -> Randomness {
        let moved = moved(by: countsNothing(draw) ? 0 : pass, length: 0).flatMap { moved in
            draw.number.map { moved.placed(at: $0) } ?? moved
        }
        guard let moved else { throw .impossible("a draw is asked of \(generator.name) beyond the end of its fields") }
        return moved
    }
}
