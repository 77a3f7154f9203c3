import NIOPosix
import Synchronization

/// The threads that compute: as many as configured, with a bounded queue before them.
final class WorkerPool: Sendable {
    private let pool: NIOThreadPool
    private let waiting = Mutex(0)
    private let maximum: Int
    let threadCount: Int

    init(threads: Int, maximumWaiting: Int) {
        pool = NIOThreadPool(numberOfThreads: threads)
        maximum = maximumWaiting + threads
        threadCount = threads
        pool.start()
    }

    /// Runs `work` on a thread, or answers false at once where too many wait.
    func submit(_ work: @escaping @Sendable () -> Void) -> Bool {
        let isAdmitted = waiting.withLock { waiting in
            guard waiting < maximum else { return false }
            waiting += 1
            return true
        }
        guard isAdmitted else { return false }
        resume {
            work()
            self.waiting.withLock { $0 -= 1 }
        }
        return true
    }

    /// Runs the continuation of admitted work, whatever waits; nothing once the pool stops.
    func resume(_ work: @escaping @Sendable () -> Void) {
        pool.submit { if $0 == .active { work() } }
    }

    func stop() async {
        try? await pool.shutdownGracefully()
    }
}
