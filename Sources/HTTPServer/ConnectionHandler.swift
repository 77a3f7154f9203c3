import NIOCore
import NIOHTTP1

/// One connection: gathers a request, has it answered, writes the answer, and keeps the deadlines.
///
/// One request is in work at a time: the gate before the codec holds back the next. Everything here runs on the
/// channel's event loop. Answers are written as bytes, header and short body in one piece.
final class ConnectionHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

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
    /// Nil before the channel is set up and after it has ended.
    private(set) var context: ChannelHandlerContext?
    private(set) var deadline: Deadline?
    /// What has come of the body. Outside of the state: a second reference would copy it with each chunk.
    private var body = ByteBuffer()
    private var bodyStart = NIODeadline.now()
    /// The long answer that is being written.
    var stream: AnswerStream?
    /// How much of what is written the reader takes.
    var reader = ReaderPace()

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

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        deadline = Deadline(context.eventLoop) { [self] in timeIsUp() }
        gate.onStart = { [self] in start() }
        gate.onRefusal = { [self] in refuse($0) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    func channelActive(context: ChannelHandlerContext) {
        deadline?.set(after: isSurplus ? configuration.headerDeadline : configuration.idleTimeout)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), state) {
        case (.head(let head), .starting): begin(head)
        case (.body(let chunk), .reading(let head)): append(chunk, head)
        case (.end, .reading(let head)) where gate.bounds.hasEnded:
            let body = self.body
            self.body = ByteBuffer()
            answer(HTTPRequest(head, body: body))
        case (.end, .reading): refuse(Refusal(status: 400, detail: "the body has no clear end"))
        // What follows a refusal.
        default: break
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch (event, state) {
        case (is DrainEvent, _):
            isDraining = true
            if case .idle = state { close() }
        case (let event as ChannelEvent, .idle) where event == .inputClosed: close()
        default: context.fireUserInboundEventTriggered(event)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stream?.advance()
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else { return close() }
        refuse(refusal(error))
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

    private func timeIsUp() {
        switch state {
        case .starting: refuse(Refusal(status: 408, detail: "the header took too long"))
        case .reading: watchBody()
        case .answering: watchReader()
        case .idle, .discarding: close()
        }
    }

    // MARK: Reading

    private func start() {
        guard case .idle = state else { return }
        state = .starting
        deadline?.set(after: configuration.headerDeadline)
    }

    private func begin(_ head: HTTPRequestHead) {
        guard let context else { return }
        exchange = Exchange(head)
        do throws(Refusal) {
            let target = try RequestTarget(head.uri, method: head.method.rawValue)
            exchange.path = target.path
            let checked = try RequestHead(head, target, configuration)
            if isSurplus { throw Refusal(status: 503, detail: "too many connections are open") }
            exchange.isKeepAlive = checked.isKeepAlive
            if checked.expectsContinue {
                context.writeAndFlush(
                    wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
            }
            state = .reading(checked)
            bodyStart = .now()
            deadline?.set(after: configuration.bodyDeadline)
            gate.expect(checked.body)
        } catch {
            refuse(error)
        }
    }

    private func append(_ chunk: ByteBuffer, _ head: RequestHead) {
        let count = body.readableBytes + chunk.readableBytes
        guard count <= configuration.maximumBodyBytes else {
            body = ByteBuffer()
            return refuse(
                Refusal(status: 413, detail: "the body is larger than \(configuration.maximumBodyBytes) bytes"))
        }
        if body.readableBytes == 0, head.body == .bytes(UInt64(count)) {
            // The whole body came at once.
            body = chunk
            return
        }
        if count > body.capacity {
            // Grown as bytes arrive: a promise of 64 MiB reserves nothing.
            var capacity = max(4 * count, 64 << 10)
            if case .bytes(let promised) = head.body { capacity = Int(min(promised, UInt64(capacity))) }
            body.reserveCapacity(max(capacity, count))
        }
        body.writeImmutableBuffer(chunk)
    }

    /// The body may take its deadline plus the time its bytes need at the minimum rate.
    private func watchBody() {
        let earned = Duration.seconds(body.readableBytes / max(1, configuration.minimumBytesPerSecond))
        let left = configuration.bodyDeadline + earned - .nanoseconds((NIODeadline.now() - bodyStart).nanoseconds)
        if left > .zero {
            deadline?.set(after: max(left, .milliseconds(10)))
        } else {
            refuse(Refusal(status: 408, detail: "the body took too long"))
        }
    }

    // MARK: Ending

    /// After an answer is out: on with the next request, or the end of the connection.
    func finishAnswer() {
        guard let context, context.channel.isActive else { return }
        stream = nil
        guard exchange.isKeepAlive, !isDraining else { return linger() }
        state = .idle
        exchange = Exchange()
        deadline?.set(after: configuration.idleTimeout)
        gate.next()
    }

    /// Writes a refusal and ends the connection.
    private func refuse(_ refusal: Refusal) {
        switch state {
        case .answering, .discarding: return
        case .idle, .starting, .reading: break
        }
        state = .answering
        body = ByteBuffer()
        exchange.isKeepAlive = false
        gate.discard()
        write(response(refusal))
    }

    /// Throws away what else the client sends, for a moment: closing at once could take the answer from it.
    private func linger() {
        state = .discarding
        gate.discard()
        context?.close(mode: .output, promise: nil)
        deadline?.set(after: .seconds(1))
    }

    func close() {
        deadline?.clear()
        context?.close(promise: nil)
    }

    private func end() {
        deadline?.stop()
        deadline = nil
        stream?.stop()
        stream = nil
        state = .discarding
        body = ByteBuffer()
        context = nil
    }
}

/// The order to finish what is in work and close.
struct DrainEvent: Sendable {}
