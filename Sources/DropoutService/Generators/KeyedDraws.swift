import DropoutEngine

/// A stream whose draws have keys of their own, derived from the place of each.
struct KeyedDraws: DrawStream {
    private let offset: UInt64
    private let generator: @Sendable (DrawPlace) -> any MaskGenerator

    init(offset: UInt64, generator: @escaping @Sendable (DrawPlace) -> any MaskGenerator) {
        self.offset = offset
        self.generator = generator
    }

    func source(at place: DrawPlace) -> DrawSource { DrawSource(generator: generator(place), offset: offset) }
}
