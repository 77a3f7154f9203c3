package import NIOCore

/// What a ``ConnectionState`` learns: from the socket, NIO's decoder, the clock, the server and the application.
///
/// The large values are `indirect`: an event is handed on several times, and a copy of a few words costs less.
package enum ConnectionEvent: Sendable {
    // MARK: Socket

    /// The client has connected.
    case opened
    /// The TLS handshake is over.
    case handshakeCompleted
    /// The channel could read more.
    case readRequested
    /// Bytes of the client, decrypted.
    case bytes(ByteBuffer)
    /// The client has ended its side of the connection.
    case inputClosed
    case writabilityChanged(isWritable: Bool)
    /// The reply to ``ConnectionAction/finish``: the system has taken all that was written but `waitingBytes`.
    case flushed(waitingBytes: Int)
    /// The reply to ``ConnectionAction/awaitTaken``: the system has taken all that was written.
    case taken
    /// The reply to ``ConnectionAction/measure``.
    ///
    /// - `takenBytes`: bytes of the connection that the client's system has acknowledged; nil if the system does not say.
    /// - `waitingBytes`: bytes that were written and that the server's system has not taken.
    case measured(takenBytes: Int?, waitingBytes: Int)
    /// The socket or TLS has failed.
    case failed
    /// The connection has ended.
    case closed

    // MARK: Decoder

    indirect case head(ReceivedHead)
    case body(ByteBuffer)
    /// The request has ended.
    case end
    /// The decoder reads no further.
    case broken(DecoderFault)
    /// The reply to ``ConnectionAction/decode(_:)``, after the parts that the bytes contain.
    case decoded
    /// The reply to ``ConnectionAction/decodeEnd``, after the fault if the input ends too early.
    case inputDecoded

    // MARK: Clock and server

    case timePassed(ConnectionTimer)
    /// The server stops: what is in work is finished.
    case draining

    // MARK: Application

    /// The reply to ``RequestOrder/begin(_:)``.
    indirect case begun(isVital: Bool, HTTPVerdict)
    /// The result of ``RequestOrder/check``: the response that is sent instead of any other, or nil.
    indirect case checked(HTTPResponse?, refusal: HTTPRefusal.Reason?, queue: Duration?, compute: Duration?)
    /// The result of ``RequestOrder/answer(_:)`` and the reply to ``RequestOrder/refuse(_:)``.
    indirect case answered(RequestAnswer)
    /// The request is with the workers. After `nextCheck`, their time is checked.
    case working(nextCheck: Duration)
    /// The plan is too dear to be computed for a client that may have left.
    case nobodyWaits
    /// The reply to ``RequestOrder/takeMemory(_:)`` and ``RequestOrder/holdMemory(_:)``.
    case memory(isGranted: Bool)
    /// The result of ``RequestOrder/makePart(_:)``.
    indirect case part(AnswerPart)
    /// The other reply to ``RequestOrder/makePart(_:)``: the answer has `count` parts, and the one that was asked for is not
    /// among them.
    case noMoreParts(count: Int)
}

/// What the time of a connection is set for. One timer runs at a time.
package enum ConnectionTimer: Sendable, Equatable {
    /// Until the first byte of a request, or of the TLS handshake.
    case idle
    /// Until the end of a header.
    case header
    /// Until the end of a body.
    case body
    /// Until the time of the workers is checked.
    case work
    /// Until the reader's pace is checked.
    case reader
    /// Until a connection is closed whose last answer was sent.
    case farewell
}
