package import Stopping

/// What the server asks of those who answer: a call for each request.
package struct HTTPHandler: Sendable {
    /// A request's header has come, and its body is still to come; or nil for a request that is refused before its header
    /// could be read. Asked on the event loop, so it must not wait.
    package let begin: @Sendable (HTTPRequest?) -> HTTPCall

    package init(begin: @escaping @Sendable (HTTPRequest?) -> HTTPCall) { self.begin = begin }
}

/// One request from its header to the last byte of its answer.
package struct HTTPCall: Sendable {
    /// Whether the header alone decides the answer.
    package let verdict: HTTPVerdict
    /// Whether it is answered even on a connection too many: what asks whether the server lives must not be told that it is
    /// busy.
    package let isVital: Bool
    /// Who asks, for fair shares: the name of the key, else the address of the client, of IPv6 the first 64 bits.
    package let caller: @Sendable () -> String
    /// What ``plan`` costs for a body of so many bytes, before anything of it is read.
    package let readingPrice: @Sendable (_ bodyBytes: Int) -> HTTPPrice
    /// Parses and checks the request. It is called once: on the event loop if the body is short and not compressed, else on
    /// a worker.
    package let plan: @Sendable (HTTPRequest, StopFlag) -> HTTPPlan
    /// The server's own refusals as answers.
    package let refusal: @Sendable (HTTPRefusal) -> HTTPResponse
    /// Called once, at the end, on the event loop.
    package let ended: @Sendable (HTTPOutcome) -> Void

    package init(
        verdict: HTTPVerdict = .now(nil), isVital: Bool = false,
        caller: @escaping @Sendable () -> String = { "" },
        readingPrice: @escaping @Sendable (_ bodyBytes: Int) -> HTTPPrice = { _ in HTTPPrice() },
        plan: @escaping @Sendable (HTTPRequest, StopFlag) -> HTTPPlan,
        refusal: @escaping @Sendable (HTTPRefusal) -> HTTPResponse,
        ended: @escaping @Sendable (HTTPOutcome) -> Void = { _ in }
    ) {
        self.verdict = verdict
        self.isVital = isVital
        self.caller = caller
        self.readingPrice = readingPrice
        self.plan = plan
        self.refusal = refusal
        self.ended = ended
    }
}

/// Why the server itself does not have a request answered.
package struct HTTPRefusal: Error, Sendable, Equatable {
    package enum Reason: Sendable, Equatable {
        /// Not HTTP, or not as this server speaks it.
        case malformed
        /// The header, the target or the body is over a bound.
        case tooLarge
        /// The header or the body took too long to come.
        case tooSlow
        /// The body's content coding is unknown, broken or inflates too far.
        case coding
        /// One connection too many.
        case connections
        /// Too many requests wait for a thread, or this one has waited too long.
        case queue
        /// The bytes of the requests in work are over the budget.
        case memory
        /// The request needs more memory than all requests may compute in.
        case tooExpensive(heldBytes: Int, limitBytes: Int)
        /// It was computed for longer than a request may be.
        case deadline
        /// The handler's answer cannot be sent.
        case answer
    }

    package let status: Int
    package let detail: String
    package let reason: Reason
    /// Of the target, where it is known.
    package var path: String?

    package init(_ status: Int, _ reason: Reason, _ detail: String) {
        self.status = status
        self.reason = reason
        self.detail = detail
    }

    /// The budget has no room at the moment.
    static let memory = HTTPRefusal(503, .memory, "the requests in work take all the memory that they may")

    static let queueIsFull = HTTPRefusal(503, .queue, "too many requests wait for a processor")

    static func tooExpensive(heldBytes: Int, limitBytes: Int) -> HTTPRefusal {
        HTTPRefusal(
            422, .tooExpensive(heldBytes: heldBytes, limitBytes: limitBytes),
            "the computation would hold \(heldBytes) bytes of memory; \(limitBytes) are allowed")
    }

    static func bodyTooLarge(_ maximumBytes: Int) -> HTTPRefusal {
        HTTPRefusal(413, .tooLarge, "the body is larger than \(maximumBytes) bytes")
    }
}

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
