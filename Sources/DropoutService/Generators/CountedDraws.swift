import DropoutEngine
import Stopping

/// A stream that goes on from draw to draw and whose place is a number that can be jumped to.
struct CountedDraws: DrawStream {
    private var position: UInt64
    private let length: @Sendable (DrawSchedule.Draw) -> UInt64
    private let source: @Sendable (_ position: UInt64) -> DrawSource

    init(
        from position: UInt64, length: @escaping @Sendable (DrawSchedule.Draw) -> UInt64,
        source: @escaping @Sendable (_ position: UInt64) -> DrawSource
    ) {
        self.position = position
        self.length = length
        self.source = source
    }

    func length(of draw: DrawSchedule.Draw) -> UInt64 { length(draw) }

    mutating func advance(by length: UInt64, stop: StopFlag) throws(DropoutError) {
        position = position.saturatingAdd(length)
    }

    func source(at place: DrawPlace) -> DrawSource { source(position) }
}
