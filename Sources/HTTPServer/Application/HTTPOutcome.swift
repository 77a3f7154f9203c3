/// What became of a request.
package struct HTTPOutcome: Sendable {
    /// The status of the answer; nil if the connection ended before there was one.
    package var status: Int?
    package var refusal: HTTPRefusal.Reason?
    /// Bytes of the request's body, as sent.
    package var bytesIn = 0
    /// Bytes of the answer, with its header and framing.
    package var bytesOut = 0
    /// Whether the whole answer was taken by the socket.
    package var isComplete = false
    /// The time from the first byte of the request to the last byte of the answer.
    package var duration = Duration.zero
    /// The part of it that the request waited for a thread.
    package var queue: Duration?
    /// The part of it that was computing, up to the first byte of the answer.
    package var compute: Duration?

    package init() {}

    /// Adds what one step of the request took: the check of its caller, or its answer.
    mutating func addTimes(queue: Duration?, compute: Duration?) {
        if let queue { self.queue = (self.queue ?? .zero) + queue }
        if let compute { self.compute = (self.compute ?? .zero) + compute }
    }
}
