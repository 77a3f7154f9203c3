import NIOCore
import NIOHTTP1
import NIOTLS

/// The last handler of a connection. Turns what NIO reports into events of ``ConnectionState``, and its actions into calls.
///
/// It decides nothing. Everything here runs on the channel's event loop.
final class ConnectionHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    private let configuration: HTTPServerConfiguration
    private let application: any HTTPApplication
    private let workers: WorkerPool
    private let dates: DateField
    private let gate: RequestGate
    private var state: ConnectionState
    private var events = CircularBuffer<ConnectionEvent>()
    private var isReceiving = false
    /// Nil before the channel is set up and after it has ended.
    private var context: ChannelHandlerContext?
    private var answerer: RequestAnswerer?
    private var deadline: Deadline?
    private var timer = ConnectionTimer.idle

    init(
        _ configuration: HTTPServerConfiguration, _ application: any HTTPApplication, _ workers: WorkerPool,
        _ dates: DateField, _ gate: RequestGate, isSurplus: Bool
    ) {
        (self.configuration, self.application, self.workers) = (configuration, application, workers)
        (self.dates, self.gate) = (dates, gate)
        state = ConnectionState(configuration, isSurplus: isSurplus)
    }

    // MARK: Events

    private func receive(_ event: ConnectionEvent) {
        guard !isReceiving else { return events.append(event) }
        isReceiving = true
        var next: ConnectionEvent? = event
        while let event = next {
            let actions = state.receive(event)
            for action in actions { perform(action) }
            state.reuse(actions)
            next = events.popFirst()
        }
        isReceiving = false
    }

    /// Takes the reply to an action before any other event. What a worker reports later comes while no event is being taken.
    private func reply(_ event: ConnectionEvent) {
        guard isReceiving else { return receive(event) }
        events.prepend(event)
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        deadline = Deadline(context.eventLoop) { [self] in receive(.timePassed(timer)) }
        gate.receive = { [self] in receive($0) }
    }

    func channelActive(context: ChannelHandlerContext) {
        answerer = RequestAnswerer(configuration, application, workers, context.channel) { [self] in reply($0) }
        receive(.opened)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): receive(.head(ReceivedHead(head, configuration)))
        case .body(let chunk): receive(.body(chunk))
        case .end: receive(.end)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event {
        case is DrainEvent: receive(.draining)
        case TLSUserEvent.handshakeCompleted: receive(.handshakeCompleted)
        default: break
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        receive(.writabilityChanged(isWritable: context.channel.isWritable))
        context.fireChannelWritabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        receive((error as? HTTPParserError).map { .broken(DecoderFault($0)) } ?? .failed)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    private func end() {
        receive(.closed)
        deadline?.stop()
        answerer?.detach()
        (deadline, gate.receive, context) = (nil, nil, nil)
    }

    // MARK: Actions

    private func perform(_ action: ConnectionAction) {
        switch action {
        case .read: gate.read()
        case .decode(let bytes):
            gate.decode(bytes)
            receive(.decoded)
        case .decodeEnd:
            gate.decodeEnd()
            receive(.inputDecoded)
        case .write(let bytes): context?.write(wrapOutboundOut(bytes), promise: nil)
        case .writeHead(var bytes, let dateIndex):
            bytes.setString(dates.value, at: bytes.readerIndex + dateIndex)
            context?.write(wrapOutboundOut(bytes), promise: nil)
        case .flush: context?.flush()
        case .finish:
            context?.flush()
            reply(.flushed(waitingBytes: context?.channel.waitingBytes ?? 0))
        case .awaitTaken: awaitTaken()
        case .measure:
            let channel = context?.channel
            reply(.measured(takenBytes: channel?.acknowledgedBytes, waitingBytes: channel?.waitingBytes ?? 0))
        case .closeOutput: context?.close(mode: .output, promise: nil)
        case .resetOnClose: context?.channel.resetOnClose()
        case .close: context?.close(promise: nil)
        case .setTimer(let timer, let delay):
            self.timer = timer
            deadline?.set(after: delay)
        case .clearTimer: deadline?.clear()
        case .setBusy(let isBusy): gate.setBusy(isBusy)
        case .request(let order): answerer?.perform(order)
        }
    }

    private func awaitTaken() {
        guard let context else { return }
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { result in
            bound.value.receive((try? result.get()) == nil ? .failed : .taken)
        }
    }
}
