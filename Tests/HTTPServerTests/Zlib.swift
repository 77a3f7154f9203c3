import CZlib

/// zlib in one call each, as the other side of the server's codings.
enum Zlib {
    struct Failure: Error { let status: Int32 }

    enum Format: Int32 {
        case gzip = 31
        case zlib = 15
        /// Without header and checksum (RFC 1951).
        case raw = -15
    }

    static func deflated(_ bytes: [UInt8], _ format: Format) throws(Failure) -> [UInt8] {
        var stream = z_stream()
        let status = shim_deflateInit2(&stream, 9, format.rawValue)
        guard status == Z_OK else { throw Failure(status: status) }
        defer { deflateEnd(&stream) }
        return try run(&stream, bytes, room: bytes.count + bytes.count / 100 + 1000) { deflate(&$0, Z_FINISH) }
    }

    /// The bytes of exactly one whole stream, at most `room` of them.
    static func inflated(_ bytes: [UInt8], _ format: Format, room: Int = 64 << 20) throws(Failure) -> [UInt8] {
        var stream = z_stream()
        let status = shim_inflateInit2(&stream, format.rawValue)
        guard status == Z_OK else { throw Failure(status: status) }
        defer { inflateEnd(&stream) }
        return try run(&stream, bytes, room: room) { inflate(&$0, Z_FINISH) }
    }

    private static func run(
        _ stream: inout z_stream, _ bytes: [UInt8], room: Int, _ step: (inout z_stream) -> Int32
    ) throws(Failure) -> [UInt8] {
        var input = bytes
        var status = Z_OK
        let output = [UInt8](unsafeUninitializedCapacity: room) { memory, count in
            input.withUnsafeMutableBufferPointer { input in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = memory.baseAddress
                stream.avail_out = UInt32(room)
                status = step(&stream)
                count = room - Int(stream.avail_out)
            }
        }
        guard status == Z_STREAM_END, stream.avail_in == 0 else { throw Failure(status: status) }
        return output
    }
}
