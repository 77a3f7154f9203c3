import Synchronization

/// Tells one computation to stop, from any thread.
///
/// The computation asks with ``check()`` at least every millisecond. Whoever started it sets the flag: the connection if its
/// client left, a timer if the deadline passed, the server if it stops. The computation itself needs no clock.
///
/// A second signal asks the computation to let other work run first. ``check()`` then calls the closure given to the
/// initialiser, on the computing thread, and the computation goes on when the closure returns.
package final class StopFlag: Sendable {
    /// Bit 0: stop. Bit 1: let others run.
    private let signals = Atomic<UInt8>(0)
    private let letOthersRun: @Sendable () -> Void
    private let mayBeSet: Bool

    private static let stopBit: UInt8 = 1
    private static let othersBit: UInt8 = 2

    /// - Parameter letOthersRun: called by ``check()`` after ``askToLetOthersRun()``, once for each such request.
    package convenience init(letOthersRun: @escaping @Sendable () -> Void = {}) {
        self.init(mayBeSet: true, letOthersRun: letOthersRun)
    }

    private init(mayBeSet: Bool, letOthersRun: @escaping @Sendable () -> Void) {
        self.mayBeSet = mayBeSet
        self.letOthersRun = letOthersRun
    }

    /// The flag of work that nobody stops, such as a command or a test. ``set()`` does not change it.
    package static let never = StopFlag(mayBeSet: false) {}

    /// Whether the computation is to stop. Once true, it stays true.
    package var isSet: Bool { signals.load(ordering: .relaxed) & Self.stopBit != 0 }

    /// Tells the computation to stop at its next ``check()``.
    package func set() {
        if mayBeSet { signals.bitwiseOr(Self.stopBit, ordering: .relaxed) }
    }

    /// Tells the computation to let other work run at its next ``check()``.
    package func askToLetOthersRun() { signals.bitwiseOr(Self.othersBit, ordering: .relaxed) }

    /// Goes on, lets others run first, or throws.
    ///
    /// Cost: one relaxed load if there is no signal.
    ///
    /// - Throws: ``Stopped`` if the flag is set.
    package func check() throws(Stopped) {
        guard signals.load(ordering: .relaxed) != 0 else { return }
        try obey()
    }

    private func obey() throws(Stopped) {
        if isSet { throw Stopped() }
        let before = signals.bitwiseAnd(~Self.othersBit, ordering: .relaxed).oldValue
        if before & Self.othersBit != 0 { letOthersRun() }
        if isSet { throw Stopped() }
    }
}

/// The computation was told to stop, so there is no result.
package struct Stopped: Error, Sendable, Equatable {
    package init() {}
}
