import NIOCore

/// Answering: by the event loop, by a worker, or with a refusal.
extension ConnectionHandler {
    func answer(_ incoming: IncomingRequest) {
        deadline?.clear()
        state = .answering
        if let verdict = incoming.verdict { return write(verdict) }
        // OPTIONS of the server as a whole.
        if incoming.request.path == "*" {
            return write(HTTPResponse(status: 204, headers: [], body: .bytes([])))
        }
        let start = NIODeadline.now()
        if incoming.coding == nil, let response = incoming.call.quickAnswer(incoming.request) {
            exchange.outcome.addTimes(queue: nil, compute: Duration(since: start))
            return writeQuick(response)
        }
        guard let context else { return }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let job = AnswerJob(incoming, exchange, configuration, budget)
        let loop = context.eventLoop
        let isAdmitted = workers.submit {
            let result = job.run(admitted: start)
            loop.execute { bound.value.take(result) }
        }
        if !isAdmitted { write(response(HTTPRefusal(503, .queue, "too many requests wait for a processor"))) }
    }

    private func take(_ result: AnswerJob.Result) {
        budget.add(-result.reservedBytes)
        // Where the client has left, the request has ended.
        guard context != nil else { return }
        exchange.outcome.addTimes(queue: result.queue, compute: result.compute)
        switch result.answer {
        case .success(let response): write(response)
        case .failure(let refusal): write(response(refusal))
        }
    }

    /// An answer that was made on the event loop is compressed on a worker.
    private func writeQuick(_ response: HTTPResponse) {
        guard let coding = exchange.coding, response.isWorthCompressing, !exchange.isHead, let context else {
            return write(response)
        }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let loop = context.eventLoop
        workers.resume {
            let response = response.encoded(coding)
            loop.execute { bound.value.write(response) }
        }
    }

    /// A refusal as an answer, in the handler's form.
    func response(_ refusal: HTTPRefusal) -> HTTPResponse {
        let call = exchange.call ?? handler.begin(nil)
        exchange.call = call
        exchange.outcome.refusal = refusal.reason
        var refusal = refusal
        refusal.path = exchange.path
        var response = call.refusal(refusal)
        switch refusal.status {
        case 503: response.headers.append(("Retry-After", "1"))
        case 415: response.headers.append(("Accept-Encoding", "gzip, deflate"))
        default: break
        }
        return response
    }

    /// Writes an answer; a long one part by part, as the reader takes them.
    func write(_ response: HTTPResponse) {
        guard let context, context.channel.isActive else { return }
        guard response.isLegal else {
            return write(
                self.response(HTTPRefusal(500, .answer, "the answer has a header that cannot be sent")).legal)
        }
        if isDraining { exchange.isKeepAlive = false }
        release()
        budget.add(response.heldBytes)
        exchange.heldBytes = response.heldBytes
        exchange.outcome.status = response.status
        let head = ResponseHead(response, &exchange, date: dates.value)
        let mayHaveBody = response.mayHaveBody && !exchange.isHead
        var length = head.text.utf8.count
        if mayHaveBody, case .bytes(let bytes) = response.body { length += bytes.count }
        var buffer = context.channel.allocator.buffer(capacity: length)
        buffer.writeString(head.text)
        reader = ReaderPace()
        deadline?.set(after: configuration.writeStallDeadline)
        switch response.body {
        case _ where !mayHaveBody: send(buffer)
        case .bytes(let bytes):
            buffer.writeBytes(bytes)
            send(buffer)
        case .chunks, .parts:
            put(buffer)
            let stream = AnswerStream(response.body, isChunked: head.isChunked, self)
            self.stream = stream
            stream.advance()
            return
        }
        finish()
    }

    /// Hands bytes to the channel, which sends them with the next ``send(_:)``.
    func put(_ buffer: ByteBuffer) {
        reader.add(buffer.readableBytes)
        context?.write(wrapOutboundOut(buffer), promise: nil)
    }

    func send(_ buffer: ByteBuffer) {
        reader.add(buffer.readableBytes)
        context?.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    /// Bytes that were sent and that the socket has not taken.
    private var waitingBytes: Int {
        (try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }

    /// The answer is written: goes on when the socket has taken it.
    func finish() {
        if waitingBytes == 0 { return finishAnswer() }
        guard let context else { return }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { result in
            switch result {
            case .success: bound.value.finishAnswer()
            case .failure: bound.value.close()
            }
        }
    }

    /// A reader that takes too little in a span of time is left.
    func watchReader() {
        let span = configuration.writeStallDeadline.components
        let seconds = Double(span.seconds) + Double(span.attoseconds) * 1e-18
        let minimum = Int(seconds * Double(configuration.minimumBytesPerSecond))
        guard reader.keepsUp(waiting: waitingBytes, minimum: max(1, minimum)) else { return close() }
        deadline?.set(after: configuration.writeStallDeadline)
    }
}
