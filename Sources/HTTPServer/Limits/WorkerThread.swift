import Synchronization

/// What a thread of the ``WorkerPool`` knows of itself.
final class WorkerThread: Sendable {
    let number: Int
    let pool: WorkerPool
    private let state = Mutex((item: WorkItem?.none, isMakingRoom: false))

    /// What the thread runs.
    var item: WorkItem? {
        get { state.withLock { $0.item } }
        set { state.withLock { $0.item = newValue } }
    }

    /// Whether it runs work of others inside of its own.
    var isMakingRoom: Bool {
        get { state.withLock { $0.isMakingRoom } }
        set { state.withLock { $0.isMakingRoom = newValue } }
    }

    init(_ number: Int, _ pool: WorkerPool) {
        self.number = number
        self.pool = pool
    }
}
