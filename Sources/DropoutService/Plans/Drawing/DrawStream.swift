import DropoutEngine
import Stopping

/// The stream of one generator under one seed, between two draws of a question.
///
/// It is entered once. Then it goes on from draw to draw, so that no place is walked to twice.
protocol DrawStream: Sendable {
    /// Goes to the first draw: skips, walks and hashes what the question names.
    mutating func enter(stop: StopFlag) throws(DropoutError)

    /// Moves past draws that have this length together, in the unit of the field that counts what was drawn.
    mutating func advance(by length: UInt64, stop: StopFlag) throws(DropoutError)

    /// The generator of a draw, and the offset of its first unit there.
    ///
    /// - Parameter pass: the passes before this draw's.
    func source(of draw: DrawSchedule.Draw, pass: UInt64) throws(DropoutError) -> DrawSource
}

/// A generator and the offset of a draw's first unit in it.
struct DrawSource: Sendable {
    let generator: any MaskGenerator
    let offset: UInt64
}

extension DrawStream {
    mutating func enter(stop: StopFlag) throws(DropoutError) {}
    mutating func advance(by length: UInt64, stop: StopFlag) throws(DropoutError) {}
}
