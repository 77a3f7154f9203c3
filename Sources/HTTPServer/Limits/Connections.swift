import NIOCore
import Synchronization

/// The open connections: counts them, limits them for all and for each client's network, and has them drain.
///
/// Over a bound the connection goes that is silent longest, if it has been for ``HTTPServerConfiguration/silence``. So
/// whoever holds connections without using them keeps nobody out.
final class Connections: Sendable {
    private enum Kind {
        case regular
        /// One too many. It is kept for a refusal and for probes.
        case surplus
        /// Closed for another, and not gone yet.
        case leaving
    }

    private struct Entry {
        let channel: any Channel
        let activity: ConnectionActivity
        let network: ClientNetwork?
        var kind: Kind
    }

    private struct State {
        var entries: [ObjectIdentifier: Entry] = [:]
        var (regular, surplus, leaving) = (0, 0, 0)
        /// Regular ones from each network.
        var perNetwork: [ClientNetwork: Int] = [:]
        /// Until then a search among regular ones finds nobody: of a network, nil for all.
        var isBusyUntil: [ClientNetwork?: NIODeadline] = [:]
        var isDraining = false
        var waiters: [CheckedContinuation<Void, Never>] = []

        mutating func count(_ entry: Entry, _ change: Int) {
            switch entry.kind {
            case .regular:
                regular += change
                guard let network = entry.network else { return }
                let count = (perNetwork[network] ?? 0) + change
                perNetwork[network] = count > 0 ? count : nil
                if count == 0 { isBusyUntil[.some(network)] = nil }
            case .surplus: surplus += change
            case .leaving: leaving += change
            }
        }

        /// The connection among those of `kind`, and of `network` if it is given, that is silent longest; nil if none
        /// is silent since `limit` at the latest.
        mutating func silentLongest(
            _ kind: Kind, _ network: ClientNetwork?, now: NIODeadline, silence: TimeAmount
        ) -> ObjectIdentifier? {
            if kind == .regular, let busy = isBusyUntil[network], now < busy { return nil }
            var longest: (key: ObjectIdentifier, since: NIODeadline)?
            for (key, entry) in entries where entry.kind == kind && (network == nil || entry.network == network) {
                guard let since = entry.activity.silentSince, since < longest?.since ?? .distantFuture else { continue }
                longest = (key, since)
            }
            // What is in work now is silent a moment after its answer at the earliest.
            let ripe = min(longest?.since ?? now, now) + silence
            if let longest, ripe <= now { return longest.key }
            if kind == .regular { isBusyUntil[network] = ripe }
            return nil
        }
    }

    private let state = Mutex(State())
    private let maximum: Int
    private let maximumPerNetwork: Int
    private let silence: TimeAmount
    /// A place that is kept for a refusal or a probe is not kept long for who says nothing.
    private var surplusSilence: TimeAmount { .nanoseconds(silence.nanoseconds / 8) }
    private let opened = Atomic(0)
    private let refused = Atomic(0)

    private let maximumSurplus = 64
    private let maximumLeaving = 64

    init(_ configuration: HTTPServerConfiguration) {
        maximum = configuration.maximumConnections
        maximumPerNetwork = configuration.maximumConnectionsPerAddress ?? .max
        silence = TimeAmount(configuration.silence)
    }

    var figures: HTTPServerFigures.Connections {
        HTTPServerFigures.Connections(
            open: state.withLock { $0.entries.count }, opened: opened.load(ordering: .relaxed),
            refused: refused.load(ordering: .relaxed))
    }

    enum Admission {
        case admitted
        /// One too many. It is kept for a refusal.
        case surplus
        /// Too many even for that, or the server drains.
        case refused
    }

    /// Counts a connection until it closes.
    func admit(_ channel: any Channel, _ activity: ConnectionActivity) -> Admission {
        let key = ObjectIdentifier(channel)
        var entry = Entry(
            channel: channel, activity: activity, network: ClientNetwork(channel.remoteAddress), kind: .regular)
        let (admission, left) = state.withLock { state -> (Admission, (any Channel)?) in
            guard !state.isDraining else { return (.refused, nil) }
            let ofNetwork = entry.network.flatMap { state.perNetwork[$0] } ?? 0
            let isOverNetwork = ofNetwork >= maximumPerNetwork
            var left: (any Channel)?
            if isOverNetwork || state.regular >= maximum {
                left = makeRoom(.regular, isOverNetwork ? entry.network : nil, &state)
                if left == nil {
                    entry.kind = .surplus
                    if state.surplus >= maximumSurplus {
                        left = makeRoom(.surplus, nil, &state)
                        if left == nil { return (.refused, nil) }
                    }
                }
            }
            state.count(entry, 1)
            state.entries[key] = entry
            return (entry.kind == .surplus ? .surplus : .admitted, left)
        }
        left?.close(promise: nil)
        opened.add(1, ordering: .relaxed)
        if admission != .admitted { refused.add(1, ordering: .relaxed) }
        if admission != .refused { channel.closeFuture.whenComplete { _ in self.remove(key) } }
        return admission
    }

    /// Takes the place of the connection that is silent longest.
    ///
    /// - Returns: that connection, which is to be closed; nil if all are in use.
    private func makeRoom(_ kind: Kind, _ network: ClientNetwork?, _ state: inout State) -> (any Channel)? {
        // Farewells take a moment, and descriptors meanwhile.
        guard state.leaving < maximumLeaving,
            let key = state.silentLongest(
                kind, network, now: .now(), silence: kind == .surplus ? surplusSilence : silence),
            var entry = state.entries[key]
        else { return nil }
        state.count(entry, -1)
        entry.kind = .leaving
        state.count(entry, 1)
        state.entries[key] = entry
        return entry.channel
    }

    private func remove(_ key: ObjectIdentifier) {
        let waiters = state.withLock { state in
            if let entry = state.entries.removeValue(forKey: key) { state.count(entry, -1) }
            defer { if state.entries.isEmpty { state.waiters = [] } }
            return state.entries.isEmpty ? state.waiters : []
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Has every connection finish what is in work and close, those of an event loop at once. New ones are refused.
    func drain() {
        let channels = state.withLock { state in
            state.isDraining = true
            return state.entries.values.map(\.channel)
        }
        for (_, channels) in Dictionary(grouping: channels, by: { ObjectIdentifier($0.eventLoop) }) {
            channels[0].eventLoop.execute {
                for channel in channels { channel.pipeline.fireUserInboundEventTriggered(DrainEvent()) }
            }
        }
    }

    func closeAll() {
        for channel in state.withLock({ $0.entries.values.map(\.channel) }) { channel.close(promise: nil) }
    }

    func allClosed() async {
        await withCheckedContinuation { continuation in
            let isEmpty = state.withLock { state in
                if !state.entries.isEmpty { state.waiters.append(continuation) }
                return state.entries.isEmpty
            }
            if isEmpty { continuation.resume() }
        }
    }
}

/// The order to finish what is in work and close.
struct DrainEvent: Sendable {}
