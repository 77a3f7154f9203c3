import DropoutEngine
import TensorJSON

/// The state of a library's generator between two draws, sent instead of a seed.
///
/// It holds all that the library prints, also what no dropout draws, so that an answer's echo is the state that was sent.
package enum GeneratorState: Sendable {
    /// The field of a request.
    static let field = "state"

    case numPyLegacy(LegacyState)
    case numPyPCG64(state: UInt128, increment: UInt128, HalfWord)
    case numPyPhilox(PhiloxState)
    case torch(TorchState)
    case mlx(high: UInt32, low: UInt32)

    /// The Mersenne Twister; nil if the state is that of another core.
    var twister: MT19937? {
        switch self {
        case .numPyLegacy(let state): MT19937(state: state.words, position: state.position)
        case .torch(let state): MT19937(state: state.words, position: state.position)
        default: nil
        }
    }

    /// The stream of `numpy.random.Generator`; nil for other states.
    func numPy(isFloat32: Bool) -> NumPyGenerator? {
        switch self {
        case .numPyPCG64(let state, let increment, let half):
            NumPyGenerator(
                .pcg64(PCG64(state: state, increment: increment)), half: half.left, isFloat32: isFloat32)
        case .numPyPhilox(let state):
            NumPyGenerator(.philox(state.stream), half: state.half.left, isFloat32: isFloat32)
        default: nil
        }
    }

    /// MLX's global key; nil for other states.
    var mlxKeys: MLXKeys? {
        guard case .mlx(let high, let low) = self else { return nil }
        return MLXKeys(high: high, low: low)
    }

    /// The time and the bytes of ``write(to:)``, and the bytes that are held.
    var price: Price {
        switch self {
        case .numPyLegacy: Self.price(numbers: MT19937.size + 2, digits: 11, held: 4 * MT19937.size)
        case .numPyPCG64, .numPyPhilox, .mlx: Self.price(numbers: 16, digits: 40, held: 128)
        case .torch(let state) where state.isList:
            Self.price(numbers: TorchState.byteCount, digits: 4, held: TorchState.heldBytes)
        case .torch:
            Price(
                nanoseconds: KernelPrice.printBase64(TorchState.byteCount), heldBytes: TorchState.heldBytes,
                printedBytes: TorchState.byteCount / 3 * 4 + 16)
        }
    }

    private static func price(numbers: Int, digits: Int, held: Int) -> Price {
        Price(
            nanoseconds: KernelPrice.printInteger(numbers), heldBytes: held, printedBytes: numbers * digits + 160)
    }

    // MARK: Printing

    func write(to writer: inout JSONWriter) {
        writer.key(Self.field)
        switch self {
        case .numPyLegacy(let state): state.write(to: &writer)
        case .numPyPCG64(let state, let increment, let half):
            writer.beginObject()
            writer.field("bit_generator", "PCG64")
            writer.key("state")
            writer.beginObject()
            writer.field("state", wide: state)
            writer.field("inc", wide: increment)
            writer.endObject()
            half.write(to: &writer)
            writer.endObject()
        case .numPyPhilox(let state): state.write(to: &writer)
        case .torch(let state): state.write(to: &writer)
        case .mlx(let high, let low):
            writer.beginArray()
            for word in [high, low] { writer.integer(UInt64(word)) }
            writer.endArray()
        }
    }
}

/// The state of `np.random`.
package struct LegacyState: Sendable {
    /// 624 words.
    fileprivate let words: [UInt32]
    /// 0 to 624.
    fileprivate let position: Int
    /// Whether a normal number is left, and that number; nil if the request said nothing of it.
    private let normal: (isLeft: Bool, number: Double)?
    /// Whether it came as NumPy's tuple rather than as its dictionary.
    private let isTuple: Bool

    init(_ words: [UInt32], _ position: UInt64, normal: (Bool, Double)?, isTuple: Bool) {
        (self.words, self.position) = (words, Int(clamping: position))
        (self.normal, self.isTuple) = (normal, isTuple)
    }

    fileprivate func write(to writer: inout JSONWriter) {
        if isTuple {
            writer.beginArray()
            writer.string("MT19937")
            writeWords(to: &writer)
            writer.integer(Int64(position))
            if let normal {
                writer.integer(normal.isLeft ? 1 : 0 as Int64)
                writer.number(normal.number)
            }
            writer.endArray()
            return
        }
        writer.beginObject()
        writer.field("bit_generator", "MT19937")
        writer.key("state")
        writer.beginObject()
        writer.key("key")
        writeWords(to: &writer)
        writer.field("pos", position)
        writer.endObject()
        if let normal {
            writer.field("has_gauss", normal.isLeft ? 1 : 0)
            writer.field("gauss", normal.number)
        }
        writer.endObject()
    }

    private func writeWords(to writer: inout JSONWriter) {
        writer.beginArray()
        for word in words { writer.integer(UInt64(word)) }
        writer.endArray()
    }
}

/// Half of a 64-bit word that `numpy.random.Generator` drew for a 32-bit number: the next 32-bit number.
package struct HalfWord: Sendable {
    let isLeft: Bool
    let word: UInt32

    fileprivate var left: UInt32? { isLeft ? word : nil }

    fileprivate func write(to writer: inout JSONWriter) {
        writer.field("has_uint32", isLeft ? 1 : 0)
        writer.field("uinteger", natural: UInt64(word))
    }
}

/// The state of `np.random.Philox`.
package struct PhiloxState: Sendable {
    /// Four words, the lowest first.
    let counter: [UInt64]
    /// Two words.
    let key: [UInt64]
    /// The four words of the last block.
    let buffer: [UInt64]
    /// The words of the buffer that were drawn, 0 to 4.
    let position: Int
    let half: HalfWord

    fileprivate var stream: Philox4x64Stream {
        Philox4x64Stream(
            key: (key[0], key[1]), counter: (counter[0], counter[1], counter[2], counter[3]),
            block: (buffer[0], buffer[1], buffer[2], buffer[3]), place: position)
    }

    fileprivate func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("bit_generator", "Philox")
        writer.key("state")
        writer.beginObject()
        writer.field("counter", longWords: counter)
        writer.field("key", longWords: key)
        writer.endObject()
        writer.field("buffer", longWords: buffer)
        writer.field("buffer_pos", position)
        half.write(to: &writer)
        writer.endObject()
    }
}

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
    /// Where the bytes are no state, and why.
    struct Wrong: Error {
        let byte: Int
        let detail: String
    }

    static let byteCount = 5056
    /// The bytes and the words.
    fileprivate static let heldBytes = byteCount + 4 * MT19937.size

    fileprivate let words: [UInt32]
    fileprivate let position: Int
    private let bytes: [UInt8]
    /// Whether it came as a list of numbers rather than as base64.
    fileprivate let isList: Bool

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

    fileprivate func write(to writer: inout JSONWriter) {
        guard isList else { return writer.base64(bytes) }
        writer.beginArray()
        for byte in bytes { writer.integer(UInt64(byte)) }
        writer.endArray()
    }
}

extension JSONWriter {
    /// A number up to 2^53, its digits in a string above.
    fileprivate mutating func field(_ name: String, wide: UInt128) {
        key(name)
        SeedInteger(words: wide).write(to: &self)
    }

    /// Numbers up to 2^53, their digits in strings above.
    fileprivate mutating func field(_ name: String, longWords: [UInt64]) {
        key(name)
        beginArray()
        for word in longWords { SeedInteger(word).write(to: &self) }
        endArray()
    }
}
