import NIOCore

/// The one deadline of a connection, which moves several times in a request and is met almost never.
///
/// To move it costs a comparison: the event loop is asked for a wake-up only if none comes early enough, and a wake-up
/// that comes too early asks for the next. Belongs to its event loop.
final class Deadline {
    private let eventLoop: any EventLoop
    private var due: NIODeadline?
    private var wakeUp: (task: Scheduled<Void>, time: NIODeadline)?
    private var action: (() -> Void)?

    /// - Parameter action: runs when the time is up. The deadline is unset by then.
    init(_ eventLoop: any EventLoop, _ action: @escaping () -> Void) {
        self.eventLoop = eventLoop
        self.action = action
    }

    func set(after delay: Duration) {
        let time = NIODeadline.now() + TimeAmount(delay)
        due = time
        guard let wakeUp, wakeUp.time <= time else { return wake(at: time) }
    }

    func clear() { due = nil }

    /// Ends it for good.
    func stop() {
        due = nil
        wakeUp?.task.cancel()
        wakeUp = nil
        action = nil
    }

    private func wake(at time: NIODeadline) {
        wakeUp?.task.cancel()
        wakeUp = (eventLoop.assumeIsolated().scheduleTask(deadline: time) { [self] in wokeUp() }, time)
    }

    private func wokeUp() {
        wakeUp = nil
        guard let due else { return }
        if due > .now() { return wake(at: due) }
        self.due = nil
        action?()
    }
}
