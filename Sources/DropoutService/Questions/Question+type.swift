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
        for (pointer, tensor) in attachments?.all ?? [] where tensor.isUntyped && named != .bfloat16 {
            note(pointer, "elements of type '<V2' are read as bfloat16 if `dtype` is bfloat16, and not otherwise")
        }
        return named ?? defaultType
    }

    /// The type of 16 bits to compute in. Nil for another type, and for a wrong name.
    var halfType: HalfType? {
        guard case .string(let name)? = fields["dtype"] else { return has("dtype") ? nil : defaultType.half }
        return ElementType(rawValue: name)?.half
    }

    private var defaultType: ElementType { widestStoredType ?? .float64 }

    /// The types of the attached tensors. Integers and booleans have none.
    private var attachedTypes: [ElementType] {
        (attachments?.all ?? []).compactMap { pointer, tensor in
            let place = pointer.split(separator: "/").map(String.init)
            let isComputedWith =
                place.count == 1
                ? Self.tensorFields.contains(place[0])
                : place.count == 3 && place[0] == "layers" && Self.layerFields.contains(place[2])
            return isComputedWith ? tensor.type : nil
        }
    }

    /// The widest type that a tensor in base64 or an attached one has. A wrong name is noted where the tensor is read.
    private var widestStoredType: ElementType? {
        var types = attachedTypes + Self.tensorFields.compactMap { fields[$0].flatMap(Self.storedType) }
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
