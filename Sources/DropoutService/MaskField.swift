import DropoutEngine
import Stopping
import TensorJSON

/// A mask or uniforms given by the caller, with the shape they came in.
enum GivenRandomness {
    case mask([UInt8], Shape)
    case uniforms([Double], Shape)
}

extension FieldReader {
    /// `mask` or `uniforms`; both at once are refused.
    func givenRandomness(text: RequestText) throws(Problem) -> GivenRandomness? {
        if has("mask"), has("uniforms") {
            wrong("uniforms", "mask and uniforms exclude each other")
            return nil
        }
        if let uniforms = try tensor("uniforms", of: Double.self, text: text) {
            return .uniforms(uniforms.tensor.elements, uniforms.tensor.shape)
        }
        return try givenMask(text: text)
    }

    /// 0/1 or booleans, nested or flat, or `{"shape":[...],"packed":"..."}` with 8 elements a byte.
    private func givenMask(text: RequestText) throws(Problem) -> GivenRandomness? {
        guard let value = object["mask"] else { return nil }
        switch value {
        case .bool(let bit):
            return .mask([bit ? 1 : 0], .scalar)
        case .numbers(let array) where array.isBoolean && array.problem == nil:
            guard let bits = Double.elements(try text.reread(array, as: .float64).storage) else {
                throw Problem.fault("a mask of booleans was read again and still has another type")
            }
            return mask(bits, array.shape)
        case .object(let object) where object["packed"].map { !$0.isNull } == true:
            return try FieldReader(object: object, pointer: pointer(to: "mask"), problems: problems, elements: elements)
                .packedMask(text.stop)
        default:
            guard let given = try tensor("mask", of: Double.self, text: text) else { return nil }
            return mask(given.tensor.elements, given.tensor.shape.dimensions)
        }
    }

    private func mask(_ elements: [Double], _ dimensions: [Int]) -> GivenRandomness? {
        if let index = elements.firstIndex(where: { $0 != 0 && $0 != 1 }) {
            wrong("mask", "0 or 1 expected, \(elements[index]) found at element \(index)")
            return nil
        }
        do {
            return .mask(elements.map { $0 == 1 ? 1 : 0 }, try Shape(dimensions))
        } catch {
            wrong("mask", error.explanation)
            return nil
        }
    }

    private func packedMask(_ stop: StopFlag) throws(Problem) -> GivenRandomness? {
        refuseUnknown(besides: ["shape", "packed"])
        guard let dimensions = naturals("shape"), let encoded = string("packed") else {
            if !has("shape") { problems.add(pointer, "a packed mask needs its shape") }
            return nil
        }
        let shape: Shape
        do {
            shape = try Shape(dimensions)
        } catch {
            wrong("shape", error.explanation)
            return nil
        }
        let decoded: [UInt8]?
        do {
            decoded = try Base64.decode(encoded, stop: stop)
        } catch {
            throw .stopped
        }
        guard let bytes = decoded else {
            wrong("packed", "base64 (RFC 4648, with padding) of 8 elements a byte expected")
            return nil
        }
        guard bytes.count == shape.count / 8 + (shape.count % 8 == 0 ? 0 : 1) else {
            wrong("packed", "\(bytes.count) bytes do not hold the \(shape.count) elements of the shape")
            return nil
        }
        return .mask((0..<shape.count).map { bytes[$0 / 8] >> (7 - UInt8($0 % 8)) & 1 }, shape)
    }
}
