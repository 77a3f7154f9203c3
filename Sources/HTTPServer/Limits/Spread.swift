import NIOConcurrencyHelpers
import Synchronization

/// One piece of work in numbered parts, which threads take one after another.
final class Spread: Sendable {
    private let count: Int
    private let part: @Sendable (Int) -> Void
    private let taken = Atomic(0)
    private let ended = Atomic(0)
    private let haveAllEnded = ConditionLock(value: false)

    init(_ count: Int, _ part: @escaping @Sendable (Int) -> Void) {
        self.count = count
        self.part = part
    }

    /// Runs parts until none is left to take, and `between` before each.
    func help(between: () -> Void) {
        while true {
            between()
            let number = taken.add(1, ordering: .relaxed).oldValue
            guard number < count else { return }
            part(number)
            guard ended.add(1, ordering: .acquiringAndReleasing).newValue == count else { continue }
            haveAllEnded.lock()
            haveAllEnded.unlock(withValue: true)
        }
    }

    /// Returns when all parts have run; every one has been taken by then.
    func wait() {
        haveAllEnded.lock(whenValue: true)
        haveAllEnded.unlock()
    }
}
