import NIOConcurrencyHelpers
import NIOPosix
import Synchronization

/// The threads that compute: as many as configured, with a bounded queue before them.
package final class WorkerPool: Sendable {
    package let threadCount: Int
    private let pool: NIOThreadPool
    private let maximumAdmitted: Int
    /// Requests that were admitted and have no answer yet.
    private let admitted = Atomic(0)
    /// Jobs that were handed to the pool and have not ended: requests, parts of answers, parts of one computation.
    private let jobs = Atomic(0)

    /// `workerCount` threads, and room for `maximumWaitingRequests` while all of them compute.
    package init(_ configuration: HTTPServerConfiguration) {
        threadCount = configuration.workerCount
        maximumAdmitted = configuration.maximumWaitingRequests + threadCount
        pool = NIOThreadPool(numberOfThreads: threadCount)
        pool.start()
    }

    /// Threads that nobody has work for.
    package var idleCount: Int { max(0, threadCount - jobs.load(ordering: .relaxed)) }

    /// Requests that wait for a thread or are computed.
    package var admittedCount: Int { admitted.load(ordering: .relaxed) }

    /// Runs `work` on a thread, or answers false at once where too many wait.
    func submit(_ work: @escaping @Sendable () -> Void) -> Bool {
        guard admitted.add(1, ordering: .relaxed).newValue <= maximumAdmitted else {
            admitted.subtract(1, ordering: .relaxed)
            return false
        }
        resume { [self] in
            work()
            admitted.subtract(1, ordering: .relaxed)
        }
        return true
    }

    /// Runs the continuation of admitted work, whatever waits; nothing once the pool stops.
    func resume(_ work: @escaping @Sendable () -> Void) {
        jobs.add(1, ordering: .relaxed)
        pool.submit { [self] state in
            if state == .active { work() }
            jobs.subtract(1, ordering: .relaxed)
        }
    }

    /// Runs `part(0)` to `part(count - 1)`, each once, on this thread and on others as they become free, and returns when
    /// all have run. To be called on a thread of the pool: it waits only for parts that another thread has begun.
    package func run(_ count: Int, _ part: @escaping @Sendable (Int) -> Void) {
        guard count > 1 else {
            if count == 1 { part(0) }
            return
        }
        let spread = Spread(count, part)
        for _ in 1..<count { resume { spread.help() } }
        spread.help()
        spread.wait()
    }

    package func stop() async {
        try? await pool.shutdownGracefully()
    }
}
