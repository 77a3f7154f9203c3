import CZlib
package import NIOCore
import TextCodecs

/// Decompresses a request's body within bounds (zlib).
package enum Inflater {
    /// A body that inflates beyond this is held against ``maximumRatio``.
    static let freeBytes = 1 << 20
    /// Inflated bytes for each byte sent. Text of numbers shrinks to a half, of equal rows to a hundredth.
    static let maximumRatio = 256

    /// Inflates `body`.
    ///
    /// - Parameters:
    ///   - maximumBytes: the most bytes of the inflated body.
    ///   - reserve: takes so many bytes more from the memory budget, or says no.
    /// - Throws: 400 for bytes that are not of the coding, are cut, or go on after its end, where only another member of
    ///   gzip may begin. 413 over `maximumBytes` or ``maximumRatio``. 503 if there is no memory.
    package static func inflate(
        _ body: ByteBuffer, _ coding: ContentCoding, maximumBytes: Int, reserve: (Int) -> Bool
    ) throws(HTTPRefusal) -> ByteBuffer {
        // At one place for good: zlib keeps its address.
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer { stream.deallocate() }
        guard shim_inflateInit2(stream, coding == .gzip ? 31 : 15) == Z_OK else {
            throw HTTPRefusal(503, .memory, "there is no memory to inflate the body")
        }
        defer { inflateEnd(stream) }
        var output = ByteBuffer()
        let allowed = min(maximumBytes, max(freeBytes, body.readableBytes.times(maximumRatio)))
        var refusal: HTTPRefusal?
        body.withUnsafeReadableBytes { input in
            stream.pointee.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
            stream.pointee.avail_in = UInt32(clamping: input.count)
            var (status, reserved) = (Z_OK, 0)
            while status == Z_OK {
                var room = reserved - output.readableBytes
                if room == 0 {
                    room = min(max(2 * output.readableBytes, 64 << 10), 16 << 20)
                    guard reserve(room) else {
                        refusal = HTTPRefusal(503, .memory, "the requests in work take all the memory that they may")
                        return
                    }
                    reserved += room
                }
                output.writeWithUnsafeMutableBytes(minimumWritableBytes: room) { memory in
                    stream.pointee.next_out = memory.bindMemory(to: UInt8.self).baseAddress
                    stream.pointee.avail_out = UInt32(clamping: room)
                    status = CZlib.inflate(stream, Z_NO_FLUSH)
                    return room - Int(stream.pointee.avail_out)
                }
                // Members of gzip follow each other, and what they hold is one body (RFC 1952, 2.2).
                if status == Z_STREAM_END, coding == .gzip, stream.pointee.avail_in > 0 {
                    status = inflateReset(stream)
                }
                if output.readableBytes > allowed {
                    refusal = tooLarge(maximumBytes, isOverRatio: allowed < maximumBytes)
                    return
                }
            }
            if status != Z_STREAM_END || stream.pointee.avail_in > 0 {
                refusal = HTTPRefusal(400, .coding, "the body is not a whole \(coding.rawValue) stream")
            }
        }
        if let refusal { throw refusal }
        return output
    }

    private static func tooLarge(_ maximumBytes: Int, isOverRatio: Bool) -> HTTPRefusal {
        HTTPRefusal(
            413, .coding,
            isOverRatio
                ? "the body inflates to more than \(maximumRatio) times its size"
                : "the inflated body is larger than \(maximumBytes) bytes")
    }
}
