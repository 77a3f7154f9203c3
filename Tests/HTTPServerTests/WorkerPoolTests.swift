import HTTPServer
import Stopping
import Synchronization
import Testing

/// Which thread runs what, and when: short work before longer, the callers in turn, memory in order.
@Suite(.timeLimit(.minutes(10))) struct WorkerPoolTests {
    private static func withPool(
        threads: Int, _ adjust: (inout HTTPServerConfiguration) -> Void = { _ in },
        _ use: @escaping @Sendable (WorkerPool) throws -> Void
    ) async throws {
        var configuration = HTTPServerConfiguration.patient
        configuration.workerCount = threads
        adjust(&configuration)
        let pool = WorkerPool(configuration)
        let result = await onThread { try use(pool) }
        await pool.stop()
        try result.get()
    }

    /// The order in which work runs, and a semaphore for the end of each.
    private final class Record: Sendable {
        let names = Mutex<[String]>([])
        let ends = Gate()

        func item(
            _ name: String, _ caller: String = "", _ kind: WorkItem.Kind = .short, heldBytes: Int = 0,
            flag: StopFlag? = nil, work: @escaping @Sendable () -> Void = {}, evict: (@Sendable () -> Void)? = nil
        ) -> WorkItem {
            WorkItem(
                caller: caller, kind: kind, heldBytes: heldBytes, flag: flag, makesRoom: kind == .long, evict: evict
            ) { [self] _ in
                names.withLock { $0.append(name) }
                work()
                ends.arrive()
            }
        }

        /// The names of the first `count`, waited for.
        func first(_ count: Int) throws -> [String] {
            for _ in 0..<count { try ends.awaitArrival() }
            return names.withLock { $0 }
        }
    }

    // MARK: Parts

    @Test("Each part runs once", arguments: [(1, 5), (2, 2), (4, 1), (3, 100), (2, 0)])
    func eachPartRunsOnce(_ threads: Int, _ count: Int) async throws {
        let parts = Parts(count)
        try await Self.withPool(threads: threads) { $0.run(count) { parts.add($0) } }
        #expect(parts.runs == [Int](repeating: 1, count: count))
    }

    private final class Parts: Sendable {
        private let state: Mutex<[Int]>
        var runs: [Int] { state.withLock { $0 } }

        init(_ count: Int) { state = Mutex([Int](repeating: 0, count: count)) }

        func add(_ part: Int) { state.withLock { $0[part] += 1 } }
    }

    @Test("Parts run side by side")
    func partsRunSideBySide() async throws {
        let gate = Gate()
        // The first part that runs waits for the second.
        let arrivals = Counter()
        try await Self.withPool(threads: 2) { pool in
            pool.run(2) { _ in if arrivals.next() == 0 { gate.pass() } else { gate.open() } }
        }
        #expect(arrivals.next() == 2)
    }

    @Test("All threads may spread at once without waiting for each other")
    func allThreadsMaySpreadAtOnceWithoutWaitingForEachOther() async throws {
        let sum = Counter()
        try await Self.withPool(threads: 2) { pool in pool.run(8) { _ in pool.run(8) { _ in _ = sum.next() } } }
        #expect(sum.next() == 64)
    }

    // MARK: Order

    @Test("Short work goes before longer and callers take turns")
    func shortWorkGoesBeforeLongerAndCallersTakeTurns() async throws {
        let (record, gate) = (Record(), Gate())
        try await Self.withPool(threads: 1) { pool in
            pool.enqueue(record.item("first") { gate.pass() })
            try gate.awaitArrival()
            for name in ["long a1", "long a2", "long b1"] {
                pool.enqueue(record.item(name, String(name.dropFirst(5).prefix(1)), .long))
            }
            for name in ["a1", "a2", "a3", "b1"] { pool.enqueue(record.item(name, String(name.prefix(1)))) }
            gate.open()
            _ = try record.first(8)
        }
        #expect(
            record.names.withLock { $0 } == ["first", "a1", "b1", "a2", "a3", "long a1", "long b1", "long a2"])
    }

    @Test("One caller's longer work leaves threads for others", arguments: [(nil, 1), (1, 1), (2, 2), (0, 3)])
    func oneCallersLongerWorkLeavesThreadsForOthers(_ bound: Int?, _ running: Int) async throws {
        let (record, gate) = (Record(), Gate())
        let others = Counter()
        try await Self.withPool(threads: bound == nil ? 2 : 3, { $0.maximumConcurrentPerCaller = bound }) { pool in
            for _ in 0..<3 { pool.enqueue(record.item("a", "a", .long) { gate.pass() }) }
            for _ in 0..<running { try gate.awaitArrival() }
            #expect(pool.longRunningCount == running)
            // Others' longer work and the same caller's short work run meanwhile, if there is a thread.
            if running < 3 {
                pool.enqueue(record.item("b", "b", .long) { _ = others.next() })
                pool.enqueue(record.item("short", "a") { _ = others.next() })
                _ = try record.first(2)
            }
            for _ in 0..<3 { gate.open() }
            _ = try record.first(3)
        }
        #expect(others.count == (running < 3 ? 2 : 0))
    }

    // MARK: Making room

    /// Computes until it is told to stop, or until `isOver`.
    private static func compute(_ flag: StopFlag, until isOver: @escaping @Sendable () -> Bool) {
        while !isOver(), (try? flag.check()) != nil {}
    }

    @Test("Longer work lets short work run on its thread")
    func longerWorkLetsShortWorkRunOnItsThread() async throws {
        let (record, begun) = (Record(), Gate())
        let shorts = Counter()
        try await Self.withPool(threads: 1) { pool in
            let flag = pool.stopFlag()
            pool.enqueue(
                record.item("long", "a", .long, flag: flag) {
                    begun.arrive()
                    Self.compute(flag) { shorts.count == 3 }
                })
            try begun.awaitArrival()
            for _ in 0..<3 { pool.enqueue(record.item("short", "b") { _ = shorts.next() }) }
            _ = try record.first(4)
        }
        #expect(record.names.withLock { $0 } == ["long", "short", "short", "short"])
    }

    @Test("Longer work does not run inside of longer work")
    func longerWorkDoesNotRunInsideOfLongerWork() async throws {
        let (record, begun) = (Record(), Gate())
        let shorts = Counter()
        try await Self.withPool(threads: 1) { pool in
            let flag = pool.stopFlag()
            pool.enqueue(
                record.item("long", "a", .long, flag: flag) {
                    begun.arrive()
                    Self.compute(flag) { shorts.count == 1 }
                })
            try begun.awaitArrival()
            pool.enqueue(record.item("other", "b", .long))
            pool.enqueue(record.item("short", "b") { _ = shorts.next() })
            _ = try record.first(3)
        }
        #expect(record.names.withLock { $0 } == ["long", "short", "other"])
    }

    /// A helper's thread is free for short work while the parts still go on.
    @Test("The helpers of a long computation make room as well")
    func theHelpersOfALongComputationMakeRoomAsWell() async throws {
        let (record, begun) = (Record(), Gate())
        let shorts = Counter()
        try await Self.withPool(threads: 2) { pool in
            let flag = pool.stopFlag()
            pool.enqueue(
                record.item("long", "a", .long, flag: flag) {
                    pool.run(2) { _ in
                        begun.arrive()
                        Self.compute(flag) { shorts.count == 50 }
                    }
                })
            for _ in 0..<2 { try begun.awaitArrival() }
            for _ in 0..<50 { pool.enqueue(record.item("short", "b") { _ = shorts.next() }) }
            _ = try record.first(51)
        }
        #expect(shorts.count == 50)
    }

    @Test("The pause is not the work's own time")
    func thePauseIsNotTheWorksOwnTime() async throws {
        let (record, begun) = (Record(), Gate())
        let shorts = Counter()
        let pauses = Mutex<[Duration]>([])
        try await Self.withPool(threads: 1) { pool in
            let flag = pool.stopFlag()
            let long = record.item("long", "a", .long, flag: flag) {
                begun.arrive()
                Self.compute(flag) { shorts.count == 1 }
            }
            pool.enqueue(long)
            try begun.awaitArrival()
            let start = ContinuousClock.now
            pool.enqueue(
                record.item("short", "b") {
                    let end = ContinuousClock.now + .milliseconds(5)
                    while ContinuousClock.now < end {}
                    _ = shorts.next()
                })
            _ = try record.first(2)
            pauses.withLock { $0 = [long.pause, ContinuousClock.now - start] }
        }
        let (pause, all) = pauses.withLock { ($0[0], $0[1]) }
        #expect(pause >= .milliseconds(5) && pause <= all)
    }

    // MARK: Memory

    @Test("Memory is granted in order but for what fits a reserved place")
    func memoryIsGrantedInOrderButForWhatFitsAReservedPlace() async throws {
        let (record, gate) = (Record(), Gate())
        let stopped = Mutex<WorkerPool?>(nil)
        // 600 bytes to compute in, and places of 100.
        try await Self.withPool(threads: 2, { $0.memoryBudgetBytes = 1600 }) { pool in
            stopped.withLock { $0 = pool }
            pool.enqueue(record.item("first", "a", .long, heldBytes: 500) { gate.pass() })
            try gate.awaitArrival()
            pool.enqueue(record.item("large", "b", .long, heldBytes: 600))
            pool.enqueue(record.item("medium", "c", .long, heldBytes: 101))
            pool.enqueue(record.item("small", "d", .long, heldBytes: 100))
            _ = try record.first(1)
            #expect(record.names.withLock { $0 } == ["first", "small"])
            gate.open()
            _ = try record.first(3)
        }
        // The bytes of a work come back after its end, so that they are counted once the workers have stopped.
        #expect(stopped.withLock { $0?.budget.computingBytes } == 0)
        #expect(record.names.withLock { $0 } == ["first", "small", "large", "medium"])
    }

    // MARK: Too many

    @Test("A caller with many waiting makes room for one with fewer")
    func aCallerWithManyWaitingMakesRoomForOneWithFewer() async throws {
        let (record, gate) = (Record(), Gate())
        let evicted = Mutex<[String]>([])
        let admitted = Mutex<[Bool]>([])
        try await Self.withPool(threads: 1, { $0.maximumWaitingRequests = 3 }) { pool in
            func admit(_ name: String, _ caller: String, _ kind: WorkItem.Kind = .short) {
                let item = record.item(name, caller, kind) {
                    if name == "first" { gate.pass() }
                    pool.requestEnded()
                } evict: {
                    evicted.withLock { $0.append(name) }
                    pool.requestEnded()
                }
                let isAdmitted = pool.admit(item)
                admitted.withLock { $0.append(isAdmitted) }
            }
            admit("first", "a")
            try gate.awaitArrival()
            for name in ["a1", "a2", "a3", "a4"] { admit(name, "a", .long) }
            admit("b1", "b")
            admit("b2", "b")
            gate.open()
            _ = try record.first(4)
        }
        #expect(admitted.withLock { $0 } == [true, true, true, true, false, true, false])
        #expect(evicted.withLock { $0 } == ["a3"])
        #expect(record.names.withLock { $0 } == ["first", "b1", "a1", "a2"])
    }

    @Test("What is withdrawn does not run")
    func whatIsWithdrawnDoesNotRun() async throws {
        let (record, gate) = (Record(), Gate())
        let withdrawn = Mutex<[Bool]>([])
        try await Self.withPool(threads: 1) { pool in
            let first = record.item("first") { gate.pass() }
            pool.enqueue(first)
            try gate.awaitArrival()
            let (second, third) = (record.item("second"), record.item("third", "", .long))
            pool.enqueue(second)
            pool.enqueue(third)
            withdrawn.withLock { $0 = [pool.withdraw(first), pool.withdraw(second), pool.withdraw(second)] }
            gate.open()
            _ = try record.first(2)
        }
        #expect(withdrawn.withLock { $0 } == [false, true, false])
        #expect(record.names.withLock { $0 } == ["first", "third"])
    }

    @Test("A stop tells all work to stop")
    func aStopTellsAllWorkToStop() async throws {
        let (record, begun) = (Record(), Gate())
        let flags = (StopFlag(), StopFlag())
        try await Self.withPool(threads: 1) { pool in
            pool.enqueue(
                record.item("long", "a", .long, flag: flags.0) {
                    begun.arrive()
                    Self.compute(flags.0) { false }
                })
            try begun.awaitArrival()
            pool.enqueue(record.item("next", "a", .long, flag: flags.1))
            pool.stopAll()
            _ = try record.first(1)
        }
        #expect(flags.0.isSet && flags.1.isSet)
    }
}
