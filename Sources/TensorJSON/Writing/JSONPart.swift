/// A part of a text, which is printed without any other: several threads may print the parts of one text at once.
package struct JSONPart: Sendable {
    enum Content: Sendable {
        case bytes([UInt8])
        case elements(NestedPrinting, Range<Int>)
        case base64(Base64Printing, Range<Int>)
    }

    private let content: Content

    init(_ content: Content) { self.content = content }

    /// Bytes that stand as they are.
    package init(_ bytes: [UInt8]) { content = .bytes(bytes) }

    /// The most bytes that the part has.
    package var maximumBytes: Int {
        switch content {
        case .bytes(let bytes): bytes.count
        case .elements(let printing, let range): printing.room(range)
        case .base64(_, let range): Base64.length(range.count)
        }
    }

    /// Writes the part's own bytes to the start of `memory`, which has room for ``maximumBytes``, and returns their number;
    /// writes nothing where the room is too small.
    package func write(to memory: UnsafeMutableBufferPointer<UInt8>) -> Int {
        switch content {
        case .bytes(let bytes):
            guard let base = memory.baseAddress, memory.count >= bytes.count else { return 0 }
            base.update(from: bytes, count: bytes.count)
            return bytes.count
        case .elements(let printing, let range): return printing.write(range, to: memory)
        case .base64(let printing, let range):
            guard memory.count >= maximumBytes else { return 0 }
            return printing.write(range, to: memory)
        }
    }

    /// The part's own bytes.
    package func bytes() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: maximumBytes) { memory, count in count = write(to: memory) }
    }
}
