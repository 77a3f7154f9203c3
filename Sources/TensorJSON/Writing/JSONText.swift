/// A JSON text. Its large arrays are printed part by part, when they are asked for.
package struct JSONText: Sendable {
    enum Piece: Sendable {
        case bytes([UInt8])
        case array(NestedPrinting)
        case base64(Base64Printing)
    }

    private var pieces: [Piece]
    /// The bytes of base64 in the whole text.
    package let base64Bytes: Int
    private var current = 0
    /// The number of elements, or bytes, of the current piece that earlier parts have.
    private var taken = 0

    init(_ pieces: [Piece], base64Bytes: Int = 0) {
        self.pieces = pieces
        self.base64Bytes = base64Bytes
    }

    /// An estimate of the bytes that are left of the text, rather too many than too few.
    ///
    /// Complexity: O(pieces), independent of their sizes.
    package var printedBytesEstimate: Int {
        pieces.indices.dropFirst(current).reduce(0) { sum, index in
            switch pieces[index] {
            case .bytes(let bytes): sum + bytes.count
            case .array(let printing): sum + printing.bytesEstimate(after: index == current ? taken : 0)
            case .base64(let printing): sum + Base64.length(printing.byteCount - (index == current ? taken : 0))
            }
        }
    }

    /// The bytes of memory that the elements to be printed take.
    package var heldBytes: Int {
        pieces.reduce(0) { sum, piece in
            switch piece {
            case .bytes(let bytes): sum + bytes.count
            case .array(let printing): sum + printing.elements.byteCount
            case .base64(let printing): sum + printing.byteCount
            }
        }
    }

    /// Takes the next part of the text, which is not printed yet; nil at the end.
    ///
    /// The parts in their order make the text. No part is empty.
    package mutating func nextPart() -> JSONPart? {
        while current < pieces.count {
            switch pieces[current] {
            case .bytes(let bytes):
                finishPiece()
                if !bytes.isEmpty { return JSONPart(.bytes(bytes)) }
            case .array(let printing):
                let range = taken..<min(taken + printing.countPerPart, printing.elements.count)
                taken = range.upperBound
                if taken == printing.elements.count { finishPiece() }
                return JSONPart(.elements(printing, range))
            case .base64(let printing):
                let range = taken..<min(taken + Base64Printing.bytesPerPart, printing.byteCount)
                taken = range.upperBound
                if taken == printing.byteCount { finishPiece() }
                return JSONPart(.base64(printing, range))
            }
        }
        return nil
    }

    /// Takes all that is left of a text, printed.
    package mutating func allBytes() -> [UInt8] {
        guard var bytes = nextPart()?.bytes() else { return [] }
        while let part = nextPart() { bytes += part.bytes() }
        return bytes
    }

    private mutating func finishPiece() {
        pieces[current] = .bytes([])
        current += 1
        taken = 0
    }
}
