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
    /// Bytes of the bodies that are read or answered, and of answers that are being sent.
    package var memoryBudgetBytes = 1 << 30
    /// Nil for plain HTTP.
    package var tls: TLSConfiguration?
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
    /// From the order to stop until connections are cut.
    package var drainDeadline = Duration.seconds(20)

    package init() {}
}
