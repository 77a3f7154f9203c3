package import NIOCore

/// A part of a long answer, framed as it is sent.
package struct AnswerPart: Sendable {
    package let number: Int
    package let bytes: ByteBuffer
    /// Whether the answer ends here though it is not whole.
    package let isCut: Bool
    /// Time that was spent on the part, if it was computed while the answer was sent.
    package let compute: Duration

    package init(_ number: Int, _ chunk: HTTPChunk, isChunked: Bool, compute: Duration = .zero) {
        self.number = number
        self.compute = compute
        isCut = chunk.isCut
        bytes = Self.framed(maximum: chunk.bytes.count, isChunked) { memory in
            memory.copyBytes(from: chunk.bytes)
            return chunk.bytes.count
        }
    }

    /// Makes the part.
    package init(_ number: Int, _ part: HTTPPart, isChunked: Bool) {
        self.number = number
        (isCut, compute) = (false, .zero)
        bytes = Self.framed(maximum: part.maximumBytes, isChunked, part.write)
    }

    /// Room for the size of a chunk before its bytes.
    private static let prefix = 10

    /// The bytes that `write` puts in its memory, as a chunk (RFC 9112, 7.1) if asked. No bytes give nothing, since an empty
    /// chunk would end the answer.
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
