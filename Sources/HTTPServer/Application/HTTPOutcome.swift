/// What became of a request.
package struct HTTPOutcome: Sendable {
    /// Of the answer; nil where the connection ended before there was one.
    package var status: Int?
    package var refusal: HTTPRefusal.Reason?
    /// Of the request's body, as sent.
    package var bytesIn = 0
    /// Of the answer, header and framing included.
    package var bytesOut = 0
    /// Whether the whole answer was taken by the socket.
    package var isComplete = false
    /// From the first byte of the request to the last of the answer.
    package var duration = Duration.zero
    /// Of that, waiting for a thread.
    package var queue: Duration?
    /// Of that, computing, up to the first byte of the answer.
    package var compute: Duration?

    package init() {}

    /// Adds what one step of the request took: the check of its caller, or its answer.
    mutating func addTimes(queue: Duration?, compute: Duration?) {
        if let queue { self.queue = (self.queue ?? .zero) + queue }
        if let compute { self.compute = (self.compute ?? .zero) + compute }
    }
}
