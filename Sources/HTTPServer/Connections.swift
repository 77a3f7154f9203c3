import NIOCore
import Synchronization

/// The open connections: counted, and told to drain.
final class Connections: Sendable {
    private struct State {
        var channels: [ObjectIdentifier: any Channel] = [:]
        /// Those among them that are too many.
        var surplus: Set<ObjectIdentifier> = []
        /// How many of them come from each address, where that is bounded.
        var perAddress: [String: Int] = [:]
        var isDraining = false
        var waiters: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let maximum: Int
    private let maximumPerAddress: Int?
    private let opened = Atomic(0)
    private let refused = Atomic(0)

    private let maximumSurplus = 64

    init(_ configuration: HTTPServerConfiguration) {
        maximum = configuration.maximumConnections
        maximumPerAddress = configuration.maximumConnectionsPerAddress
    }

    var figures: HTTPServerFigures.Connections {
        HTTPServerFigures.Connections(
            open: state.withLock { $0.channels.count }, opened: opened.load(ordering: .relaxed),
            refused: refused.load(ordering: .relaxed))
    }

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
        let address = maximumPerAddress == nil ? nil : channel.remoteAddress?.ipAddress
        let admission = state.withLock { state in
            guard !state.isDraining, state.channels.count < maximum + maximumSurplus else { return Admission.refused }
            var isSurplus = state.channels.count - state.surplus.count >= maximum
            if let address, let maximumPerAddress {
                let count = state.perAddress[address, default: 0]
                guard count < maximumPerAddress + maximumSurplus else { return .refused }
                isSurplus = isSurplus || count >= maximumPerAddress
                state.perAddress[address] = count + 1
            }
            state.channels[key] = channel
            if isSurplus { state.surplus.insert(key) }
            return isSurplus ? .surplus : .admitted
        }
        opened.add(1, ordering: .relaxed)
        if admission != .admitted { refused.add(1, ordering: .relaxed) }
        if admission != .refused { channel.closeFuture.whenComplete { _ in self.remove(key, address) } }
        return admission
    }

    private func remove(_ key: ObjectIdentifier, _ address: String?) {
        let waiters = state.withLock { state in
            state.channels[key] = nil
            state.surplus.remove(key)
            if let address, let count = state.perAddress[address] {
                state.perAddress[address] = count > 1 ? count - 1 : nil
            }
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
