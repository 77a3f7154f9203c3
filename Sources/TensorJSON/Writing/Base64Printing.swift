import TextCodecs

/// Numbers or bytes as a base64 string. Each part of it can be printed alone.
struct Base64Printing: Sendable {
    enum Elements: Sendable {
        case doubles([Double])
        case floats([Float])
        case halves([Float], HalfType)
        case bytes([UInt8])
    }

    let elements: Elements

    /// The bytes of one part. The number is a multiple of 3 and of 8, so parts end between characters and between numbers.
    static let bytesPerPart = 3 << 16

    var byteCount: Int {
        switch elements {
        case .doubles(let elements): 8 * elements.count
        case .floats(let elements): 4 * elements.count
        case .halves(let elements, _): 2 * elements.count
        case .bytes(let elements): elements.count
        }
    }

    /// Writes the text of the bytes in `range`. Numbers have their lowest byte first.
    ///
    /// - Parameter memory: has room for ``Base64/length(_:)`` of the range.
    func write(_ range: Range<Int>, to memory: UnsafeMutableBufferPointer<UInt8>) -> Int {
        switch elements {
        case .doubles(let elements):
            guard 1.littleEndian == 1 else {
                return write(
                    elements[range.lowerBound / 8..<range.upperBound / 8].map(\.bitPattern.littleEndian), memory)
            }
            return elements.withUnsafeBytes { Base64.encode(UnsafeRawBufferPointer(rebasing: $0[range]), to: memory) }
        case .floats(let elements):
            guard 1.littleEndian == 1 else {
                return write(
                    elements[range.lowerBound / 4..<range.upperBound / 4].map(\.bitPattern.littleEndian), memory)
            }
            return elements.withUnsafeBytes { Base64.encode(UnsafeRawBufferPointer(rebasing: $0[range]), to: memory) }
        case .halves(let elements, let type):
            return write(
                elements[range.lowerBound / 2..<range.upperBound / 2].map { type.bits($0).littleEndian }, memory)
        case .bytes(let elements):
            return elements.withUnsafeBytes { Base64.encode(UnsafeRawBufferPointer(rebasing: $0[range]), to: memory) }
        }
    }

    private func write<Word: BitwiseCopyable>(_ words: [Word], _ memory: UnsafeMutableBufferPointer<UInt8>) -> Int {
        words.withUnsafeBytes { Base64.encode($0, to: memory) }
    }
}
