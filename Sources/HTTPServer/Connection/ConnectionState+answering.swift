import NIOCore

/// The second half of a request's way: from the application's answer to the last byte that the client takes.
extension ConnectionState {
    /// Whether the application has the request and its answer has not come.
    var isUnanswered: Bool { phase == .answering && request.outcome.status == nil }

    mutating func orderRefusal(_ refusal: HTTPRefusal) {
        var refusal = refusal
        refusal.path = request.path
        request.outcome.refusal = refusal.reason
        order(.refuse(refusal))
    }

    mutating func answered(_ answer: RequestAnswer) {
        guard isUnanswered else { return }
        request.outcome.addTimes(queue: answer.queue, compute: answer.compute)
        if let price = answer.price { request.price = price }
        if let refusal = answer.refusal { request.outcome.refusal = refusal }
        write(answer.response)
    }

    /// Writes an answer: a short one in one piece, a long one in parts as the reader takes them.
    mutating func write(_ response: HTTPResponse) {
        var response = response
        if !response.isLegal {
            guard request.isReplaced else {
                request.isReplaced = true
                return orderRefusal(HTTPRefusal(500, .answer, "the answer has a header that cannot be sent"))
            }
            response = response.legal
        }
        if isDraining { request.isKeepAlive = false }
        request.outcome.status = response.status
        reader = ReaderWatch()
        let head = ResponseHead(response, &request)
        let mayHaveBody = response.mayHaveBody && !request.isHead
        switch response.body {
        case _ where !mayHaveBody: writeWhole(head, [])
        case .bytes(let bytes): writeWhole(head, bytes)
        case .pulled(let source):
            put(head, [])
            emit(.flush)
            // Most often a worker has taken this already.
            order(.holdAllocated(response.unsentBytes(request.price)))
            request.answerBytes = request.price.printedBytes
            stream = AnswerStream(source, isChunked: head.isChunked, workerCount: configuration.workerCount)
            order(.startParts(source, isChunked: head.isChunked))
            watchReader()
            advance()
        }
    }

    private mutating func writeWhole(_ head: ResponseHead, _ bytes: [UInt8]) {
        request.answerBytes = bytes.count
        put(head, bytes)
        emit(.finish)
    }

    private mutating func put(_ head: ResponseHead, _ bytes: [UInt8]) {
        var buffer = ByteBufferAllocator().buffer(capacity: head.text.utf8.count + bytes.count)
        buffer.writeString(head.text)
        buffer.writeBytes(bytes)
        reader.add(buffer.readableBytes)
        emit(.writeHead(buffer, dateIndex: head.dateIndex))
    }

    private mutating func put(_ buffer: ByteBuffer) {
        reader.add(buffer.readableBytes)
        emit(.write(buffer))
    }

    // MARK: Parts

    mutating func take(_ part: AnswerPart) {
        stream?.take(part)
        if let compute = stream?.compute, compute > configuration.computeDeadline {
            // The application ends the answer with a part that is cut.
            request.outcome.refusal = .deadline
            order(.stop)
        }
        advance()
    }

    /// Sends what is made while the reader keeps up, and has more made.
    mutating func advance() {
        guard let step = stream?.advance(isWritable: isWritable) else { return }
        for part in step.parts { put(part) }
        for number in step.asked { order(.makePart(number)) }
        if step.isOver {
            finishParts()
        } else if !step.parts.isEmpty {
            emit(.flush)
        }
    }

    private mutating func finishParts() {
        guard let stream else { return }
        if !stream.isCut {
            if stream.isChunked { put(ByteBuffer(string: "0\r\n\r\n")) }
            return emit(.finish)
        }
        // The client must not take the answer for whole: it misses the last chunk, or the connection is reset.
        request.isKeepAlive = false
        request.isCut = true
        guard !stream.isChunked else { return emit(.finish) }
        emit(.flush)
        emit(.resetOnClose)
        close()
    }

    // MARK: The reader

    /// The answer is written. Goes on when the system has taken it.
    mutating func flushed(_ waitingBytes: Int) {
        guard phase == .answering else { return }
        if waitingBytes == 0 { return finishAnswer() }
        guard stream == nil else { return emit(.awaitTaken) }
        // The answer is in the channel's memory until the reader takes it.
        order(.holdMemory(min(waitingBytes, request.answerBytes)))
    }

    mutating func memory(_ isGranted: Bool) {
        switch (phase, isGranted) {
        case (.body, true): body.grant()
        case (.body, false): refuse(.memory)
        case (.answering, true):
            watchReader()
            emit(.awaitTaken)
        case (.answering, false): close()
        default: break
        }
    }

    private mutating func watchReader() {
        let allowed = request.answerBytes / max(1, configuration.minimumAnswerBytesPerSecond)
        // What is computed while it is sent may also take the time of its computation.
        let compute = stream?.isComputed == true ? configuration.computeDeadline : .zero
        let span = reader.begin(
            answer: configuration.answerDeadline + .seconds(allowed) + compute, span: configuration.writeStallDeadline)
        setTimer(.reader, span)
        emit(.measure)
    }

    mutating func readerTimePassed() { obey(reader.timePassed()) }

    mutating func measured(_ taken: Int?, _ waiting: Int) {
        guard phase == .answering else { return }
        let span = configuration.writeStallDeadline
        let seconds = Double(span.components.seconds) + Double(span.components.attoseconds) * 1e-18
        let minimum = max(1, Int(seconds * Double(configuration.minimumBytesPerSecond)))
        if let verdict = reader.measured(taken, waiting: waiting, span: span, minimum: minimum) { obey(verdict) }
    }

    private mutating func obey(_ verdict: ReaderWatch.Verdict) {
        switch verdict {
        case .wait(let span): setTimer(.reader, span)
        case .measure: emit(.measure)
        case .tooSlow: close()
        }
    }
}
