import DropoutEngine
import Stopping
import TensorJSON

/// A mask or uniforms given by the caller, the uniforms with the shape they came in.
enum GivenRandomness {
    case mask(GivenMask)
    case uniforms([Double], Shape)
}

extension FieldReader {
    /// `mask` or `uniforms`; both at once are refused.
    ///
    /// - Parameter format: the question's `mask_format`.
    func givenRandomness(_ format: MaskFormat, text: RequestText) throws(Problem) -> GivenRandomness? {
        if has("mask"), has("uniforms") {
            wrong("uniforms", "mask and uniforms exclude each other")
            return nil
        }
        if let uniforms = try tensor("uniforms", of: Double.self, text: text) {
            return .uniforms(uniforms.tensor.elements, uniforms.tensor.shape)
        }
        return try givenMask(format, text: text).map { .mask($0) }
    }

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
    private func givenMask(_ format: MaskFormat, text: RequestText) throws(Problem) -> GivenMask? {
        guard let value = object["mask"] else { return nil }
        switch value {
        case .bool(let bit):
            return .bits([bit ? 1 : 0], .scalar)
        case .string(let encoded):
            return try decoded(encoded, "mask", text.stop).map { .packed($0, nil) }
        case .numbers(let array) where array.isBoolean && array.problem == nil:
            return mask(try booleans(array, text), array.shape)
        case .numbers(let array) where format == .indices && array.shape.count == 1 && array.problem == nil:
            let numbers = try tensor("mask", of: Double.self, text: text)?.tensor.elements
            guard let numbers else { return nil }
            return Self.ascending(numbers).map { .indices($0, nil) } ?? mask(numbers, array.shape)
        case .object(let object):
            let reader = FieldReader(
                object: object, pointer: pointer(to: "mask"), problems: problems, elements: elements)
            if reader.has("packed") { return try reader.packedMask(text.stop) }
            if reader.has("indices") { return try reader.indexMask(text: text) }
            if case .numbers(let array)? = reader.object["data"], array.isBoolean, array.problem == nil {
                return try reader.flatMask(array, text)
            }
            guard
                let given: (tensor: Tensor<Double>, form: TensorForm) = try reader.shapedTensor(
                    known: Self.maskMembers, text: text)
            else { return nil }
            return mask(given.tensor.elements, given.tensor.shape.dimensions)
        default:
            guard let given = try tensor("mask", of: Double.self, text: text) else { return nil }
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

    private func booleans(_ array: NumberArray, _ text: RequestText) throws(Problem) -> [Double] {
        guard let bits = Double.elements(try text.reread(array, as: .float64).storage) else {
            throw Problem.fault("a mask of booleans was read again and still has another type")
        }
        elements.add(bits.count)
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
    private func flatMask(_ array: NumberArray, _ text: RequestText) throws(Problem) -> GivenMask? {
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
        return .bits(try booleans(array, text).map { $0 == 1 ? 1 : 0 }, shape)
    }

    /// `{"shape": [...], "packed": "..."}`.
    private func packedMask(_ stop: StopFlag) throws(Problem) -> GivenMask? {
        refuseOthers(than: "packed")
        guard let shape = maskShape(), let encoded = string("packed") else { return nil }
        guard let bytes = try decoded(encoded, "packed", stop) else { return nil }
        guard bytes.count == GivenMask.bytes(shape.count) else {
            wrong("packed", "\(bytes.count) bytes do not hold the \(shape.count) elements of the shape")
            return nil
        }
        return .packed(bytes, shape)
    }

    /// `{"shape": [...], "indices": [...]}`.
    private func indexMask(text: RequestText) throws(Problem) -> GivenMask? {
        refuseOthers(than: "indices")
        guard let shape = maskShape(), let list = try tensor("indices", of: Double.self, text: text)?.tensor else {
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
        if !has("shape") { problems.add(pointer, "a mask as an object needs its shape") }
        guard let dimensions = naturals("shape") else { return nil }
        do {
            return try Shape(dimensions)
        } catch {
            wrong("shape", error.explanation)
            return nil
        }
    }

    private func decoded(_ encoded: String, _ name: String, _ stop: StopFlag) throws(Problem) -> [UInt8]? {
        let decoded: [UInt8]?
        do {
            decoded = try Base64.decode(encoded, stop: stop)
        } catch {
            throw .stopped
        }
        if decoded == nil { wrong(name, "base64 (RFC 4648, with padding) of 8 elements a byte expected") }
        return decoded
    }

    /// The numbers as indices; nil if they are not whole numbers from 0, each above the one before.
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
