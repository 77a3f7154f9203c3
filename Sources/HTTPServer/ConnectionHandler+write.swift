import NIOCore

/// Answering: by the event loop, by a worker, or with a refusal.
extension ConnectionHandler {
    func answer(_ request: HTTPRequest) {
        deadline?.clear()
        state = .answering
        // OPTIONS of the server as a whole.
        if request.path == "*" { return write(HTTPResponse(status: 204, headers: [], body: .bytes([]))) }
        if let response = handler.quickAnswer(request) { return write(response) }
        guard let context else { return }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        let (loop, answer) = (context.eventLoop, handler.answer)
        let isAdmitted = workers.submit {
            let response = answer(request)
            loop.execute { bound.value.write(response) }
        }
        if !isAdmitted {
            write(response(Refusal(status: 503, detail: "too many requests wait for a processor")))
        }
    }

    /// A refusal as an answer, in the handler's form.
    func response(_ refusal: Refusal) -> HTTPResponse {
        let response = handler.refusal(refusal.status, refusal.detail, exchange.path)
        guard refusal.status == 503 else { return response }
        return HTTPResponse(
            status: response.status, headers: response.headers + [("Retry-After", "1")], body: response.body)
    }

    /// Writes an answer; a long one part by part, as the reader takes them.
    func write(_ response: HTTPResponse) {
        guard let context, context.channel.isActive else { return }
        guard response.isLegal else {
            return write(
                self.response(Refusal(status: 500, detail: "the answer has a header that cannot be sent")).legal)
        }
        if isDraining { exchange.isKeepAlive = false }
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
        let seconds = Double(configuration.writeStallDeadline.components.seconds)
        let minimum = Int(seconds * Double(configuration.minimumBytesPerSecond))
        guard reader.keepsUp(waiting: waitingBytes, minimum: max(1, minimum)) else { return close() }
        deadline?.set(after: configuration.writeStallDeadline)
    }
}
