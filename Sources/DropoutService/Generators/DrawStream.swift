import DropoutEngine
import Stopping

/// The stream of one generator under one seed, between two draws of a request.
///
/// It is entered once. Then it goes on from draw to draw, so that no place is walked to twice.
protocol DrawStream: Sendable {
    /// How far a draw moves the stream, in the unit of the stream's own place: 0 if each draw has a key of its own.
    func length(of draw: DrawSchedule.Draw) -> UInt64

    /// Goes to the first draw: skips, walks and hashes what the request names.
    mutating func enter(stop: StopFlag) throws(DropoutError)

    /// Moves past draws that have this length together.
    mutating func advance(by length: UInt64, stop: StopFlag) throws(DropoutError)

    /// The generator of the draw at `place`, and the offset of its first unit there.
    func source(at place: DrawPlace) -> DrawSource
}

/// A generator and the offset of a draw's first unit in it.
struct DrawSource: Sendable {
    let generator: any MaskGenerator
    let offset: UInt64
}

extension DrawStream {
    func length(of draw: DrawSchedule.Draw) -> UInt64 { 0 }
    mutating func enter(stop: StopFlag) throws(DropoutError) {}
    mutating func advance(by length: UInt64, stop: StopFlag) throws(DropoutError) {}
}
