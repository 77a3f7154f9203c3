import NIOCore

/// What a worker has made of a request.
struct AnswerResult: Sendable {
    enum Answer: Sendable {
        case response(HTTPResponse)
        case refusal(HTTPRefusal)
        /// The client has ended its side, and the plan is too dear to be computed for nobody.
        case nobodyWaits
    }

    let answer: Answer
    let price: HTTPPrice
    /// The time in the queue, all turns together.
    let queue: Duration
    let compute: Duration
}

/// Whether a request on its way through the workers has taken too long.
enum AnswerTime {
    /// Not before this time.
    case notBefore(NIODeadline)
    case hasWaitedTooLong
    case hasComputedTooLong
}
