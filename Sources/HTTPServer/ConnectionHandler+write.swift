import NIOCore
import NIOHTTP1

extension ConnectionHandler {
    /// Writes an answer; a long one chunk by chunk, each printed by a worker once the reader has taken the last.
    func write(_ response: HTTPResponse, _ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        var head = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: response.status))
        for field in response.headers { head.headers.add(name: field.name, value: field.value) }
        head.headers.add(name: "Date", value: dates.value)
        if !isKeepAlive { head.headers.add(name: "Connection", value: "close") }
        switch response.body {
        case .bytes(let bytes):
            if response.status != 204 { head.headers.add(name: "Content-Length", value: String(bytes.count)) }
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            if !isHead, !bytes.isEmpty {
                context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
            }
            finish(context)
        case .chunks(let next):
            head.headers.add(name: "Transfer-Encoding", value: "chunked")
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            if isHead { return finish(context) }
            writeChunks(next, context)
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
