import NIOCore
import Synchronization

/// When a connection was last heard of: written by its event loop, read by any.
final class ConnectionActivity: Sendable {
    private let lastEvent = Atomic(NIODeadline.now().uptimeNanoseconds)
    private let isInWork = Atomic(false)

    /// A byte has come, or an answer has gone.
    func note() { lastEvent.store(NIODeadline.now().uptimeNanoseconds, ordering: .relaxed) }

    /// Whether a whole request waits for its answer.
    func setInWork(_ value: Bool) { isInWork.store(value, ordering: .relaxed) }

    /// The time of the last byte or answer; nil while a request is in work.
    var silentSince: NIODeadline? {
        isInWork.load(ordering: .relaxed) ? nil : .uptimeNanoseconds(lastEvent.load(ordering: .relaxed))
    }
}
