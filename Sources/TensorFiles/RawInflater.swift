import CZlib

/// Inflates deflated bytes without a header around them (RFC 1951), whose size is known.
enum RawInflater {
    private static let rawWindowBits: Int32 = -15
    /// The most bytes that zlib takes at once.
    private static let turnBytes = 1 << 30

    /// - Returns: nil if `input` is not one whole stream of `byteCount` bytes, or if there is no memory.
    static func inflate(_ input: UnsafeRawBufferPointer, byteCount: Int) -> [UInt8]? {
        // At one place for good: zlib keeps its address.
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer { stream.deallocate() }
        guard shim_inflateInit2(stream, rawWindowBits) == Z_OK else { return nil }
        defer { inflateEnd(stream) }
        var isWhole = false
        // One byte more than there should be, so that a longer stream shows, and so that an empty one has an address.
        let bytes = [UInt8](unsafeUninitializedCapacity: byteCount + 1) { output, count in
            var (read, status) = (0, Z_OK)
            while status == Z_OK {
                let (inputTurn, outputTurn) = (
                    min(input.count - read, turnBytes), min(byteCount + 1 - count, turnBytes)
                )
                stream.pointee.next_in = UnsafeMutablePointer(
                    mutating: input.bindMemory(to: UInt8.self).baseAddress.map { $0 + read })
                stream.pointee.avail_in = UInt32(inputTurn)
                stream.pointee.next_out = output.baseAddress.map { $0 + count }
                stream.pointee.avail_out = UInt32(outputTurn)
                status = CZlib.inflate(stream, Z_NO_FLUSH)
                read += inputTurn - Int(stream.pointee.avail_in)
                count += outputTurn - Int(stream.pointee.avail_out)
            }
            isWhole = status == Z_STREAM_END && read == input.count && count == byteCount
        }
        return isWhole ? bytes : nil
    }
}
