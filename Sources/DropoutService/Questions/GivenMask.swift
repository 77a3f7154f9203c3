import DropoutEngine
import Stopping

/// A mask as the caller gave it.
///
/// Packed bits and indices stay as they came until the mask is applied. Otherwise a few bytes with a large shape would take
/// memory before the price is known.
enum GivenMask {
    case bits([UInt8], Shape)
    /// 8 elements a byte, the first in the highest bit. Without a shape they are the tensor's elements if their number fits,
    /// else the drawn units.
    case packed([UInt8], Shape?)
    /// The indices of the kept, ascending. Without a shape they count the tensor's elements.
    case indices([Int], Shape?)

    /// The bytes that hold `count` elements.
    static func bytes(_ count: Int) -> Int { count / 8 + (count % 8 == 0 ? 0 : 1) }

    /// The elements that ``bits(full:drawn:stop:)`` makes at most.
    func expandedCount(full: Shape) -> Int {
        switch self {
        case .bits: 0
        case .packed, .indices: full.count
        }
    }

    /// The bit of a list of one number that can be no index: the only unit's. An index would be outside the tensor, or one of
    /// several elements that share a draw.
    private func onlyBit(full: Shape, drawn: Shape) -> UInt8? {
        guard case .indices(let list, nil) = self, list.count == 1, full.rank == 1, drawn.count == 1 else { return nil }
        guard list[0] == 1 || (list[0] == 0 && full.count > 1) else { return nil }
        return UInt8(list[0])
    }

    /// Why the mask fits neither the tensor nor what is drawn. Nil if it fits. The shape of bits is compared when they are
    /// applied.
    func misfit(full: Shape, drawn: Shape) -> String? {
        switch self {
        case .bits: nil
        case .indices where onlyBit(full: full, drawn: drawn) != nil: nil
        case .packed(let bytes, nil):
            [full, drawn].contains { Self.bytes($0.count) == bytes.count }
                ? nil
                : "\(bytes.count) bytes do not hold the \(full.count) elements of the tensor"
                    + (full.count == drawn.count ? "" : " or the \(drawn.count) that are drawn")
        case .indices(let indices, nil):
            indices.last.flatMap { $0 < full.count ? nil : "index \($0) is not below \(full.count), the elements" }
        case .packed(_, let shape?), .indices(_, let shape?):
            shape == full || shape == drawn
                ? nil
                : DropoutError.givenShapeMismatch(
                    given: shape.dimensions, tensor: full.dimensions, drawn: drawn.dimensions
                ).explanation
        }
    }

    /// 1 or 0 for each element of the returned shape, `full` or `drawn`.
    ///
    /// - Throws: ``DropoutError/stopped``, or ``DropoutError/impossible(_:)`` for a mask with a ``misfit(full:drawn:)``.
    func bits(full: Shape, drawn: Shape, stop: StopFlag) throws(DropoutError) -> (bits: [UInt8], shape: Shape) {
        if let misfit = misfit(full: full, drawn: drawn) { throw .impossible(misfit) }
        if let bit = onlyBit(full: full, drawn: drawn) { return ([bit], drawn) }
        switch self {
        case .bits(let bits, let shape): return (bits, shape)
        case .packed(let bytes, let given):
            let shape = given ?? (Self.bytes(full.count) == bytes.count ? full : drawn)
            guard bytes.count == Self.bytes(shape.count) else {
                throw .impossible("\(bytes.count) bytes are unpacked into \(shape.count) elements")
            }
            return (try Self.expanded(shape.count, stop) { $0 = bytes[$1 / 8] >> (7 - UInt8($1 % 8)) & 1 }, shape)
        case .indices(let indices, let given):
            let shape = given ?? full
            var bits = try Self.expanded(shape.count, stop) { _, _ in }
            for start in stride(from: 0, to: indices.count, by: Self.block) {
                try Self.ask(stop)
                for index in indices[start..<min(start + Self.block, indices.count)] {
                    guard bits.indices.contains(index) else { throw .impossible("index \(index) is outside the mask") }
                    bits[index] = 1
                }
            }
            return (bits, shape)
        }
    }

    private static let block = 8192

    private static func expanded(
        _ count: Int, _ stop: StopFlag, _ fill: (inout UInt8, Int) -> Void
    ) throws(DropoutError) -> [UInt8] {
        var bits = [UInt8](repeating: 0, count: count)
        for start in stride(from: 0, to: count, by: block) {
            try ask(stop)
            for index in start..<min(start + block, count) { fill(&bits[index], index) }
        }
        return bits
    }

    private static func ask(_ stop: StopFlag) throws(DropoutError) {
        if stop.isSet { throw .stopped }
    }
}
