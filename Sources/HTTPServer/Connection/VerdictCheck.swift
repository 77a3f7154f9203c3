import NIOCore
import Stopping

/// One verdict's way through the workers: a worker checks the caller of a request whose header has come.
final class VerdictCheck: Sendable {
    struct Result: Sendable {
        /// The response that is sent instead of any other; nil if the request goes on.
        let verdict: HTTPResponse?
        /// Waiting for a worker.
        let queue: Duration
        let compute: Duration
    }

    /// Set if nobody waits for the verdict any more.
    let stop = StopFlag()
    private let exchange: any HTTPExchange
    private let deliver: @Sendable (VerdictCheck, Result) -> Void

    /// - Parameter deliver: called once, on a worker, unless nobody waits.
    init(_ exchange: any HTTPExchange, deliver: @escaping @Sendable (VerdictCheck, Result) -> Void) {
        self.exchange = exchange
        self.deliver = deliver
    }

    /// - Returns: false if too many requests wait.
    func start(_ workers: WorkerPool) -> Bool {
        let admitted = NIODeadline.now()
        return workers.admit(
            WorkItem(caller: exchange.caller, kind: .short, isRequest: true) { [self] _ in
                defer { workers.requestEnded() }
                guard !stop.isSet else { return }
                let start = NIODeadline.now()
                let verdict = exchange.check()
                let queue = Duration.nanoseconds((start - admitted).nanoseconds)
                deliver(self, Result(verdict: verdict, queue: queue, compute: Duration(since: start)))
            })
    }
}
