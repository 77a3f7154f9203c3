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
    private let bound: EntryBound?
    /// Nil before the first draw.
    private var stream: (any DrawStream)?
    private var place = DrawPlace()
    /// The length of the draws that the stream has still to move past.
    private var passed: UInt64 = 0

    /// Walks nowhere yet.
    package init(_ randomness: Randomness, _ schedule: DrawSchedule) {
        self.randomness = randomness
        self.schedule = schedule
        bound = randomness.generator.profile.entry == .byDrawing ? EntryBound(randomness) : nil
    }

    /// What may be drawn before the first unit of a stream that is entered by drawing.
    private struct EntryBound {
        let before: UInt64
        let maximum: UInt64

        init(_ randomness: Randomness) {
            before = randomness.offset.saturatingAdd(randomness.parameters.skip)
            maximum = UInt64(randomness.limits.maximumElements)
        }

        func check(_ units: Int) throws(DropoutError) {
            guard before.saturatingAdd(UInt64(units)) <= maximum else { throw .skipTooLarge(maximum: maximum) }
        }
    }

    /// Hands out the next draw and moves past it.
    ///
    /// - Throws: ``DropoutError/skipTooLarge(maximum:)``, ``DropoutError/stopped``. After an error the place is unspecified.
    package mutating func next(stop: StopFlag) throws(DropoutError) -> PendingDraw {
        guard schedule.draws.indices.contains(place.draw) else {
            throw .impossible("a draw is asked of a schedule that has \(schedule.draws.count)")
        }
        let draw = schedule.draws[place.draw]
        try bound?.check(draw.units)
        if stream == nil { stream = try entered(stop) }
        if passed > 0 { try stream?.advance(by: passed, stop: stop) }
        place.layer = draw.layer
        guard let source = stream?.source(at: place), let length = stream?.length(of: draw) else {
            throw .impossible("a stream that was entered is missing")
        }
        // The stream moves when the next draw is asked for, so that the last one costs no move.
        passed = length
        place.draw += 1
        place.number &+= 1
        if place.draw == schedule.draws.count {
            place.draw = 0
            place.pass += 1
        }
        return PendingDraw(source: source, draw: draw)
    }

    /// The stream at the request's first draw, and in `passed` what lies before the draw that is asked for.
    private mutating func entered(_ stop: StopFlag) throws(DropoutError) -> any DrawStream {
        var stream = try randomness.generator.profile.stream(randomness, schedule)
        try stream.enter(stop: stop)
        passed = schedule.before(place.draw, pass: place.pass) { stream.length(of: $0) }
        return stream
    }

    /// Goes to draw `draw` of pass `pass`.
    ///
    /// Cost: nothing now. A stream that goes on by drawing is entered and moves at the next ``next(stop:)``.
    package mutating func start(atPass pass: Int, draw: Int = 0) {
        stream = nil
        place.pass = pass
        place.draw = draw
        place.number = UInt32(truncatingIfNeeded: schedule.draws.count &* pass &+ draw)
    }
}
