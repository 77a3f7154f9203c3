import DropoutEngine
import TensorJSON

/// The state of PyTorch's default generator on a CPU.
///
/// The bytes, lowest first in each number:
///
///        0  8 bytes   the seed of `manual_seed`
///        8  4 bytes   left: the words before the next block, and 1
///       12  4 bytes   1: the generator is seeded
///       16  8 bytes   next: the place of the next word in the block
///       24  624 · 8   the untempered words, 32 bits each
///     5016  40 bytes  normal numbers that are left
///
/// After a seed, left is 1 and next 0. After a word, left + next is 625.
///
/// Source: pytorch/pytorch `aten/src/ATen/CPUGeneratorImpl.cpp`, `core/MT19937RNGEngine.h` (2.13.0).
package struct TorchState: Sendable {
    /// The place at which the bytes are no state, and why.
    struct Wrong: Error {
        let byte: Int
        let detail: String
    }

    static let byteCount = 5056
    /// The bytes that the state holds: those that came, and the words.
    static let heldBytes = byteCount + 4 * MT19937.size

    let words: [UInt32]
    let position: Int
    private let bytes: [UInt8]
    /// Whether it came as a list of numbers rather than as base64.
    let isList: Bool

    /// - Parameter bytes: ``byteCount`` of them.
    init(_ bytes: [UInt8], isList: Bool) throws(Wrong) {
        guard bytes.count == Self.byteCount else {
            throw Wrong(byte: 0, detail: "\(Self.byteCount) bytes expected, \(bytes.count) found")
        }
        func number(_ place: Int, bytes count: Int) -> UInt64 {
            bytes[place..<place + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
        let size = UInt64(MT19937.size)
        let (left, next) = (number(8, bytes: 4), number(16, bytes: 8))
        guard number(12, bytes: 4) == 1 else { throw Wrong(byte: 12, detail: "a generator that was not seeded") }
        guard (1...size).contains(left) else {
            throw Wrong(byte: 8, detail: "`left` from 1 to \(size) expected, \(left) found")
        }
        guard next <= size, left == 1 || left + next == size + 1 else {
            throw Wrong(byte: 16, detail: "`next` of \(size + 1 - left) expected after `left`, \(next) found")
        }
        var words: [UInt32] = []
        words.reserveCapacity(MT19937.size)
        for index in 0..<MT19937.size {
            let place = 24 + 8 * index
            let word = number(place, bytes: 8)
            guard let word = UInt32(exactly: word) else {
                throw Wrong(byte: place + 4, detail: "word \(index) has more than 32 bits")
            }
            words.append(word)
        }
        position = Int(size + 1 - left)
        (self.words, self.bytes, self.isList) = (words, bytes, isList)
    }

    func write(to writer: inout JSONWriter) {
        guard isList else { return writer.base64(bytes) }
        writer.beginArray()
        for byte in bytes { writer.integer(UInt64(byte)) }
        writer.endArray()
    }
}
