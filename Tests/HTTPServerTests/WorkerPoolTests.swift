import HTTPServer
import Synchronization
import Testing

/// Work in parts on the threads of a pool.
@Suite struct WorkerPoolTests {
    private static func withPool(threads: Int, _ use: (WorkerPool) -> Void) async {
        var configuration = HTTPServerConfiguration()
        configuration.workerCount = threads
        let pool = WorkerPool(configuration)
        use(pool)
        await pool.stop()
    }

    @Test(arguments: [(1, 5), (2, 2), (4, 1), (3, 100), (2, 0)])
    func eachPartRunsOnce(_ threads: Int, _ count: Int) async {
        let runs = Mutex([Int](repeating: 0, count: count))
        await Self.withPool(threads: threads) { $0.run(count) { part in runs.withLock { $0[part] += 1 } } }
        #expect(runs.withLock { $0 } == [Int](repeating: 1, count: count))
    }

    @Test func partsRunSideBySide() async {
        let gate = Gate()
        // The first part that runs waits for the second.
        let arrivals = Counter()
        await Self.withPool(threads: 2) { pool in
            pool.run(2) { _ in if arrivals.next() == 0 { gate.pass() } else { gate.open() } }
        }
        #expect(arrivals.next() == 2)
    }

    @Test func allThreadsMaySpreadAtOnceWithoutWaitingForEachOther() async {
        let sum = Counter()
        await Self.withPool(threads: 2) { pool in pool.run(8) { _ in pool.run(8) { _ in _ = sum.next() } } }
        #expect(sum.next() == 64)
    }
}
