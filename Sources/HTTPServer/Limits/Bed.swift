import NIOConcurrencyHelpers

/// Where one worker sleeps while nobody has work for it.
final class Bed: Sendable {
    private let isAwake = ConditionLock(value: false)

    func sleep() {
        isAwake.lock(whenValue: true)
        isAwake.unlock(withValue: false)
    }

    func wake() {
        isAwake.lock()
        isAwake.unlock(withValue: true)
    }
}
