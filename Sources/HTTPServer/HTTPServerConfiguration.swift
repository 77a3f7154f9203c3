/// Every limit of the server, with its default.
package struct HTTPServerConfiguration: Sendable {
    package var host = "127.0.0.1"
    /// 0 takes any free port.
    package var port = 8080
    package var eventLoopCount = 1
    /// The number of threads that compute.
    package var workerCount = 1
    /// The most requests that wait for a thread. One more is refused with 503.
    package var maximumWaitingRequests = 256
    /// The most plans over 50 ms of one caller that are computed at a time. Nil means all workers but one, and at least one.
    /// 0 means no limit.
    package var maximumConcurrentPerCaller: Int?
    package var maximumBodyBytes = 64 << 20
    package var maximumHeaderBytes = 16 << 10
    package var maximumHeaderCount = 100
    package var maximumTargetBytes = 8 << 10
    package var maximumConnections = 4096
    /// The most open connections from one address. Nil means no limit.
    package var maximumConnectionsPerAddress: Int?
    /// If there are too many connections, one without a request in work may be closed for another after so long without a
    /// byte.
    package var silence = Duration.seconds(1)
    /// The number of requests after which a connection is closed, so that long-lived clients spread over replicas again.
    package var maximumRequestsPerConnection = 100_000
    /// The most bytes that bodies, waiting questions, computations and unsent answers hold together.
    package var memoryBudgetBytes = 1 << 30
    /// Certificates and keys. Nil means plain HTTP.
    package var tls: TLSSettings?
    /// The time from the first byte of a request to the end of its header.
    package var headerDeadline = Duration.seconds(10)
    /// The time for a body, in addition to the time that its bytes take at ``minimumBytesPerSecond``.
    package var bodyDeadline = Duration.seconds(30)
    /// The slowest client that is waited for, sending a body or taking an answer.
    package var minimumBytesPerSecond = 10_000
    /// The time that a connection may have no request.
    package var idleTimeout = Duration.seconds(75)
    /// The span in which the reader of an answer must take its bytes at ``minimumBytesPerSecond``.
    package var writeStallDeadline = Duration.seconds(30)
    /// The time for an answer, in addition to the time that its bytes take at ``minimumAnswerBytesPerSecond``.
    package var answerDeadline = Duration.seconds(30)
    /// The rate at which a reader must take an answer as a whole. For moments ``minimumBytesPerSecond`` is enough.
    package var minimumAnswerBytesPerSecond = 1_000_000
    /// The time that a request may wait for a thread.
    package var queueDeadline = Duration.seconds(30)
    /// The time for a computation, without the time that other requests take in between.
    package var computeDeadline = Duration.seconds(30)
    /// The time from the signal to stop until connections are cut.
    package var drainDeadline = Duration.seconds(20)

    package init() {}

    package var memoryShares: MemoryShares { MemoryShares(budgetBytes: memoryBudgetBytes, workerCount: workerCount) }

    var maximumLongPerCaller: Int {
        switch maximumConcurrentPerCaller {
        case 0: .max
        case let maximum?: maximum
        case nil: max(1, workerCount - 1)
        }
    }
}
