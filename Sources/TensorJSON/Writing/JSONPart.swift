/// A part of a text that is printed alone. Several threads may print the parts of one text at once.
package struct JSONPart: Sendable {
    enum Content: Sendable {
        case bytes([UInt8])
        case elements(NestedPrinting, Range<Int>)
        case base64(Base64Printing, Range<Int>)
    }

    private let content: Content

    init(_ content: Content) { self.content = content }

    /// A part that is these bytes.
    package init(_ bytes: [UInt8]) { content = .bytes(bytes) }

    /// The most bytes that the text of the part can have.
    package var maximumBytes: Int {
        switch content {
        case .bytes(let bytes): bytes.count
        case .elements(let printing, let range): printing.room(range)
        case .base64(_, let range): Base64.length(range.count)
        }
    }

    /// Writes the text of the part to the start of `memory` and returns its length. Writes nothing if `memory` has less room than
    /// ``maximumBytes``.
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

    /// The text of the part.
    package func bytes() -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: maximumBytes) { memory, count in count = write(to: memory) }
    }
}
