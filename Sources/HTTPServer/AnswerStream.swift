import NIOCore

/// A long answer on its way: workers make its parts, several at a time, and they leave in order as the reader takes them.
///
/// Belongs to the event loop of its connection. The first part leaves as soon as it is made; at most ``limit`` parts wait
/// or are in the making, so that a slow reader takes no more memory than a fast one.
final class AnswerStream {
    private let body: HTTPBody
    private let isChunked: Bool
    private let limit: Int
    private weak var connection: ConnectionHandler?
    /// Parts asked for, and parts sent.
    private var (asked, sent) = (0, 0)
    /// Parts that are made and not sent, by their number.
    private var made: [Int: ByteBuffer] = [:]
    private var hasEnded = false

    init(_ body: HTTPBody, isChunked: Bool, _ connection: ConnectionHandler) {
        self.body = body
        self.isChunked = isChunked
        self.connection = connection
        limit =
            switch body {
            case .parts: min(connection.workers.threadCount, 8) + 1
            case .chunks, .bytes: 1
            }
    }

    /// Nothing more is sent.
    func stop() {
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
            stop()
            if isChunked { connection.put(ByteBuffer(string: "0\r\n\r\n")) }
            context.flush()
            connection.finish()
        } else if hasWritten || sent == 0 {
            context.flush()
        }
    }

    private func ask(_ loop: any EventLoop) {
        guard let connection else { return }
        let make: @Sendable () -> ByteBuffer?
        switch body {
        case .bytes(let bytes):
            hasEnded = true
            make = { [isChunked] in Self.buffer(bytes, isChunked: isChunked) }
        case .chunks(let next):
            make = { [isChunked] in next().map { Self.buffer($0, isChunked: isChunked) } }
        case .parts(let next):
            guard let part = next() else {
                hasEnded = true
                return
            }
            make = { [isChunked] in Self.buffer(part, isChunked: isChunked) }
        }
        let number = asked
        asked += 1
        let bound = NIOLoopBound(self, eventLoop: loop)
        connection.workers.resume {
            let buffer = make()
            loop.execute { bound.value.take(buffer, number) }
        }
    }

    private func take(_ buffer: ByteBuffer?, _ number: Int) {
        if let buffer {
            made[number] = buffer
        } else {
            // The end of chunks that come one after another.
            hasEnded = true
            asked = number
        }
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
