import NIOCore

/// The first handler of a connection after TLS. Hands what comes to ``ConnectionHandler``, which has it passed on to NIO's
/// decoder, the next handler.
final class RequestGate: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = Never

    private let activity: ConnectionActivity
    /// Takes what comes; nil before the connection is set up and after it has ended.
    var receive: ((ConnectionEvent) -> Void)?
    private var context: ChannelHandlerContext?

    init(_ activity: ConnectionActivity) { self.activity = activity }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    // MARK: From the client

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        activity.note()
        receive?(.bytes(unwrapInboundIn(data)))
    }

    func read(context: ChannelHandlerContext) {
        if let receive { receive(.readRequested) } else { context.read() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let channelEvent = event as? ChannelEvent, channelEvent == .inputClosed else {
            return context.fireUserInboundEventTriggered(event)
        }
        receive?(.inputClosed)
    }

    // MARK: For the connection

    func read() { context?.read() }

    func decode(_ bytes: ByteBuffer) { context?.fireChannelRead(wrapInboundOut(bytes)) }

    func decodeEnd() { context?.fireUserInboundEventTriggered(ChannelEvent.inputClosed) }

    func setBusy(_ isBusy: Bool) {
        if !isBusy { activity.note() }
        activity.setInWork(isBusy)
    }
}
