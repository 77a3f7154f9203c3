import DropoutEngine
import TensorFiles
import TensorJSON
import TextCodecs

/// An answer that is one tensor in NumPy's array file.
///
/// It has no room for the fields of a JSON answer. A seed that the service drew is in the field `Dropout-Seed` of the header, so
/// that the answer can be asked for again.
struct ArrayAnswer {
    /// The part of the JSON answer that the file holds. Without `include` it is the route's usual one.
    enum Part: String, CaseIterable {
        case output, mask
    }

    static let seedField = "Dropout-Seed"

    let bytes: [UInt8]
    let headers: [(name: String, value: String)]

    /// A tensor of numbers, in the type to which they have been rounded.
    init<Scalar: WireScalar>(_ tensor: Tensor<Scalar>, as type: ElementType = Scalar.elementType, seed: Seed?) {
        self.init(
            NPYFile.preamble(type.stored, shape: tensor.shape.dimensions)
                + Scalar.bytes(tensor.elements, as: type.stored), seed)
    }

    /// A mask: bytes of 0 and 1, which NumPy reads as `uint8`, or as `bool` with `mask_format` booleans.
    init(_ mask: Mask, format: MaskFormat, seed: Seed?) {
        let type: StoredType = format == .booleans ? .bool : .uint8
        self.init(NPYFile.preamble(type, shape: mask.noise.full.dimensions) + mask.kept, seed)
    }

    private init(_ bytes: [UInt8], _ seed: Seed?) {
        self.bytes = bytes
        headers = seed?.text.map { [(Self.seedField, $0)] } ?? []
    }

    /// The header of a file and room for its growth.
    private static let preambleBytes = 256

    /// The price of a file with so many elements of one size: it is held whole until it is sent.
    static func price(_ count: Int, elementBytes: Int) -> Price {
        let bytes = count.times(elementBytes).adding(Self.preambleBytes)
        return Price(nanoseconds: KernelPrice.convert(count), heldBytes: bytes, printedBytes: bytes)
    }
}

extension ElementType {
    /// The type of the elements in a file or in raw bytes.
    var stored: StoredType {
        switch self {
        case .float64: .float64
        case .float32: .float32
        case .float16: .float16
        case .bfloat16: .bfloat16
        }
    }
}

extension Question {
    /// The part that an answer of one array holds. Nil if the answer is JSON.
    ///
    /// Notes an `include` that does not name exactly one of `parts`, a mask in a format that is not a byte for each element,
    /// and fields whose answers are no array.
    func arrayPart(
        of parts: [ArrayAnswer.Part], include: Set<String>, maskFormat: MaskFormat, notWith others: [String] = []
    ) -> ArrayAnswer.Part? {
        guard answerType == .npy else { return nil }
        for name in others where has(name) {
            wrong(name, "`\(name)` is answered in JSON; an array file holds one tensor")
        }
        guard let usual = parts.first else { return nil }
        var part = usual
        if has("include") {
            guard include.count == 1, let named = parts.first(where: { include.contains($0.rawValue) }) else {
                let names = parts.map { "`\($0.rawValue)`" }.joined(separator: " or ")
                wrong("include", "an array file holds one tensor; name \(names)")
                return nil
            }
            part = named
        }
        if part == .mask, maskFormat != .numbers, maskFormat != .booleans {
            wrong("mask_format", "the mask in an array file is `numbers` or `booleans`")
        }
        return part
    }
}

extension Seed {
    /// The seed as it is sent in a query. Nil for a key and for a state, which the caller has given.
    fileprivate var text: String? {
        switch self {
        case .number(let integer): integer.decimal
        case .list(let list): "[\(list.map(\.decimal).joined(separator: ","))]"
        case .key, .state: nil
        }
    }
}
