import NIOCore
package import Stopping
import Synchronization

/// One piece of work that waits for a worker.
package final class WorkItem: Sendable {
    package enum Kind: Sendable {
        /// Up to 50 ms: it goes before what is longer.
        case short
        case long
    }

    /// Whose turn it takes.
    package let caller: String
    let kind: Kind
    /// The place in the line of its caller. A lower rank goes first.
    let rank: UInt64
    /// Bytes of the computing half of the budget that it must have before it begins.
    let heldBytes: Int
    /// The flag of the request; nil for work that never asks it.
    let flag: StopFlag?
    /// Whether the flag is asked to let others run while this is under way.
    let makesRoom: Bool
    /// Refuses the request of this item, so that another caller's takes its place in a full queue. Nil for work that has begun and
    /// must not be given up.
    let evict: (@Sendable () -> Void)?
    /// Whether it is a request's turn, not a part of one.
    let isRequest: Bool
    /// Called on a worker with what it holds of the budget; nil if it needs none.
    let run: @Sendable (ComputingGrant?) -> Void
    private let pausedNanoseconds = Atomic<Int64>(0)

    package init(
        caller: String, kind: Kind, rank: UInt64 = .max, heldBytes: Int = 0, flag: StopFlag? = nil,
        makesRoom: Bool = false, isRequest: Bool = false, evict: (@Sendable () -> Void)? = nil,
        run: @escaping @Sendable (ComputingGrant?) -> Void
    ) {
        self.caller = caller
        self.kind = kind
        self.rank = rank
        self.heldBytes = heldBytes
        self.flag = flag
        self.makesRoom = makesRoom
        self.evict = evict
        self.isRequest = isRequest
        self.run = run
    }

    /// How long the work was held up by work of others that ran inside of it.
    package var pause: Duration { .nanoseconds(pausedNanoseconds.load(ordering: .relaxed)) }

    func addPause(_ pause: Duration) {
        let (seconds, attoseconds) = pause.components
        pausedNanoseconds.wrappingAdd(seconds &* 1_000_000_000 &+ attoseconds / 1_000_000_000, ordering: .relaxed)
    }
}

/// What waits for workers: a line for each caller, in the order of the ranks. The callers take turns. There is one such queue of
/// short work and one of longer work.
///
/// It has no threads and no clock.
package struct WorkQueue {
    /// What a caller's first item meets.
    package enum Verdict {
        case take
        /// The caller's turn comes later; the next caller is asked.
        case pass
    }

    private var lines: [String: CircularBuffer<WorkItem>] = [:]
    /// Callers that have items, the next first.
    private var turns = CircularBuffer<String>()

    package init() {}

    package private(set) var count = 0
    package private(set) var requestCount = 0

    package var isEmpty: Bool { count == 0 }

    package mutating func add(_ item: WorkItem) {
        count += 1
        if item.isRequest { requestCount += 1 }
        guard var line = lines.removeValue(forKey: item.caller) else {
            lines[item.caller] = [item]
            turns.append(item.caller)
            return
        }
        if item.rank < line.last?.rank ?? .max {
            line.insert(item, at: line.firstIndex { $0.rank > item.rank } ?? line.endIndex)
        } else {
            line.append(item)
        }
        lines[item.caller] = line
    }

    /// The first item that `verdict` takes, asked for the first item of each caller in turn.
    package mutating func take(_ verdict: (WorkItem) -> Verdict) -> WorkItem? {
        for (place, caller) in turns.enumerated() {
            guard let item = lines[caller]?.first, case .take = verdict(item) else { continue }
            remove(item, at: 0, turn: place)
            return item
        }
        return nil
    }

    /// Takes `item` out, or answers false if it does not wait here.
    package mutating func remove(_ item: WorkItem) -> Bool {
        guard let place = lines[item.caller]?.firstIndex(where: { $0 === item }),
            let line = lines[item.caller], let turn = turns.firstIndex(of: item.caller)
        else { return false }
        let position = line.distance(from: line.startIndex, to: place)
        remove(item, at: position, turn: turns.distance(from: turns.startIndex, to: turn), isTurnOver: false)
        return true
    }

    private mutating func remove(_ item: WorkItem, at position: Int, turn: Int, isTurnOver: Bool = true) {
        let caller = item.caller
        count -= 1
        if item.isRequest { requestCount -= 1 }
        let isLast = lines[caller]?.count == 1
        if isLast {
            lines[caller] = nil
        } else if var line = lines.removeValue(forKey: caller) {
            line.remove(at: line.index(line.startIndex, offsetBy: position))
            lines[caller] = line
        }
        guard isLast || isTurnOver else { return }
        turns.remove(at: turns.index(turns.startIndex, offsetBy: turn))
        if !isLast { turns.append(caller) }
    }

    /// How many items of this caller wait that may be given up.
    package func waitingRequests(of caller: String) -> Int { lines[caller]?.count { $0.evict != nil } ?? 0 }

    /// The last item that may be given up of the caller with the most of them, and their number.
    package func greediest() -> (item: WorkItem, count: Int)? {
        var greediest: (item: WorkItem, count: Int)?
        for line in lines.values {
            guard let item = line.last(where: { $0.evict != nil }) else { continue }
            let count = line.count { $0.evict != nil }
            if count > greediest?.count ?? 0 { greediest = (item, count) }
        }
        return greediest
    }

    var items: [WorkItem] { turns.flatMap { lines[$0].map(Array.init) ?? [] } }
}
