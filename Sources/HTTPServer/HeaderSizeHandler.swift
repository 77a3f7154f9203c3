import NIOCore
import NIOHTTP1

/// Stands before the codec: says when a request begins, and stops a header that outgrows its bound.
///
/// Follows the framing as far as the blank line that ends a header; bodies pass through uncounted, since the codec knows
/// their ends. It is reset when the codec has given a head.
final class HeaderSizeHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let maximum: Int
    private var headerBytes = 0
    private var isInHeader = true
    private var isRefused = false

    init(maximum: Int) { self.maximum = maximum }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        guard !isRefused else { return }
        if isInHeader {
            if headerBytes == 0, bytes.readableBytes > 0 { context.fireUserInboundEventTriggered(HeaderStarted()) }
            headerBytes += bytes.readableBytes
        }
        context.fireChannelRead(data)
        // The codec has seen these bytes: if the header still goes on, they were all header.
        if isInHeader, headerBytes > maximum {
            isRefused = true
            context.fireUserInboundEventTriggered(
                Refusal(status: 431, detail: "the header is larger than \(maximum) bytes"))
        }
    }

    /// The codec gave a head (`true`) or the end of a request (`false`).
    func headerEnded() {
        isInHeader = false
        headerBytes = 0
    }

    func requestEnded() { isInHeader = true }
}

/// Stands behind the codec and tells the handler before it where headers and requests end.
final class HeaderEndHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    private let size: HeaderSizeHandler

    init(_ size: HeaderSizeHandler) { self.size = size }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: size.headerEnded()
        case .end: size.requestEnded()
        case .body: break
        }
        context.fireChannelRead(data)
    }
}
