import NIOCore
import Stopping

/// A long answer on its way: workers make its parts, several at a time, and they leave in order as the reader takes them.
///
/// Belongs to the event loop of its connection. The first part leaves as soon as it is made; at most ``limit`` parts wait
/// or are in the making, so that a slow reader takes no more memory than a fast one.
///
/// Each part enters the queue as short work of its caller.
final class AnswerStream {
    /// Bytes of text that are printed and not sent at most: the parts in the making, and what the channel holds.
    static let textBytes = 10 << 18

    private let body: HTTPBody
    private let isChunked: Bool
    private let limit: Int
    private let stop: StopFlag
    private let caller: String
    private weak var connection: ConnectionHandler?
    /// Parts asked for, and parts sent.
    private var (asked, sent) = (0, 0)
    /// Parts that are made and not sent, by their number.
    private var made: [Int: ByteBuffer] = [:]
    private var hasEnded = false
    /// Whether the answer could not be finished.
    private var isCut = false
    /// Spent on chunks, which are computed while they are sent.
    private var compute = Duration.zero

    init(_ body: HTTPBody, isChunked: Bool, stop: StopFlag, caller: String, _ connection: ConnectionHandler) {
        self.body = body
        self.isChunked = isChunked
        self.stop = stop
        self.caller = caller
        self.connection = connection
        limit =
            switch body {
            case .parts: min(connection.workers.threadCount, 8) + 1
            case .chunks, .bytes: 1
            }
    }

    /// Whether the answer is computed while it is sent.
    var isComputed: Bool {
        switch body {
        case .chunks: true
        case .bytes, .parts: false
        }
    }

    /// Nothing more is sent.
    func end() {
        connection = nil
        hasEnded = true
        made = [:]
    }

    /// Sends what is made while the reader keeps up, and has more made.
    func advance() {
        guard let connection, let context = connection.context else { return }
        var hasWritten = false
        while context.channel.isWritable, let buffer = made.removeValue(forKey: sent) {
            sent += 1
            hasWritten = true
            connection.put(buffer)
        }
        if context.channel.isWritable {
            while !hasEnded, asked - sent < limit { ask(context.eventLoop) }
        }
        if hasEnded, asked == sent {
            end()
            if isChunked, !isCut { connection.put(ByteBuffer(string: "0\r\n\r\n")) }
            context.flush()
            if isCut { connection.finishCut(isChunked: isChunked) } else { connection.finish() }
        } else if hasWritten || sent == 0 {
            context.flush()
        }
    }

    private func ask(_ loop: any EventLoop) {
        guard let connection else { return }
        let number = asked
        let bound = NIOLoopBound(self, eventLoop: loop)
        let run: @Sendable () -> Void
        switch body {
        case .bytes(let bytes):
            hasEnded = true
            run = { [isChunked] in
                let buffer = Self.buffer(bytes, isChunked: isChunked)
                loop.execute { bound.value.take(buffer, number) }
            }
        case .chunks(let next):
            run = { [isChunked] in
                let start = NIODeadline.now()
                let chunk = next()
                let buffer = chunk.map { Self.buffer($0.bytes, isChunked: isChunked) }
                let compute = Duration(since: start)
                loop.execute { bound.value.take(buffer, number, isCut: chunk?.isCut ?? false, compute: compute) }
            }
        case .parts(let next):
            guard let part = next() else {
                hasEnded = true
                return
            }
            run = { [isChunked, stop] in
                // The client has left.
                if stop.isSet { return }
                let buffer = Self.buffer(part, isChunked: isChunked)
                loop.execute { bound.value.take(buffer, number) }
            }
        }
        asked += 1
        connection.workers.enqueue(
            WorkItem(caller: caller, kind: .short, flag: stop, makesRoom: isComputed) { _ in run() })
    }

    private func take(_ buffer: ByteBuffer?, _ number: Int, isCut: Bool = false, compute: Duration = .zero) {
        self.compute += compute
        if let buffer { made[number] = buffer }
        if buffer == nil || isCut {
            // The end of chunks that come one after another.
            hasEnded = true
            asked = buffer == nil ? number : number + 1
            self.isCut = isCut
        }
        if let connection, self.compute > connection.configuration.computeDeadline { connection.stopComputing() }
        advance()
    }

    // MARK: Framing

    /// Room for the size of a chunk before its bytes.
    private static let prefix = 10

    private static func buffer(_ bytes: [UInt8], isChunked: Bool) -> ByteBuffer {
        framed(maximum: bytes.count, isChunked) { memory in
            memory.copyBytes(from: bytes)
            return bytes.count
        }
    }

    private static func buffer(_ part: HTTPPart, isChunked: Bool) -> ByteBuffer {
        framed(maximum: part.maximumBytes, isChunked, part.write)
    }

    /// The bytes that `write` puts in its memory, as a chunk (RFC 9112, 7.1) where asked; nothing where there are none,
    /// since an empty chunk would end the answer.
    private static func framed(
        maximum: Int, _ isChunked: Bool, _ write: (UnsafeMutableRawBufferPointer) -> Int
    ) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: prefix + maximum + 2)
        buffer.moveWriterIndex(to: prefix)
        buffer.moveReaderIndex(to: prefix)
        let count = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: maximum) { memory in
            min(write(UnsafeMutableRawBufferPointer(rebasing: memory.prefix(maximum))), maximum)
        }
        guard isChunked, count > 0 else { return buffer }
        let size = String(count, radix: 16) + "\r\n"
        buffer.moveReaderIndex(to: prefix - size.utf8.count)
        buffer.setString(size, at: prefix - size.utf8.count)
        buffer.writeStaticString("\r\n")
        return buffer
    }
}
