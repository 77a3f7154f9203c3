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
    /// The answer where it takes well under a millisecond, so that it may be made on the event loop; nil where ``answer``
    /// must be asked on a worker.
    package let quickAnswer: @Sendable (HTTPRequest) -> HTTPResponse?
    package let answer: @Sendable (HTTPRequest) -> HTTPResponse
    /// About how many bytes ``answer`` takes while it is at work, besides the body.
    package let workingBytes: @Sendable (HTTPRequest) -> Int
    /// The server's own refusals as answers.
    package let refusal: @Sendable (HTTPRefusal) -> HTTPResponse
    /// Called once, at the end, on the event loop.
    package let ended: @Sendable (HTTPOutcome) -> Void

    package init(
        verdict: HTTPVerdict = .now(nil), isVital: Bool = false,
        quickAnswer: @escaping @Sendable (HTTPRequest) -> HTTPResponse?,
        answer: @escaping @Sendable (HTTPRequest) -> HTTPResponse,
        workingBytes: @escaping @Sendable (HTTPRequest) -> Int = { _ in 0 },
        refusal: @escaping @Sendable (HTTPRefusal) -> HTTPResponse,
        ended: @escaping @Sendable (HTTPOutcome) -> Void = { _ in }
    ) {
        self.verdict = verdict
        self.isVital = isVital
        self.quickAnswer = quickAnswer
        self.answer = answer
        self.workingBytes = workingBytes
        self.refusal = refusal
        self.ended = ended
    }
}

/// Why the server itself does not have a request answered.
package struct HTTPRefusal: Error, Sendable, Equatable {
    package enum Reason: Sendable {
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
        /// Too many requests wait for a thread.
        case queue
        /// The bytes of the requests in work are over the budget.
        case memory
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
