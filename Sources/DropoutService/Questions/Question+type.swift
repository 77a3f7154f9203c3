import TensorFiles
import TensorJSON

/// The type to compute in.
extension Question {
    /// The field `dtype`. Without it the widest type of the tensors that come with one, and float64 if none does.
    ///
    /// The tensors are those whose values are computed with: a mask and uniforms do not count.
    func computingType() -> ElementType {
        choice("dtype", ElementType.self) ?? attachedType ?? widestStoredType ?? .float64
    }

    /// The type of the input's file, float64 for integers.
    private var attachedType: ElementType? {
        switch attachment("input")?.stored.type {
        case nil: return nil
        case .float32: return .float32
        case .float16?, .bfloat16?:
            if !has("dtype") {
                wrong("dtype", "the file has elements of two bytes; say in which type to compute, float32 or float64")
            }
            return .float32
        default: return .float64
        }
    }

    /// The widest type that a tensor in base64 names. A wrong name is noted where the tensor is read.
    private var widestStoredType: ElementType? {
        var types = Self.tensorFields.compactMap { fields[$0].flatMap(Self.storedType) }
        if case .array(let outputs)? = fields["outputs"] { types += outputs.compactMap(Self.storedType) }
        if case .array(let layers)? = fields["layers"] {
            for case .object(let layer) in layers {
                types += Self.layerFields.compactMap { layer[$0].flatMap(Self.storedType) }
            }
        }
        return types.max { $0.byteCount < $1.byteCount }
    }

    private static let tensorFields = ["input", "previous", "target", "output", "outputs"]
    private static let layerFields = ["weights", "bias", "previous"]

    /// The `dtype` of a tensor in base64.
    private static func storedType(_ value: JSONValue) -> ElementType? {
        guard case .object(let tensor) = value, tensor["base64"] != nil, case .string(let name)? = tensor["dtype"]
        else {
            return nil
        }
        return ElementType(rawValue: name)
    }
}
