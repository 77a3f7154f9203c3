import NIOCore
import NIOHTTP1

/// One connection: gathers a request, has it answered, writes the answer, and keeps the deadlines.
///
/// One request is in work at a time; what a client pipelines waits unread in the socket, so answers keep their order.
/// Everything here runs on the channel's event loop.
final class ConnectionHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    enum State {
        case idle
        /// The body is coming in.
        case reading(RequestHead, ByteBuffer)
        /// A worker computes, or an answer is being written.
        case answering
        /// A refusal was written; what else comes is thrown away until the client closes or time is up.
        case discarding
    }

    let configuration: HTTPServerConfiguration
    let handler: HTTPHandler
    let workers: WorkerPool
    let dates: DateField
    var state = State.idle
    private var waitingParts: [HTTPServerRequestPart] = []
    private var deadline: Scheduled<Void>?
    private var bodyStart = NIODeadline.now()
    private var isDraining = false
    private var isInputClosed = false
    /// Answers of the current request: set once its header is known.
    var isHead = false
    var isKeepAlive = true
    /// The next part of a long answer waits for the reader.
    var resumeWriting: (() -> Void)?

    init(_ configuration: HTTPServerConfiguration, _ handler: HTTPHandler, _ workers: WorkerPool, _ dates: DateField) {
        self.configuration = configuration
        self.handler = handler
        self.workers = workers
        self.dates = dates
    }

    // MARK: Events

    func channelActive(context: ChannelHandlerContext) {
        schedule(configuration.idleTimeout, context) { [self] in close($0) }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        resumeWriting = nil
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        switch state {
        case .answering: waitingParts.append(part)
        case .discarding: break
        case .idle, .reading: receive(part, context)
        }
    }

    /// Reading stops while a request is in work: backpressure instead of a queue.
    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is DrainEvent:
            isDraining = true
            if case .idle = state, waitingParts.isEmpty { close(context) }
        case let event as ChannelEvent where event == .inputClosed:
            isInputClosed = true
            if case .answering = state { break }
            close(context)
        case is HeaderStarted:
            if case .idle = state {
                schedule(configuration.headerDeadline, context) { [self] in
                    refuse(Refusal(status: 408, detail: "the header took too long"), path: nil, $0)
                }
            }
        case let refusal as Refusal:
            if case .answering = state { isKeepAlive = false } else { refuse(refusal, path: nil, context) }
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, let resume = resumeWriting {
            resumeWriting = nil
            resume()
        }
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch (error, state) {
        case (let error as HTTPParserError, .idle), (let error as HTTPParserError, .reading):
            refuse(Self.refusal(error), path: nil, context)
        case (is HTTPParserError, .answering):
            // What was pipelined behind the request in work is broken: answer it, then close.
            isKeepAlive = false
        default: close(context)
        }
    }

    private static func refusal(_ error: HTTPParserError) -> Refusal {
        switch error {
        case .headerOverflow: Refusal(status: 431, detail: "the header is too large")
        case .invalidVersion: Refusal(status: 505, detail: "HTTP/1.1 or HTTP/1.0 expected")
        default: Refusal(status: 400, detail: "the request is not HTTP/1.1")
        }
    }

    // MARK: Reading

    private func receive(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        switch (part, state) {
        case (.head(let head), .idle): begin(head, context)
        case (.body(let chunk), .reading(let head, var body)):
            guard body.readableBytes + chunk.readableBytes <= configuration.maximumBodyBytes else {
                return refuse(
                    Refusal(status: 413, detail: "the body is larger than \(configuration.maximumBodyBytes) bytes"),
                    path: head.path, context)
            }
            state = .idle
            body.writeImmutableBuffer(chunk)
            state = .reading(head, body)
        case (.end, .reading(let head, let body)): answer(head, body, context)
        default: break
        }
    }

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        isHead = head.method == .HEAD
        do throws(Refusal) {
            let checked = try RequestHead(head, configuration)
            isKeepAlive = checked.isKeepAlive && !isDraining
            if checked.expectsContinue {
                context.writeAndFlush(
                    wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
            }
            // Grown as bytes arrive: a promise of 64 MiB reserves nothing.
            let capacity = min(checked.contentLength ?? 0, 64 << 10)
            state = .reading(checked, context.channel.allocator.buffer(capacity: capacity))
            bodyStart = .now()
            watchBody(context, after: configuration.bodyDeadline)
        } catch {
            refuse(error, path: nil, context)
        }
    }

    /// The body may take its deadline plus the time its bytes need at the minimum rate.
    private func watchBody(_ context: ChannelHandlerContext, after delay: Duration) {
        schedule(delay, context) { [self] context in
            guard case .reading(let head, let body) = state else { return }
            let earned = Duration.seconds(body.readableBytes / max(1, configuration.minimumBodyBytesPerSecond))
            let left = configuration.bodyDeadline + earned - .nanoseconds((NIODeadline.now() - bodyStart).nanoseconds)
            if left > .zero {
                watchBody(context, after: max(left, .milliseconds(10)))
            } else {
                refuse(Refusal(status: 408, detail: "the body took too long"), path: head.path, context)
            }
        }
    }

    // MARK: Answering

    private func answer(_ head: RequestHead, _ body: ByteBuffer, _ context: ChannelHandlerContext) {
        deadline?.cancel()
        state = .answering
        let request = HTTPRequest(
            method: head.method, path: head.path, query: head.query,
            headers: head.fields.map { (name: $0.name, value: $0.value) }, body: body)
        if handler.isQuick(request) { return write(handler.answer(request), context) }
        // Nothing more is read while a worker computes.
        context.channel.setOption(ChannelOptions.autoRead, value: false).whenComplete { _ in }
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
            let busy = handler.refusal(503, "too many requests wait for a processor", head.path)
            write(
                HTTPResponse(status: 503, headers: busy.headers + [("Retry-After", "1")], body: busy.body), context)
        }
    }

    /// After an answer is out: on with the next request, or the end of the connection.
    func finishAnswer(_ context: ChannelHandlerContext) {
        deadline?.cancel()
        guard isKeepAlive, !isDraining, !isInputClosed || !waitingParts.isEmpty else {
            return linger(context)
        }
        state = .idle
        context.channel.setOption(ChannelOptions.autoRead, value: true).whenComplete { _ in }
        schedule(configuration.idleTimeout, context) { [self] in close($0) }
        while !waitingParts.isEmpty {
            let part = waitingParts.removeFirst()
            receive(part, context)
            if case .answering = state { return }
        }
        if isInputClosed, case .idle = state { close(context) }
    }

    /// Writes a refusal and ends the connection, throwing away what else the client sends for a moment so that it can
    /// read the answer.
    private func refuse(_ refusal: Refusal, path: String?, _ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        deadline?.cancel()
        isKeepAlive = false
        state = .answering
        waitingParts = []
        write(handler.refusal(refusal.status, refusal.detail, path), context)
    }

    private func linger(_ context: ChannelHandlerContext) {
        state = .discarding
        waitingParts = []
        context.channel.setOption(ChannelOptions.autoRead, value: true).whenComplete { _ in }
        context.close(mode: .output, promise: nil)
        schedule(.seconds(1), context) { [self] in close($0) }
        if isInputClosed { close(context) }
    }

    func close(_ context: ChannelHandlerContext) {
        deadline?.cancel()
        context.close(promise: nil)
    }

    /// One deadline at a time; a new one replaces the last.
    func schedule(
        _ delay: Duration, _ context: ChannelHandlerContext, _ action: @escaping (ChannelHandlerContext) -> Void
    ) {
        deadline?.cancel()
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(delay)) { action(context) }
    }
}

/// The order to finish what is in work and close.
struct DrainEvent: Sendable {}

/// The first byte of a request has come.
struct HeaderStarted: Sendable {}
