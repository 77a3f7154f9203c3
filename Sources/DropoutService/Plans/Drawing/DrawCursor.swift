package import DropoutEngine
package import Stopping

/// The place of one stream in one request: it goes from draw to draw and from pass to pass.
///
/// What is dear is done once, at the first draw: seeding, skipping, walking, hashing. After that a draw costs its units. The
/// draws come in order: all draws of pass 0, all draws of pass 1, and so on. Each is handed out as a ``PendingDraw``.
///
/// A cursor is a value. A copy goes on from the same place.
package struct DrawCursor: Sendable {
    private let randomness: Randomness
    private let schedule: DrawSchedule
    /// Nil before the first draw.
    private var stream: (any DrawStream)?
    private var pass: UInt64 = 0
    /// The next draw's place among the draws of a pass.
    private var draw = 0
    /// The length of the draws that the stream has still to move past.
    private var passed: UInt64 = 0

    /// Walks nowhere yet.
    package init(_ randomness: Randomness, _ schedule: DrawSchedule) {
        self.randomness = randomness
        self.schedule = schedule
    }

    /// Hands out the next draw and moves past it.
    ///
    /// - Throws: ``DropoutError/stopped``. After an error the place is unspecified.
    package mutating func next(stop: StopFlag) throws(DropoutError) -> PendingDraw {
        guard schedule.draws.indices.contains(draw) else {
            throw .impossible("a draw is asked of a schedule that has \(schedule.draws.count)")
        }
        let next = schedule.draws[draw]
        if stream == nil { stream = try entered(stop) }
        if passed > 0 { try stream?.advance(by: passed, stop: stop) }
        guard let source = try stream?.source(of: next, pass: pass) else {
            throw .impossible("a stream that was entered is missing")
        }
        // The stream moves when the next draw is asked for, so that the last one costs no move.
        passed = randomness.length(of: next)
        draw += 1
        if draw == schedule.draws.count {
            draw = 0
            pass += 1
        }
        return PendingDraw(
            source: try randomness.used(source, next), draw: next,
            reading: next.shard.map { randomness.reading(of: $0) })
    }

    /// The stream at the question's first draw, and in `passed` what lies before the draw that is asked for.
    private mutating func entered(_ stop: StopFlag) throws(DropoutError) -> any DrawStream {
        var stream = try randomness.generator.stream(randomness, schedule)
        try stream.enter(stop: stop)
        passed = schedule.before(draw, pass: pass) { randomness.length(of: $0) }
        return stream
    }

    /// Goes to draw `draw` of pass `pass`.
    ///
    /// Cost: nothing now. A stream that goes on by drawing is entered and moves at the next ``next(stop:)``.
    package mutating func start(atPass pass: UInt64, draw: Int = 0) {
        stream = nil
        (self.pass, self.draw) = (pass, draw)
    }
}
