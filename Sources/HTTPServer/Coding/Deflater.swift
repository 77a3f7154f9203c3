import CZlib

/// Compresses an answer piece by piece (zlib).
final class Deflater {
    /// At one place for good: zlib keeps its address.
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    private let isReady: Bool

    /// Fast rather than small: numbers that look random shrink to some 45 % whatever the effort.
    private static let level: Int32 = 1

    init(_ coding: ContentCoding) {
        stream.initialize(to: z_stream())
        // 15 bits of window. 16 is added for gzip's header.
        isReady = shim_deflateInit2(stream, Self.level, coding == .gzip ? 31 : 15) == Z_OK
    }

    deinit {
        if isReady { deflateEnd(stream) }
        stream.deallocate()
    }

    /// The compressed bytes that are sent after `bytes` came in: all that are left with `isLast`, all up to here with
    /// `isFlushed`. Nil if zlib has no memory.
    func deflate(_ bytes: [UInt8], isLast: Bool, isFlushed: Bool = false) -> [UInt8]? {
        guard isReady else { return nil }
        var output: [UInt8] = []
        var status = Z_OK
        bytes.withUnsafeBufferPointer { input in
            stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
            stream.pointee.avail_in = UInt32(clamping: input.count)
            repeat {
                let room = max(4096, Int(stream.pointee.avail_in) / 2)
                let piece = [UInt8](unsafeUninitializedCapacity: room) { memory, count in
                    stream.pointee.next_out = memory.baseAddress
                    stream.pointee.avail_out = UInt32(clamping: room)
                    status = CZlib.deflate(stream, isLast ? Z_FINISH : isFlushed ? Z_SYNC_FLUSH : Z_NO_FLUSH)
                    count = room - Int(stream.pointee.avail_out)
                }
                if output.isEmpty { output = piece } else { output += piece }
            } while status == Z_OK && stream.pointee.avail_out == 0
            stream.pointee.next_in = nil
            stream.pointee.next_out = nil
        }
        return status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR ? output : nil
    }
}

extension HTTPBody {
    /// The body, compressed, its parts one after another; nil if zlib has no memory.
    func deflated(_ coding: ContentCoding) -> HTTPBody? {
        switch self {
        case .bytes(let bytes): Deflater(coding).deflate(bytes, isLast: true).map { .bytes($0) }
        case .pulled(.chunks(let next)): .chunks(DeflatedChunks(coding, next).next)
        case .pulled(.parts(let next)): .chunks(DeflatedChunks(coding) { next().map { HTTPChunk($0.bytes) } }.next)
        }
    }
}

extension HTTPPart {
    fileprivate var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: maximumBytes) { memory, count in
            count = min(write(UnsafeMutableRawBufferPointer(memory)), maximumBytes)
        }
    }
}
