import NIOCore
import NIOHTTP1
import NIOTLS
import Stopping

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
        /// The header has come, and a worker finds whether the request goes on. Nothing is read meanwhile.
        case awaitingVerdict(AwaitedVerdict)
        /// The body is coming in.
        case reading(IncomingRequest)
        /// A worker computes, or an answer is being written.
        case answering
        /// The last answer was written; what else comes is thrown away until the client closes or time is up.
        case discarding
    }

    let configuration: HTTPServerConfiguration
    let application: any HTTPApplication
    let workers: WorkerPool
    let dates: DateField
    let gate: RequestGate
    /// Whether the connection is one too many, of which each request is refused.
    private let isSurplus: Bool
    var state = State.idle
    var progress: RequestProgress
    private(set) var isDraining = false
    /// Nil before the channel is set up and after it has ended.
    private(set) var context: ChannelHandlerContext?
    private(set) var deadline: Deadline?
    /// What has come of the body. Outside of the state: a second reference would copy it with each chunk.
    private var body = ByteBuffer()
    private var bodyStart = NIODeadline.now()
    private var requestCount = 0
    private var peer: String?
    private var callerAddress: String?
    /// The long answer that is being written.
    var stream: AnswerStream?
    /// How much of what is written the reader takes.
    var reader = ReaderPace()

    init(
        _ configuration: HTTPServerConfiguration, _ application: any HTTPApplication, _ workers: WorkerPool,
        _ dates: DateField, _ gate: RequestGate, isSurplus: Bool
    ) {
        self.configuration = configuration
        self.application = application
        self.workers = workers
        progress = RequestProgress(stop: workers.stopFlag())
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
        gate.onInputClosed = { [self] in inputClosed() }
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    func channelActive(context: ChannelHandlerContext) {
        peer = context.channel.remoteAddress?.ipAddress
        callerAddress = context.channel.remoteAddress?.callerAddress
        let isShort = isSurplus || configuration.tls != nil
        deadline?.set(after: isShort ? configuration.headerDeadline : configuration.idleTimeout)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch (unwrapInboundIn(data), state) {
        case (.head(let head), .starting): begin(head)
        case (.body(let chunk), .reading(let incoming)): append(chunk, incoming)
        case (.end, .awaitingVerdict(var awaited)):
            awaited.hasEnded = true
            state = .awaitingVerdict(awaited)
        case (.end, _): endRequest()
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
        case (TLSUserEvent.handshakeCompleted, .idle) where !isSurplus: deadline?.set(after: configuration.idleTimeout)
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

    private func refusal(_ error: HTTPParserError) -> HTTPRefusal {
        switch error {
        case .headerOverflow:
            HTTPRefusal(431, .tooLarge, "more than \(configuration.maximumHeaderCount) header fields")
        case .invalidMethod where gate.bounds.hasMethodOfLetters:
            HTTPRefusal(501, .malformed, "the method is not one that is known")
        default: HTTPRefusal(400, .malformed, "the request is not HTTP/1.1")
        }
    }

    private func timeIsUp() {
        switch state {
        case .starting: refuse(HTTPRefusal(408, .tooSlow, "the header took too long"))
        // Without a deadline.
        case .awaitingVerdict: break
        case .reading: watchBody()
        case .answering: if let job = progress.job { watchJob(job) } else { watchReader() }
        case .idle, .discarding: close()
        }
    }

    // MARK: Reading

    private func start() {
        guard case .idle = state else { return }
        state = .starting
        forget()
        deadline?.set(after: configuration.headerDeadline)
    }

    /// Nothing of the request before it counts for the next.
    private func forget() {
        progress = RequestProgress(stop: workers.stopFlag())
        reader = ReaderPace()
    }

    private func begin(_ head: HTTPRequestHead) {
        progress.know(head)
        do throws(HTTPRefusal) {
            let target = try RequestTarget(head.uri, method: head.method.rawValue)
            progress.path = target.path
            let checked = try RequestHead(head, target, configuration)
            let request = HTTPRequest(checked, peer: peer, callerAddress: callerAddress)
            let exchange = application.begin(request)
            progress.exchange = exchange
            progress.coding = ContentCoding.preferred(acceptEncoding: request.header("Accept-Encoding"))
            if isSurplus, !exchange.isVital { throw HTTPRefusal(503, .connections, "too many connections are open") }
            requestCount += 1
            progress.isKeepAlive =
                checked.isKeepAlive && !isSurplus && requestCount < configuration.maximumRequestsPerConnection
            switch exchange.verdict {
            case .now(let verdict): try proceed(exchange, request, checked, verdict)
            case .later: awaitVerdict(AwaitedVerdict(exchange: exchange, request: request, head: checked))
            }
        } catch {
            refuse(error)
        }
    }

    /// Reads the body of a request whose verdict is known, or answers without it.
    func proceed(
        _ exchange: any HTTPExchange, _ request: HTTPRequest, _ head: RequestHead, _ verdict: HTTPResponse?
    ) throws(HTTPRefusal) {
        var coding: ContentCoding?
        if let verdict {
            // What is not wanted is not read, nor waited for.
            guard head.body.isShort, !head.expectsContinue, head.refusal == nil else { return end(with: verdict) }
        } else if let refusal = head.refusal {
            throw refusal
        } else {
            coding = try ContentCoding(contentEncoding: request.header("Content-Encoding"))
        }
        if head.expectsContinue {
            context?.writeAndFlush(
                wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
        }
        state = .reading(
            IncomingRequest(exchange: exchange, request: request, length: head.body, coding: coding, verdict: verdict))
        bodyStart = .now()
        deadline?.set(after: configuration.bodyDeadline)
        gate.expect(head.body)
    }

    /// Has the request answered whose body has come.
    func endRequest() {
        guard case .reading(var incoming) = state else { return }
        guard gate.bounds.hasEnded else {
            return refuse(HTTPRefusal(400, .malformed, "the body has no clear end"))
        }
        incoming.request.body = body
        body = ByteBuffer()
        answer(incoming)
    }
    /// A body up to this length that came at once is not counted.
    private static let maximumUncountedBytes = 8 << 10

    private func append(_ chunk: ByteBuffer, _ incoming: IncomingRequest) {
        let count = body.readableBytes + chunk.readableBytes
        guard count <= configuration.maximumBodyBytes else {
            return refuse(.bodyTooLarge(configuration.maximumBodyBytes))
        }
        progress.outcome.bytesIn = count
        guard count > body.capacity else {
            body.writeImmutableBuffer(chunk)
            return
        }
        // Grown as bytes arrive: a promise of 64 MiB reserves nothing.
        if incoming.coding == nil, count <= Self.maximumUncountedBytes, body.readableBytes == 0,
            incoming.length == .bytes(UInt64(count))
        {
            // The whole body came at once, and it is answered or refused in this turn of the event loop.
            body = chunk
            return
        }
        var capacity = min(max(4 * count, 64 << 10), configuration.maximumBodyBytes)
        if case .bytes(let promised) = incoming.length { capacity = Int(min(promised, UInt64(capacity))) }
        guard holding().take(max(capacity, count) - body.capacity) else { return refuse(.memory) }
        if body.readableBytes == 0, incoming.length == .bytes(UInt64(count)) {
            // The whole body came at once.
            body = chunk
        } else {
            body.reserveCapacity(max(capacity, count))
            body.writeImmutableBuffer(chunk)
        }
    }

    /// The body may take its deadline plus the time its bytes need at the minimum rate.
    private func watchBody() {
        let earned = Duration.seconds(body.readableBytes / max(1, configuration.minimumBytesPerSecond))
        let left = configuration.bodyDeadline + earned - .nanoseconds((NIODeadline.now() - bodyStart).nanoseconds)
        if left > .zero {
            deadline?.set(after: max(left, .milliseconds(10)))
        } else {
            refuse(HTTPRefusal(408, .tooSlow, "the body took too long"))
        }
    }

    // MARK: Ending

    /// After an answer is out: on with the next request, or the end of the connection.
    func finishAnswer() {
        guard let context, context.channel.isActive else { return }
        stream = nil
        settle(isComplete: !progress.isCut)
        guard progress.isKeepAlive, !isDraining else { return linger() }
        state = .idle
        deadline?.set(after: configuration.idleTimeout)
        gate.next()
    }

    /// Writes a refusal and ends the connection.
    func refuse(_ refusal: HTTPRefusal) {
        switch state {
        case .answering, .discarding: return
        case .idle: forget()
        case .starting, .awaitingVerdict, .reading: break
        }
        end(with: response(refusal))
    }

    /// Writes an answer whatever may still come of the request, and ends the connection.
    private func end(with response: HTTPResponse) {
        dropVerdict()
        state = .answering
        body = ByteBuffer()
        progress.isKeepAlive = false
        gate.discard()
        write(response)
    }

    /// What the request holds of the memory budget.
    func holding() -> MemoryHolding {
        if let holding = progress.holding { return holding }
        let holding = MemoryHolding(workers.budget, caller: caller())
        progress.holding = holding
        return holding
    }

    /// Who asks, for fair shares.
    func caller() -> String {
        if let caller = progress.caller { return caller }
        let caller = progress.exchange?.caller ?? callerAddress ?? ""
        progress.caller = caller
        return caller
    }

    /// The request is over, once.
    private func settle(isComplete: Bool) {
        progress.holding?.release()
        guard let exchange = progress.exchange else { return }
        progress.exchange = nil
        progress.outcome.isComplete = isComplete
        progress.outcome.bytesOut = reader.written
        progress.outcome.duration = Duration(since: progress.start)
        exchange.ended(progress.outcome)
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
        progress.stop.set()
        progress.job?.abandon()
        progress.job = nil
        stream?.end()
        stream = nil
        settle(isComplete: false)
        dropVerdict()
        state = .discarding
        body = ByteBuffer()
        context = nil
    }
}

/// The order to finish what is in work and close.
struct DrainEvent: Sendable {}
