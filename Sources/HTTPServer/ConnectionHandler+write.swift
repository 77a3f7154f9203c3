import NIOCore
import NIOHTTP1

/// Answering: by the event loop, by a worker, or with a refusal.
extension ConnectionHandler {
    func answer(_ head: RequestHead, _ body: ByteBuffer, _ context: ChannelHandlerContext) {
        cancelDeadline()
        state = .answering
        // OPTIONS of the server as a whole.
        if head.target.path == "*" { return write(HTTPResponse(status: 204, headers: [], body: .bytes([])), context) }
        let request = HTTPRequest(
            method: head.method, path: head.target.path, query: head.target.query, headers: head.fields, body: body)
        if let response = handler.quickAnswer(request) { return write(response, context) }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let (loop, answer) = (context.eventLoop, handler.answer)
        let isAdmitted = workers.submit {
            let response = answer(request)
            loop.execute {
                let (handler, context) = bound.value
                handler.write(response, context)
            }
        }
        if !isAdmitted {
            write(response(Refusal(status: 503, detail: "too many requests wait for a processor")), context)
        }
    }

    /// A refusal as an answer, in the handler's form.
    func response(_ refusal: Refusal) -> HTTPResponse {
        let response = handler.refusal(refusal.status, refusal.detail, exchange.path)
        guard refusal.status == 503 else { return response }
        return HTTPResponse(
            status: response.status, headers: response.headers + [("Retry-After", "1")], body: response.body)
    }

    /// Writes an answer; a long one chunk by chunk, each printed by a worker once the reader has taken the last.
    func write(_ response: HTTPResponse, _ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        guard response.isLegal else {
            return write(
                self.response(Refusal(status: 500, detail: "the answer has a header that cannot be sent")).legal,
                context)
        }
        if isDraining { exchange.isKeepAlive = false }
        let head = HTTPResponseHead(response, &exchange, date: dates.value)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        guard response.mayHaveBody, !exchange.isHead else { return finish(context) }
        switch response.body {
        case .bytes(let bytes):
            if !bytes.isEmpty {
                context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
            }
            finish(context)
        case .chunks(let next): writeChunks(next, context)
        }
    }

    private func finish(_ context: ChannelHandlerContext) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        schedule(configuration.writeStallDeadline, context) { [self] in close($0) }
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { result in
            let (handler, context) = bound.value
            switch result {
            case .success: handler.finishAnswer(context)
            case .failure: handler.close(context)
            }
        }
    }

    private func writeChunks(_ next: @escaping @Sendable () -> [UInt8]?, _ context: ChannelHandlerContext) {
        schedule(configuration.writeStallDeadline, context) { [self] in close($0) }
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        let loop = context.eventLoop
        workers.resume {
            let chunk = next()
            loop.execute {
                let (handler, context) = bound.value
                handler.send(chunk, next, context)
            }
        }
    }

    private func send(
        _ chunk: [UInt8]?, _ next: @escaping @Sendable () -> [UInt8]?, _ context: ChannelHandlerContext
    ) {
        guard context.channel.isActive else { return }
        guard let chunk else { return finish(context) }
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: chunk)))), promise: nil)
        if context.channel.isWritable {
            writeChunks(next, context)
        } else {
            schedule(configuration.writeStallDeadline, context) { [self] in close($0) }
            resumeWriting = { [self] in writeChunks(next, context) }
        }
    }
}
