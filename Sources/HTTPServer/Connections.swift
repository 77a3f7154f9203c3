import NIOCore
import Synchronization

/// The open connections: counted, and told to drain.
final class Connections: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        /// Those among them that are too many.
        var surplus: Set<ObjectIdentifier> = []
        var isDraining = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let maximum: Int

    private let maximumSurplus = 64

    init(maximum: Int) { self.maximum = maximum }

    enum Admission {
        case admitted
        /// One too many, kept only to be told so.
        case surplus
        /// Too many even for that, or the server drains.
        case refused
    }

    /// Counts a connection until it closes.
    func admit(_ channel: any Channel) -> Admission {
        let key = ObjectIdentifier(channel)
        let admission = state.withLock { state in
            guard !state.isDraining, state.channels.count < maximum + maximumSurplus else { return Admission.refused }
            let isSurplus = state.channels.count - state.surplus.count >= maximum
            state.channels[key] = channel
            if isSurplus { state.surplus.insert(key) }
            return isSurplus ? .surplus : .admitted
        }
        if admission != .refused { channel.closeFuture.whenComplete { _ in self.remove(key) } }
        return admission
    }

    private func remove(_ key: ObjectIdentifier) {
        let waiters = state.withLock { state in
            state.channels[key] = nil
            state.surplus.remove(key)
            defer { if state.channels.isEmpty { state.waiters = [] } }
            return state.channels.isEmpty ? state.waiters : []
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Tells every connection to finish what is in work and close; new ones are refused. All connections of an event loop
    /// are told at once.
    func drain() {
        let channels = state.withLock { state in
            state.isDraining = true
            return Array(state.channels.values)
        }
        for (_, channels) in Dictionary(grouping: channels, by: { ObjectIdentifier($0.eventLoop) }) {
            channels[0].eventLoop.execute {
                for channel in channels { channel.pipeline.fireUserInboundEventTriggered(DrainEvent()) }
            }
        }
    }

    func closeAll() {
        for channel in state.withLock({ Array($0.channels.values) }) { channel.close(promise: nil) }
    }

    func allClosed() async {
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { state in
                if !state.channels.isEmpty { state.waiters.append(continuation) }
                return state.channels.isEmpty
            }
            if isEmpty { continuation.resume() }
        }
    }
}
