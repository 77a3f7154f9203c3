import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
#error("the C library is neither Glibc nor Musl")
#endif

/// How far the system has come with what a connection writes. For the channel's event loop.
extension Channel {
    /// Bytes that were written and that the system has not taken.
    var waitingBytes: Int { (try? syncOptions?.getOption(.bufferedWritableBytes)) ?? 0 }

    /// Bytes of the connection that the client's system has acknowledged; nil if the system does not say.
    var acknowledgedBytes: Int? {
        guard let provider = self as? any SocketOptionProvider else { return nil }
        // On the channel's event loop the answer comes at once.
        let acknowledged = NIOLoopBoundBox(Int?.none, eventLoop: provider.eventLoop)
        provider.unsafeGetSocketOption(level: .tcp, name: .init(rawValue: TCP_INFO)).whenSuccess { (info: TCPInfo) in
            acknowledged.value = Int(info.acknowledgedBytes)
        }
        return acknowledged.value
    }

    /// Has the connection reset when it is closed, instead of ended in good order.
    func resetOnClose() {
        guard let provider = self as? any SocketOptionProvider else { return }
        provider.setSoLinger(linger(l_onoff: 1, l_linger: 0)).whenComplete { _ in }
    }
}

/// Linux's `struct tcp_info` up to the bytes that the other side has acknowledged.
private struct TCPInfo {
    private var before: InlineArray<15, UInt64> = .init(repeating: 0)
    private(set) var acknowledgedBytes: UInt64 = 0
}
