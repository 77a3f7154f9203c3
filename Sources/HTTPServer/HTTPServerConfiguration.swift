/// Every bound of the server, with its default.
package struct HTTPServerConfiguration: Sendable {
    package var host = "127.0.0.1"
    /// 0 takes any free port.
    package var port = 8080
    package var eventLoopCount = 1
    /// Threads that compute.
    package var workerCount = 1
    /// Requests that wait for a thread; one more is refused with 503.
    package var maximumWaitingRequests = 256
    /// Plans over 50 ms of one caller that are computed at a time; nil for all workers but one, at least one; 0 for no
    /// bound of its own.
    package var maximumConcurrentPerCaller: Int?
    package var maximumBodyBytes = 64 << 20
    package var maximumHeaderBytes = 16 << 10
    package var maximumHeaderCount = 100
    package var maximumTargetBytes = 8 << 10
    package var maximumConnections = 4096
    /// Of one address; nil for no bound of its own.
    package var maximumConnectionsPerAddress: Int?
    /// After so many requests a connection is closed, so that long-lived clients spread over replicas again.
    /// A connection without a request in work may be closed for another after so long without a byte, if there are too many.
    package var silence = Duration.seconds(1)
    package var maximumRequestsPerConnection = 100_000
    /// Bytes of bodies, waiting questions, computations and unsent answers together.
    package var memoryBudgetBytes = 1 << 30
    /// Nil for plain HTTP.
    package var tls: TLSSettings?
    /// From the first byte of a request to the end of its header.
    package var headerDeadline = Duration.seconds(10)
    /// For a body, besides the time that ``minimumBytesPerSecond`` allows for what has come.
    package var bodyDeadline = Duration.seconds(30)
    /// The slowest client that is waited for, sending a body or taking an answer.
    package var minimumBytesPerSecond = 10_000
    /// For a connection without a request.
    package var idleTimeout = Duration.seconds(75)
    /// The span in which the reader of an answer must take its bytes at ``minimumBytesPerSecond``.
    package var writeStallDeadline = Duration.seconds(30)
    /// For an answer, besides the time that its bytes take at ``minimumAnswerBytesPerSecond``.
    package var answerDeadline = Duration.seconds(30)
    /// The rate at which a reader must take an answer as a whole. For moments ``minimumBytesPerSecond`` is enough.
    package var minimumAnswerBytesPerSecond = 1_000_000
    /// For a request that waits for a thread.
    package var queueDeadline = Duration.seconds(30)
    /// From the start of computing to its end, without the time for other requests in between.
    package var computeDeadline = Duration.seconds(30)
    /// From the order to stop until connections are cut.
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
