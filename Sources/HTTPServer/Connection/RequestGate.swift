import NIOCore

/// Stands before the codec and gives it one request at a time.
///
/// What a client sends ahead waits here, and the rest unread in its socket, until the request before it is answered: so
/// answers keep their order, a refusal concerns the request that is at fault, and a client that sends without reading
/// takes no memory.
final class RequestGate: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = Never

    private let configuration: HTTPServerConfiguration
    private let activity: ConnectionActivity
    private(set) var bounds: RequestScan
    /// Called when the first byte of a request has come.
    var onStart: (() -> Void)?
    /// Called where a request breaks a bound; all that follows is thrown away.
    var onRefusal: ((HTTPRefusal) -> Void)?
    /// Called as soon as the client has ended its side, also while a request is in work.
    var onInputClosed: (() -> Void)?
    /// Whether the client has ended its side.
    private(set) var isInputClosed = false
    private var waiting = ByteBuffer()
    private var context: ChannelHandlerContext?
    private var isPassing = false
    private var isReadWanted = false
    private var isInputEndHeld = false
    private var isDiscarding = false
    /// Whether it is not decided yet if the rest of the request is wanted.
    private var isHeld = false

    init(_ configuration: HTTPServerConfiguration, _ activity: ConnectionActivity) {
        self.configuration = configuration
        self.activity = activity
        bounds = RequestScan(configuration)
    }

    // MARK: Orders from behind the codec

    /// The header was accepted; this follows it.
    func expect(_ body: RequestScan.Body) {
        isHeld = false
        bounds.expect(body)
    }

    /// The header has come, and what follows it waits until ``expect(_:)`` or ``discard()`` and then ``pass()``.
    func hold() { isHeld = true }

    /// The request is answered: on with the next.
    func next() {
        bounds = RequestScan(configuration)
        activity.note()
        pass()
    }

    /// Throws away whatever else comes.
    func discard() {
        isDiscarding = true
        waiting = ByteBuffer()
        pass()
    }

    // MARK: Events

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        waiting = ByteBuffer()
        (onStart, onRefusal, onInputClosed) = (nil, nil, nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        activity.note()
        guard !isDiscarding else { return }
        var bytes = unwrapInboundIn(data)
        if waiting.readableBytes == 0 { waiting = bytes } else { waiting.writeBuffer(&bytes) }
        pass()
    }

    func read(context: ChannelHandlerContext) {
        if isHolding { isReadWanted = true } else { context.read() }
    }

    /// A client that sends no more may have sent requests that still wait.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let channelEvent = event as? ChannelEvent, channelEvent == .inputClosed else {
            return context.fireUserInboundEventTriggered(event)
        }
        isInputClosed = true
        if isHolding || isPassing {
            isInputEndHeld = true
            onInputClosed?()
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    // MARK: Passing on

    /// A request is in work or awaits its verdict, and nothing else may pass.
    private var isHolding: Bool { (bounds.hasEnded || isHeld) && !isDiscarding }

    /// Passes on what waits, as far as it may pass.
    func pass() {
        guard !isPassing, let context else { return }
        isPassing = true
        while !isHolding, !isDiscarding, waiting.readableBytes > 0 { passPiece(context) }
        isPassing = false
        activity.setInWork(isHolding)
        if waiting.readableBytes == 0 { waiting = ByteBuffer() }
        guard !isHolding else { return }
        if isReadWanted {
            isReadWanted = false
            context.read()
        }
        if isInputEndHeld {
            isInputEndHeld = false
            context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        }
    }

    private func passPiece(_ context: ChannelHandlerContext) {
        let hadStarted = bounds.hasStarted
        let step = waiting.withUnsafeReadableBytes { bounds.advance($0) }
        if let index = bounds.laterMinorVersion {
            waiting.setInteger(UInt8(ascii: "1"), at: waiting.readerIndex + index)
        }
        guard let piece = waiting.readSlice(length: step.count) else { return }
        if !hadStarted, bounds.hasStarted { onStart?() }
        if case .refused(let refusal) = step.stop { return refuse(refusal) }
        context.fireChannelRead(wrapInboundOut(piece))
        if step.stop == .behindHeader, bounds.awaitsBody, !isHeld, !isDiscarding {
            refuse(HTTPRefusal(400, .malformed, "the header has no clear end"))
        }
    }

    private func refuse(_ refusal: HTTPRefusal) {
        isDiscarding = true
        onRefusal?(refusal)
    }
}
