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

    /// The Mersenne Twister. Nil if the state is that of another core.
    var twister: MT19937? {
        switch self {
        case .numPyLegacy(let state): MT19937(state: state.words, position: state.position)
        case .torch(let state): MT19937(state: state.words, position: state.position)
        default: nil
        }
    }

    /// The stream of `numpy.random.Generator`. Nil for other states.
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

    /// MLX's global key. Nil for other states.
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

extension JSONWriter {
    /// A number up to 2^53, its digits in a string above.
    mutating func field(_ name: String, wide: UInt128) {
        key(name)
        SeedInteger(words: wide).write(to: &self)
    }

    /// Numbers up to 2^53, their digits in strings above.
    mutating func field(_ name: String, longWords: [UInt64]) {
        key(name)
        beginArray()
        for word in longWords { SeedInteger(word).write(to: &self) }
        endArray()
    }
}
