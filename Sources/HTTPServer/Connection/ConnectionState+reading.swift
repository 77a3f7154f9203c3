import NIOCore

/// The first half of a request's way: from bytes to a request that the application can answer, or to a refusal.
extension ConnectionState {
    /// Hands on what waits, as far as it may pass.
    mutating func pass() {
        if let piece = input.next() {
            if piece.isStart { start() }
            if let refusal = piece.refusal { return refuse(refusal) }
            return emit(.decode(piece.bytes))
        }
        let released = input.released()
        if released.read { emit(.read) }
        if released.end { emit(.decodeEnd) }
    }

    /// The decoder has taken a piece.
    mutating func decoded() {
        input.decoded()
        guard !input.isHeaderUnclear else {
            return refuse(HTTPRefusal(400, .malformed, "the header has no clear end"))
        }
        pass()
    }

    /// The client sends no more, but may have sent requests that still wait.
    mutating func inputClosed() {
        if input.mayEnd() { return emit(.decodeEnd) }
        if let stream {
            if stream.isComputed, request.price.isAttended { close() }
        } else if isUnanswered {
            order(.inputClosed)
        }
    }

    func refusal(_ fault: DecoderFault) -> HTTPRefusal {
        switch fault {
        case .tooManyFields:
            HTTPRefusal(431, .tooLarge, "more than \(configuration.maximumHeaderCount) header fields")
        case .unknownMethod where input.hasMethodOfLetters:
            HTTPRefusal(501, .malformed, "the method is not one that is known")
        case .unknownMethod, .other: HTTPRefusal(400, .malformed, "the request is not HTTP/1.1")
        }
    }

    // MARK: Header

    mutating func begin(_ received: ReceivedHead) {
        guard phase == .header else { return }
        request.know(received)
        switch received.checked {
        case .success(let head): order(.begin(head))
        case .failure(let refusal): refuse(refusal)
        }
    }

    mutating func begun(_ isVital: Bool, _ verdict: HTTPVerdict) {
        guard phase == .header, let head = request.head else { return }
        guard admit(head, isVital: isVital) else {
            return refuse(HTTPRefusal(503, .connections, "too many connections are open"))
        }
        switch verdict {
        case .now(let response): proceed(head, response)
        case .later:
            phase = .verdict
            // The wait in the queue and the check are not the client's fault.
            clearTimer()
            input.hold()
            order(.check)
        }
    }

    mutating func checked(
        _ verdict: HTTPResponse?, _ refusal: HTTPRefusal.Reason?, _ queue: Duration?, _ compute: Duration?
    ) {
        guard phase == .verdict, let head = request.head else { return }
        request.outcome.addTimes(queue: queue, compute: compute)
        if let refusal { request.outcome.refusal = refusal }
        phase = .header
        proceed(head, verdict)
        if request.hasEnded { requestEnded() }
        pass()
    }

    /// Reads the body of a request whose verdict is known, or answers without it.
    private mutating func proceed(_ head: RequestHead, _ verdict: HTTPResponse?) {
        if let verdict {
            // A short body is read and dropped, so that the connection goes on. A longer one is neither read nor awaited.
            guard head.body.isShort, !head.expectsContinue, head.refusal == nil else {
                discard()
                return write(verdict)
            }
        } else {
            do throws(HTTPRefusal) {
                if let refusal = head.refusal { throw refusal }
                request.bodyCoding = try head.bodyCoding()
            } catch {
                return refuse(error)
            }
        }
        if head.expectsContinue {
            emit(.write(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")))
            emit(.flush)
        }
        request.verdict = verdict
        phase = .body
        setTimer(.body, body.begin(configuration.bodyDeadline))
        input.expect(head.body)
    }

    // MARK: Body

    mutating func add(_ chunk: ByteBuffer) {
        guard phase == .body, let head = request.head else { return }
        let step = body.add(
            chunk, head.body, isCoded: request.bodyCoding != nil, maximum: configuration.maximumBodyBytes)
        switch step {
        case .added: request.outcome.bytesIn = body.count
        case .needs(let count):
            request.outcome.bytesIn = body.count
            order(.takeMemory(count))
        case .tooLarge: refuse(.bodyTooLarge(configuration.maximumBodyBytes))
        }
    }

    mutating func bodyTimePassed() {
        let span = body.nextSpan(
            configuration.bodyDeadline, minimumBytesPerSecond: configuration.minimumBytesPerSecond)
        if let span {
            setTimer(.body, span)
        } else {
            refuse(HTTPRefusal(408, .tooSlow, "the body took too long"))
        }
    }

    /// The decoder has reported the end of the request. It does so together with the header if there is no body.
    mutating func requestEnded() {
        request.hasEnded = true
        guard phase == .body else { return }
        guard input.hasRequestEnded else { return refuse(HTTPRefusal(400, .malformed, "the body has no clear end")) }
        clearTimer()
        phase = .answering
        let bytes = body.take()
        if let verdict = request.verdict { return write(verdict) }
        order(
            .answer(
                ReceivedRequest(
                    body: bytes, bodyCoding: request.bodyCoding, answerCodings: request.isHead ? nil : request.codings,
                    isInputClosed: input.isClosed)))
    }

    // MARK: Refusals

    /// Writes a refusal and ends the connection.
    mutating func refuse(_ refusal: HTTPRefusal) {
        switch phase {
        case .answering, .farewell, .closing, .closed: return
        case .idle: forget()
        case .header, .verdict, .body: break
        }
        discard()
        orderRefusal(refusal)
        pass()
    }

    /// The answer that follows is the last, whatever may still come of the request.
    private mutating func discard() {
        if phase == .verdict { order(.abandon) }
        phase = .answering
        _ = body.take()
        request.isKeepAlive = false
        input.discard()
    }
}
