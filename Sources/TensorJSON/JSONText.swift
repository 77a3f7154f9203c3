/// A written JSON text whose large arrays are printed when their turn comes.
package struct JSONText: Sendable {
    enum Piece: Sendable {
        case bytes([UInt8])
        case array(NestedPrinting)
    }

    private var pieces: [Piece]
    private var current = 0

    /// Elements printed in one chunk: up to a mebibyte of text, most often a quarter of that.
    private static let elementsPerChunk = 16_384

    init(_ pieces: [Piece]) { self.pieces = pieces }

    /// Nothing large is left to print.
    package var isSmall: Bool { pieces.count == 1 }

    /// The next part of the text, nil at its end.
    package mutating func nextChunk() -> [UInt8]? {
        guard current < pieces.count else { return nil }
        switch pieces[current] {
        case .bytes(let bytes):
            pieces[current] = .bytes([])
            current += 1
            return bytes.isEmpty ? nextChunk() : bytes
        case .array(var printing):
            var bytes: [UInt8] = []
            printing.print(to: &bytes, maximum: Self.elementsPerChunk)
            if printing.isFinished {
                pieces[current] = .bytes([])
                current += 1
            } else {
                pieces[current] = .array(printing)
            }
            return bytes
        }
    }

    /// All that is left of the text at once.
    package mutating func allBytes() -> [UInt8] {
        guard var bytes = nextChunk() else { return [] }
        while let chunk = nextChunk() { bytes += chunk }
        return bytes
    }
}
