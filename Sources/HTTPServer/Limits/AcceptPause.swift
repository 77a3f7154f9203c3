import NIOCore

/// Stops accepting for a moment if the system has no descriptor or no memory for another connection.
///
/// The channel would try again at once and go on trying, with all of a processor. Who waits to be accepted stays in the
/// system's queue. Belongs into the pipeline of the listening channel.
final class AcceptPause: ChannelInboundHandler {
    typealias InboundIn = any Channel

    private static let length = TimeAmount.milliseconds(200)

    private var isPausing = false

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is IOError else { return context.fireErrorCaught(error) }
        guard !isPausing else { return }
        isPausing = true
        let channel = context.channel
        try? channel.syncOptions?.setOption(.autoRead, value: false)
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.length) { [self] in
            isPausing = false
            try? channel.syncOptions?.setOption(.autoRead, value: true)
        }
    }
}
