import NIOPosix
package import Stopping
import Synchronization

/// The threads that compute. Each takes the next piece of work: short work before longer, and the callers in turn.
///
/// Longer work that is under way makes room for short work that finds no idle thread: its stop flag is asked to let others
/// run, and at its next check the short work runs on the same thread.
package final class WorkerPool: Sendable {
    private struct State {
        var short = WorkQueue()
        var long = WorkQueue()
        /// Workers that wait for work, by number.
        var idle: [Int] = []
        /// The items that each worker runs, each inside of the one before it.
        var running: [[WorkItem]]
        var longRunning: [String: Int] = [:]
        /// Requests that were admitted and have not ended.
        var admitted = 0
        var isStopping = false
    }

    /// How long short work of others may hold up a computation at one of its checks.
    private static let maximumPause = Duration.milliseconds(10)
    /// The same closure for all flags.
    private static let makeRoom: @Sendable () -> Void = { place.currentValue?.pool.letOthersRun() }
    private static let place = ThreadSpecificVariable<WorkerThread>()

    package let threadCount: Int
    package let budget: MemoryBudget
    private let maximumAdmitted: Int
    private let maximumLongPerCaller: Int
    private let threads: NIOThreadPool
    private let beds: [Bed]
    private let state: Mutex<State>

    /// `workerCount` threads, room for `maximumWaitingRequests` while all of them compute, and the budget of memory.
    package init(_ configuration: HTTPServerConfiguration) {
        threadCount = configuration.workerCount
        budget = MemoryBudget(configuration.memoryShares, workerCount: configuration.workerCount)
        maximumAdmitted = configuration.maximumWaitingRequests + threadCount
        maximumLongPerCaller = configuration.maximumLongPerCaller
        threads = NIOThreadPool(numberOfThreads: threadCount)
        beds = (0..<threadCount).map { _ in Bed() }
        state = Mutex(State(running: Array(repeating: [], count: threadCount)))
        threads.start()
        for number in 0..<threadCount {
            threads.submit { [self] state in if state == .active { work(WorkerThread(number, self)) } }
        }
    }

    /// Threads that nobody has work for.
    package var idleCount: Int { state.withLock { $0.idle.count } }

    /// Requests that wait for a thread.
    package var waitingCount: Int { state.withLock { $0.short.requestCount + $0.long.requestCount } }

    /// Longer pieces of work that are under way.
    package var longRunningCount: Int { state.withLock { $0.longRunning.values.reduce(0, +) } }

    /// A flag for one request, whose work makes room for others on the pool's threads.
    package func stopFlag() -> StopFlag { StopFlag(letOthersRun: Self.makeRoom) }

    // MARK: Giving work

    /// Enqueues the first work of a request, or answers false at once if too many requests wait. Each admitted request ends
    /// with ``requestEnded()``.
    ///
    /// If too many wait, the last one of the caller with the most of them makes room for a caller with fewer.
    package func admit(_ item: WorkItem) -> Bool {
        let (isAdmitted, evicted) = state.withLock { state -> (Bool, WorkItem?) in
            guard !state.isStopping else { return (false, nil) }
            var evicted: WorkItem?
            if state.admitted >= maximumAdmitted {
                evicted = Self.evict(for: item.caller, &state)
                guard evicted != nil else { return (false, nil) }
            }
            state.admitted += 1
            return (true, evicted)
        }
        evicted?.evict?()
        if isAdmitted { enqueue(item) }
        return isAdmitted
    }

    private static func evict(for caller: String, _ state: inout State) -> WorkItem? {
        let own = state.short.waitingRequests(of: caller) + state.long.waitingRequests(of: caller)
        if let (item, count) = state.long.greediest(), count > own + 1 { return state.long.remove(item) ? item : nil }
        if let (item, count) = state.short.greediest(), count > own + 1 { return state.short.remove(item) ? item : nil }
        return nil
    }

    /// An admitted request has its answer, or nobody waits for it any more.
    package func requestEnded() { state.withLock { $0.admitted -= 1 } }

    /// Enqueues work, however much waits. Once the pool has stopped, the work is dropped.
    package func enqueue(_ item: WorkItem) {
        let (worker, asked) = state.withLock { state -> (Int?, [StopFlag]) in
            guard !state.isStopping else { return (nil, []) }
            switch item.kind {
            case .short: state.short.add(item)
            case .long: state.long.add(item)
            }
            if let worker = state.idle.popLast() { return (worker, []) }
            guard item.kind == .short else { return (nil, []) }
            return (nil, state.running.compactMap { $0.first { $0.makesRoom }?.flag })
        }
        if let worker { beds[worker].wake() }
        for flag in asked { flag.askToLetOthersRun() }
    }

    /// Takes waiting work out of the queue, or answers false if it has begun.
    package func withdraw(_ item: WorkItem) -> Bool {
        state.withLock { state in
            switch item.kind {
            case .short: state.short.remove(item)
            case .long: state.long.remove(item)
            }
        }
    }

    /// Runs `part(0)` to `part(count - 1)`, each once, on this thread and on others as they become free, and returns when
    /// all have run. It waits only for parts that another thread has begun.
    package func run(_ count: Int, _ part: @escaping @Sendable (Int) -> Void) {
        guard count > 1 else {
            if count == 1 { part(0) }
            return
        }
        let spread = Spread(count, part)
        let item = Self.place.currentValue?.item
        for _ in 1..<min(count, threadCount + 1) {
            enqueue(
                WorkItem(caller: item?.caller ?? "", kind: .short, flag: item?.flag, makesRoom: true) { [self] _ in
                    spread.help { letOthersRun() }
                })
        }
        spread.help {}
        spread.wait()
    }

    // MARK: Working

    private func work(_ place: WorkerThread) {
        Self.place.currentValue = place
        while let (item, grant) = next(place.number) { perform(item, grant, place) }
        Self.place.currentValue = nil
    }

    /// The next work for this worker, waited for; nil if the pool stops.
    private func next(_ worker: Int) -> (WorkItem, ComputingGrant?)? {
        while true {
            let (next, isStopping) = state.withLock { state -> ((WorkItem, ComputingGrant?)?, Bool) in
                let next = take(&state, worker)
                if next == nil, !state.isStopping { state.idle.append(worker) }
                return (next, state.isStopping)
            }
            if let next { return next }
            if isStopping { return nil }
            beds[worker].sleep()
        }
    }

    private func take(_ state: inout State, _ worker: Int, isShortOnly: Bool = false) -> (WorkItem, ComputingGrant?)? {
        var grant: ComputingGrant?
        var isBlocked = false
        // Memory is granted in the order of the queue: what needs more than a reserved place waits for what is before it.
        func verdict(_ item: WorkItem) -> WorkQueue.Verdict {
            guard item.heldBytes > 0 else { return .take }
            if isBlocked, item.heldBytes > budget.shares.placeBytes { return .pass }
            grant = ComputingGrant(budget, bytes: item.heldBytes)
            isBlocked = isBlocked || grant == nil
            return grant == nil ? .pass : .take
        }
        var item = state.short.take(verdict)
        if item == nil, !isShortOnly {
            isBlocked = false
            item = state.long.take { item in
                state.longRunning[item.caller, default: 0] < maximumLongPerCaller ? verdict(item) : .pass
            }
            if let item { state.longRunning[item.caller, default: 0] += 1 }
        }
        guard let item else { return nil }
        state.running[worker].append(item)
        return (item, grant)
    }

    private func perform(_ item: WorkItem, _ grant: ComputingGrant?, _ place: WorkerThread) {
        let outer = place.item
        place.item = item
        item.run(grant)
        place.item = outer
        grant?.end()
        let woken = state.withLock { state -> [Int] in
            state.running[place.number].removeLast()
            if item.kind == .long {
                let count = state.longRunning[item.caller, default: 1] - 1
                state.longRunning[item.caller] = count == 0 ? nil : count
            }
            // What waited for memory, or for this caller's turn, may begin now.
            guard item.kind == .long || grant != nil, !state.short.isEmpty || !state.long.isEmpty else { return [] }
            defer { state.idle = [] }
            return state.idle
        }
        for worker in woken { beds[worker].wake() }
    }

    /// Runs waiting short work on this thread, which is one of the pool's, for a while. For ``StopFlag``.
    func letOthersRun() {
        guard let place = Self.place.currentValue, !place.isMakingRoom else { return }
        let start = ContinuousClock.now
        place.isMakingRoom = true
        var isOver = false
        while !isOver {
            guard let (item, grant) = state.withLock({ take(&$0, place.number, isShortOnly: true) }) else { break }
            perform(item, grant, place)
            isOver = ContinuousClock.now - start > Self.maximumPause
        }
        place.isMakingRoom = false
        place.item?.addPause(ContinuousClock.now - start)
        // What still waits has its turn at the next check.
        if isOver, state.withLock({ !$0.short.isEmpty }) { place.item?.flag?.askToLetOthersRun() }
    }

    // MARK: Stopping

    /// Tells all work that waits or is under way to stop.
    package func stopAll() {
        let flags = state.withLock { state in
            (state.running.flatMap { $0 } + state.short.items + state.long.items).compactMap(\.flag)
        }
        for flag in flags { flag.set() }
    }

    /// Returns when all work that is under way has ended. What waits is not begun.
    package func stop() async {
        let sleeping = state.withLock { state in
            state.isStopping = true
            defer { state.idle = [] }
            (state.short, state.long) = (WorkQueue(), WorkQueue())
            return state.idle
        }
        for worker in sleeping { beds[worker].wake() }
        try? await threads.shutdownGracefully()
    }
}
