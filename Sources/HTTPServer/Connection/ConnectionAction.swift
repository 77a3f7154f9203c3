package import NIOCore

/// What a ``ConnectionState`` has done, in this order. An action with a reply gets it before any other event.
///
/// Its large values are `indirect`, as those of ``ConnectionEvent`` are.
package enum ConnectionAction: Sendable {
    // MARK: Reading

    case read
    /// Hands bytes to NIO's decoder. The reply is ``ConnectionEvent/decoded``.
    case decode(ByteBuffer)
    /// Reports the end of the input to NIO's decoder. The reply is ``ConnectionEvent/inputDecoded``.
    case decodeEnd

    // MARK: Writing

    case write(ByteBuffer)
    /// Writes a header after its date is set: the bytes of ``DateField/placeholder`` are at `dateIndex`.
    case writeHead(ByteBuffer, dateIndex: Int)
    case flush
    /// Flushes an answer that is written to its end. The reply is ``ConnectionEvent/flushed(waitingBytes:)``.
    case finish
    /// Waits until the system has taken all that was written. ``ConnectionEvent/taken`` or ``ConnectionEvent/failed`` follows.
    case awaitTaken
    /// Asks how much the reader has taken. The reply is ``ConnectionEvent/measured(takenBytes:waitingBytes:)``.
    case measure

    // MARK: Ending

    case closeOutput
    /// Has ``close`` reset the connection, so that the client does not take the answer for whole.
    case resetOnClose
    case close

    // MARK: Time

    /// Sets the one timer, instead of the one before it.
    case setTimer(ConnectionTimer, Duration)
    case clearTimer

    // MARK: Others

    /// Tells the list of connections whether a whole request waits for its answer.
    case setBusy(Bool)
    case request(RequestOrder)
}

/// What a ``ConnectionState`` has done about its request by the application and the workers.
package enum RequestOrder: Sendable {
    /// The first byte of a request has come: it has a new stop flag, and its time begins.
    case start
    /// Begins an exchange. The reply is ``ConnectionEvent/begun(isVital:_:)``.
    indirect case begin(RequestHead)
    /// Has a worker ask the exchange for its verdict. ``ConnectionEvent/checked(_:refusal:queue:compute:)`` follows.
    case check
    /// Has the request answered. ``ConnectionEvent/answered(_:)`` or ``ConnectionEvent/nobodyWaits`` follows.
    indirect case answer(ReceivedRequest)
    /// Has a refusal put into words. The reply is ``ConnectionEvent/answered(_:)``.
    indirect case refuse(HTTPRefusal)

    // MARK: Memory

    /// Takes bytes more from the budget. The reply is ``ConnectionEvent/memory(isGranted:)``.
    case takeMemory(Int)
    /// Holds so many bytes instead of what is held. The reply is ``ConnectionEvent/memory(isGranted:)``.
    case holdMemory(Int)
    /// Holds so many bytes that are in use already.
    case holdAllocated(Int)

    // MARK: While a worker computes

    /// Asks whether the request has waited or computed too long. ``ConnectionEvent/working(nextCheck:)`` or
    /// ``ConnectionEvent/answered(_:)`` follows, unless the answer is on its way.
    case checkTime
    /// The client has ended its side. The reply is ``ConnectionEvent/nobodyWaits`` if the plan is too dear for that.
    case inputClosed
    /// Tells the computation to stop. It is over its deadline, and its answer is cut.
    case stop

    // MARK: Long answers

    indirect case startParts(HTTPSource, isChunked: Bool)
    /// Has a part made. ``ConnectionEvent/part(_:)`` or ``ConnectionEvent/noMoreParts(count:)`` follows.
    case makePart(Int)

    // MARK: Ending

    /// Tells the exchange what became of the request, and gives its memory back.
    indirect case end(HTTPOutcome)
    /// Stops all work for the request. Nobody waits for it any more.
    case abandon
}

/// A request that has come to its end, for the application.
package struct ReceivedRequest: Sendable {
    package let body: ByteBuffer
    /// The coding of `body`.
    package let bodyCoding: ContentCoding?
    /// The codings that the answer may have. Nil for HEAD, whose answer has no body.
    package let answerCodings: AnswerCodings?
    /// Whether the client has ended its side.
    package let isInputClosed: Bool
}

/// What the application or a worker has made of a request.
package struct RequestAnswer: Sendable {
    package var response: HTTPResponse
    /// Why the response is a refusal of the server.
    package var refusal: HTTPRefusal.Reason?
    /// The price of the plan; nil if it is not known or does not change.
    package var price: HTTPPrice?
    package var queue: Duration?
    package var compute: Duration?

    package init(
        _ response: HTTPResponse, refusal: HTTPRefusal.Reason? = nil, price: HTTPPrice? = nil, queue: Duration? = nil,
        compute: Duration? = nil
    ) {
        self.response = response
        self.refusal = refusal
        self.price = price
        self.queue = queue
        self.compute = compute
    }
}
