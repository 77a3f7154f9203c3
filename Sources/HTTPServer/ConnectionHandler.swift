import NIOCore
import NIOHTTP1

/// One connection: gathers a request, has it answered, writes the answer, and keeps the deadlines.
///
/// One request is in work at a time: the gate before the codec holds back the next. Everything here runs on the
/// channel's event loop.
final class ConnectionHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    enum State {
        case idle
        /// The header is coming in.
        case starting
        /// The body is coming in.
        case reading(RequestHead)
        /// A worker computes, or an answer is being written.
        case answering
        /// The last answer was written; what else comes is thrown away until the client closes or time is up.
        case discarding
    }

    let configuration: HTTPServerConfiguration
    let handler: HTTPHandler
    let workers: WorkerPool
    let dates: DateField
    let gate: RequestGate
    /// Whether the connection is one too many, of which each request is refused.
    private let isSurplus: Bool
    var state = State.idle
    var exchange = Exchange()
    private(set) var isDraining = false
    private var deadline: Scheduled<Void>?
    /// What has come of the body. Outside of the state: a second reference would copy it with each chunk.
    private var body = ByteBuffer()
    private var bodyStart = NIODeadline.now()
    /// The next part of a long answer waits for the reader.
    var resumeWriting: (() -> Void)?

    init(
        _ configuration: HTTPServerConfiguration, _ handler: HTTPHandler, _ workers: WorkerPool, _ dates: DateField,
        _ gate: RequestGate, isSurplus: Bool
    ) {
        self.configuration = configuration
        self.handler = handler
        self.workers = workers
        self.dates = dates
        self.gate = gate
        self.isSurplus = isSurplus
    }

    // MARK: Events

    func channelActive(context: ChannelHandlerContext) {
        schedule(isSurplus ? configuration.headerDeadline : configuration.idleTimeout, context) { [self] in close($0) }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        resumeWriting = nil
        state = .discarding
        body = ByteBuffer()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), state) {
        case (.head(let head), .starting): begin(head, context)
        case (.body(let chunk), .reading): append(chunk, context)
        case (.end, .reading(let head)) where gate.bounds.hasEnded:
            let body = self.body
            self.body = ByteBuffer()
            answer(head, body, context)
        case (.end, .reading): refuse(Refusal(status: 400, detail: "the body has no clear end"), context)
        // What follows a refusal.
        default: break
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch (event, state) {
        case (is DrainEvent, _):
            isDraining = true
            if case .idle = state { close(context) }
        case (let event as ChannelEvent, .idle) where event == .inputClosed: close(context)
        case (is RequestStarted, .idle):
            state = .starting
            schedule(configuration.headerDeadline, context) { [self] in
                refuse(Refusal(status: 408, detail: "the header took too long"), $0)
            }
        case (let refusal as Refusal, _): refuse(refusal, context)
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
        guard let error = error as? HTTPParserError else { return close(context) }
        refuse(refusal(error), context)
    }

    private func refusal(_ error: HTTPParserError) -> Refusal {
        switch error {
        case .headerOverflow:
            Refusal(status: 431, detail: "more than \(configuration.maximumHeaderCount) header fields")
        case .invalidMethod where gate.bounds.hasMethodOfLetters:
            Refusal(status: 501, detail: "the method is not one that is known")
        default: Refusal(status: 400, detail: "the request is not HTTP/1.1")
        }
    }

    // MARK: Reading

    private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        exchange = Exchange(head)
        do throws(Refusal) {
            let target = try RequestTarget(head.uri, method: head.method.rawValue)
            exchange.path = target.path
            let checked = try RequestHead(head, target, configuration)
            if isSurplus { throw Refusal(status: 503, detail: "too many connections are open") }
            exchange.isKeepAlive = checked.isKeepAlive
            if checked.expectsContinue {
                context.writeAndFlush(
                    wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
            }
            // Grown as bytes arrive: a promise of 64 MiB reserves nothing.
            var capacity = 64 << 10
            if case .bytes(let count) = checked.body { capacity = Int(min(count, UInt64(capacity))) }
            state = .reading(checked)
            body = context.channel.allocator.buffer(capacity: capacity)
            bodyStart = .now()
            watchBody(context, after: configuration.bodyDeadline)
            gate.expect(checked.body)
        } catch {
            refuse(error, context)
        }
    }

    private func append(_ chunk: ByteBuffer, _ context: ChannelHandlerContext) {
        guard body.readableBytes + chunk.readableBytes <= configuration.maximumBodyBytes else {
            body = ByteBuffer()
            return refuse(
                Refusal(status: 413, detail: "the body is larger than \(configuration.maximumBodyBytes) bytes"), context
            )
        }
        body.writeImmutableBuffer(chunk)
    }

    /// The body may take its deadline plus the time its bytes need at the minimum rate.
    private func watchBody(_ context: ChannelHandlerContext, after delay: Duration) {
        schedule(delay, context) { [self] context in
            guard case .reading = state else { return }
            let earned = Duration.seconds(body.readableBytes / max(1, configuration.minimumBodyBytesPerSecond))
            let left = configuration.bodyDeadline + earned - .nanoseconds((NIODeadline.now() - bodyStart).nanoseconds)
            if left > .zero {
                watchBody(context, after: max(left, .milliseconds(10)))
            } else {
                refuse(Refusal(status: 408, detail: "the body took too long"), context)
            }
        }
    }

    // MARK: Ending

    /// After an answer is out: on with the next request, or the end of the connection.
    func finishAnswer(_ context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        guard exchange.isKeepAlive, !isDraining else { return linger(context) }
        state = .idle
        exchange = Exchange()
        schedule(configuration.idleTimeout, context) { [self] in close($0) }
        gate.next()
    }

    /// Writes a refusal and ends the connection.
    private func refuse(_ refusal: Refusal, _ context: ChannelHandlerContext) {
        switch state {
        case .answering, .discarding: return
        case .idle, .starting, .reading: break
        }
        state = .answering
        exchange.isKeepAlive = false
        gate.discard()
        write(response(refusal), context)
    }

    /// Throws away what else the client sends, for a moment: closing at once could take the answer from it.
    private func linger(_ context: ChannelHandlerContext) {
        state = .discarding
        gate.discard()
        context.close(mode: .output, promise: nil)
        schedule(.seconds(1), context) { [self] in close($0) }
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

    func cancelDeadline() { deadline?.cancel() }
}

/// The order to finish what is in work and close.
struct DrainEvent: Sendable {}
