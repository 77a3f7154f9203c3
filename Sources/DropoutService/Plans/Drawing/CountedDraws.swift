import DropoutEngine
import Stopping
import TextCodecs

/// A stream that goes on from draw to draw and whose place is a number that can be jumped to.
struct CountedDraws: DrawStream {
    private var position: UInt64
    private let parameters: GeneratorParameters
    private let source: @Sendable (_ position: UInt64, GeneratorParameters) throws(DropoutError) -> DrawSource

    /// - Parameter source: a draw's generator at a position, by the parameters of the draw's layer.
    init(
        _ randomness: Randomness, from position: UInt64,
        _ source: @escaping @Sendable (_ position: UInt64, GeneratorParameters) throws(DropoutError) -> DrawSource
    ) {
        (self.position, parameters) = (position, randomness.parameters)
        self.source = source
    }

    mutating func advance(by length: UInt64, stop: StopFlag) throws(DropoutError) {
        position = position.adding(length)
    }

    func source(of draw: DrawSchedule.Draw, pass: UInt64) throws(DropoutError) -> DrawSource {
        try source(position, draw.parameters ?? parameters)
    }
}
