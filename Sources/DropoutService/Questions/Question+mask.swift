import DropoutEngine
import TensorJSON

/// The mask that a question gives, in each of its forms.
extension Question {
    /// `mask` in each form that an answer has:
    ///
    ///     [[1, 0], [0, 1]]                          0/1, or booleans
    ///     {"shape": [2, 2], "data": [1, 0, 0, 1]}   the same, flat
    ///     "kA=="                                    8 elements a byte
    ///     {"shape": [2, 2], "packed": "kA=="}       the same with its shape
    ///     {"shape": [2, 2], "indices": [0, 3]}      the indices of the kept, ascending
    ///     [0, 3]                                    the same, if `mask_format` is indices
    ///
    /// A list that does not ascend is 0/1 with any `mask_format`.
    func givenMask(_ format: MaskFormat) throws(Problem) -> GivenMask? {
        if isAttached("mask") {
            guard let given = try tensor("mask", of: Double.self) else { return nil }
            return mask(given.tensor.elements, given.tensor.shape.dimensions)
        }
        guard let value = fields["mask"] else { return nil }
        switch value {
        case .bool(let bit):
            return .bits([bit ? 1 : 0], .scalar)
        case .string(let encoded):
            return try decoded(encoded, "mask").map { .packed($0, nil) }
        case .numbers(let array) where array.isBoolean && array.problem == nil:
            return mask(try booleans(array), array.shape)
        case .numbers(let array) where format == .indices && array.shape.count == 1 && array.problem == nil:
            let numbers = try tensor("mask", of: Double.self)?.tensor.elements
            guard let numbers else { return nil }
            return Self.ascending(numbers).map { .indices($0, nil) } ?? mask(numbers, array.shape)
        case .object(let object):
            let part = part(object, named: "mask")
            if part.has("packed") { return try part.packedMask() }
            if part.has("indices") { return try part.indexMask() }
            if case .numbers(let array)? = part.fields["data"], array.isBoolean, array.problem == nil {
                return try part.flatMask(array)
            }
            guard
                let given: (tensor: Tensor<Double>, form: TensorForm) = try part.shapedTensor(known: Self.maskMembers)
            else { return nil }
            return mask(given.tensor.elements, given.tensor.shape.dimensions)
        default:
            guard let given = try tensor("mask", of: Double.self) else { return nil }
            return mask(given.tensor.elements, given.tensor.shape.dimensions)
        }
    }

    /// The members of a mask that is an object, in all of its forms together.
    private static let maskMembers = ["shape", "data", "dtype", "base64", "packed", "indices"]

    /// Notes the members of other forms than the one of `name`. Null leaves them out.
    private func refuseOthers(than name: String) {
        refuseUnknown(besides: Self.maskMembers)
        for other in Self.maskMembers where other != "shape" && other != name && has(other) {
            wrong(other, "a mask with `\(name)` has its `shape` and nothing else")
        }
    }

    private func booleans(_ array: NumberArray) throws(Problem) -> [Double] {
        guard let bits = Double.elements(try reread(array, as: .float64).storage) else {
            throw Problem.fault("a mask of booleans was read again and still has another type")
        }
        countElements(bits.count)
        return bits
    }

    private func mask(_ elements: [Double], _ dimensions: [Int]) -> GivenMask? {
        if let index = elements.firstIndex(where: { $0 != 0 && $0 != 1 }) {
            let isUniform = (0..<1).contains(elements[index])
            let hint = isUniform ? "; random numbers from 0 and below 1 are given as `uniforms`" : ""
            wrong("mask", "0 or 1 expected, \(elements[index]) found at element \(index)\(hint)")
            return nil
        }
        do {
            return .bits(elements.map { $0 == 1 ? 1 : 0 }, try Shape(dimensions))
        } catch {
            wrong("mask", error.explanation)
            return nil
        }
    }

    /// `{"shape": [...], "data": [true, ...]}`.
    private func flatMask(_ array: NumberArray) throws(Problem) -> GivenMask? {
        refuseOthers(than: "data")
        guard let shape = maskShape() else { return nil }
        guard array.shape.count == 1 else {
            wrong("data", "a flat list expected, an array of shape \(array.shape) found")
            return nil
        }
        guard array.shape[0] == shape.count else {
            wrong("shape", DropoutError.elementCountMismatch(expected: shape.count, actual: array.shape[0]).explanation)
            return nil
        }
        return .bits(try booleans(array).map { $0 == 1 ? 1 : 0 }, shape)
    }

    /// `{"shape": [...], "packed": "..."}`.
    private func packedMask() throws(Problem) -> GivenMask? {
        refuseOthers(than: "packed")
        guard let shape = maskShape(), let encoded = string("packed") else { return nil }
        guard let bytes = try decoded(encoded, "packed") else { return nil }
        guard bytes.count == GivenMask.bytes(shape.count) else {
            wrong("packed", "\(bytes.count) bytes do not hold the \(shape.count) elements of the shape")
            return nil
        }
        return .packed(bytes, shape)
    }

    /// `{"shape": [...], "indices": [...]}`.
    private func indexMask() throws(Problem) -> GivenMask? {
        refuseOthers(than: "indices")
        guard let shape = maskShape(), let list = try tensor("indices", of: Double.self)?.tensor else {
            return nil
        }
        guard list.shape.rank == 1, let indices = Self.ascending(list.elements) else {
            wrong("indices", "a list of ascending whole numbers from 0 expected, the indices of the kept elements")
            return nil
        }
        if let last = indices.last, last >= shape.count {
            wrong("indices", "index \(last) is not below \(shape.count), the elements of the shape")
            return nil
        }
        return .indices(indices, shape)
    }

    /// The shape of a mask that is an object.
    private func maskShape() -> Shape? {
        if !has("shape") { wrong("a mask as an object needs its shape") }
        guard let dimensions = naturals("shape") else { return nil }
        do {
            return try Shape(dimensions)
        } catch {
            wrong("shape", error.explanation)
            return nil
        }
    }

    private func decoded(_ encoded: String, _ name: String) throws(Problem) -> [UInt8]? {
        let decoded = try bytes(base64: encoded)
        if decoded == nil { wrong(name, "base64 (RFC 4648, with padding) of 8 elements a byte expected") }
        return decoded
    }

    /// The numbers as indices. Nil if they are not whole numbers from 0, each above the one before.
    private static func ascending(_ numbers: [Double]) -> [Int]? {
        var (indices, next) = ([] as [Int], 0.0)
        indices.reserveCapacity(numbers.count)
        for number in numbers {
            guard number >= next, let index = Int(exactly: number) else { return nil }
            indices.append(index)
            next = number + 1
        }
        return indices
    }
}
