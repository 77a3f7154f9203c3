import TensorFiles
import TensorJSON
import TextCodecs

/// The type to compute in.
extension Question {
    /// The field `dtype`. Without it the widest type of the tensors that come with one, and float64 if none does.
    ///
    /// The tensors are those whose values are computed with: a mask and uniforms do not count.
    func computingType() -> ElementType {
        let named = choice("dtype", ElementType.self)
        if let input = attachment("input"), input.isUntyped, named != .bfloat16 {
            let detail = "elements of type '<V2' are read as bfloat16 if `dtype` is bfloat16, and not otherwise"
            wrong(input.name, detail)
        }
        return named ?? defaultType
    }

    /// The type of 16 bits to compute in. Nil for another type, and for a wrong name.
    var halfType: HalfType? {
        guard case .string(let name)? = fields["dtype"] else { return has("dtype") ? nil : defaultType.half }
        return ElementType(rawValue: name)?.half
    }

    private var defaultType: ElementType { attachedType ?? widestStoredType ?? .float64 }

    /// The type of the input's file, float64 for integers.
    private var attachedType: ElementType? {
        switch attachment("input")?.stored.type {
        case nil: nil
        case .float16?: .float16
        case .bfloat16?: .bfloat16
        case .float32?: .float32
        default: .float64
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
        guard let widest = types.max(by: { $0.byteCount < $1.byteCount }) else { return nil }
        // Neither type of 16 bits has all numbers of the other.
        return widest.byteCount == 2 && Set(types).count > 1 ? .float32 : widest
    }

    private static let tensorFields = [
        "input", "previous", "target", "test_input", "test_target", "output", "outputs",
    ]
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
