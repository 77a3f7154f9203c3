/// Why the server itself does not have a request answered.
package struct HTTPRefusal: Error, Sendable, Equatable {
    package enum Reason: Sendable, Equatable {
        /// Not HTTP, or not as this server speaks it.
        case malformed
        /// The header, the target or the body is over a limit.
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
        /// The application's answer cannot be sent.
        case answer
    }

    package let status: Int
    package let detail: String
    package let reason: Reason
    /// The path of the target, if it is known.
    package var path: String?

    package init(_ status: Int, _ reason: Reason, _ detail: String) {
        self.status = status
        self.reason = reason
        self.detail = detail
    }

    /// The refusal in the words of the application, with the fields that say what to do.
    package func response(of exchange: any HTTPExchange) -> HTTPResponse {
        var response = exchange.response(to: self)
        switch status {
        // What took too long takes as long again.
        case 503 where reason != .deadline: response.headers.append(("Retry-After", "1"))
        case 415: response.headers.append(("Accept-Encoding", "gzip, deflate"))
        default: break
        }
        return response
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
