import TensorJSON
import TextCodecs

/// The entry of one tensor in the header of a safetensors file.
struct SafetensorsEntry {
    private let name: String
    let typeName: String
    private let shape: [Int]
    /// The place of the elements in the file.
    let bytes: Range<Int>

    /// - Parameters:
    ///   - dataStart: the place after the header, from which offsets count.
    ///   - fileEnd: the length of the file.
    /// - Throws: ``TensorFileError/header(_:)``.
    init(_ name: String, _ value: JSONValue, dataStart: Int, fileEnd: Int) throws(TensorFileError) {
        guard case .object(let entry) = value else { throw .header("the entry of \(name) is not an object") }
        guard entry.members.allSatisfy({ ["dtype", "shape", "data_offsets"].contains($0.name) }) else {
            throw .header("the entry of \(name) has other members than dtype, shape and data_offsets")
        }
        guard case .string(let typeName)? = entry["dtype"] else { throw .header("\(name) has no dtype") }
        guard let shape = Self.naturals(entry["shape"]) else {
            throw .header("the shape of \(name) is not a list of whole numbers")
        }
        guard let offsets = Self.naturals(entry["data_offsets"]), offsets.count == 2, offsets[0] <= offsets[1] else {
            throw .header("the data_offsets of \(name) are not a beginning and an end")
        }
        guard let begin = dataStart.checkedSum(offsets[0]), let end = dataStart.checkedSum(offsets[1]), end <= fileEnd
        else {
            throw .header(
                "\(name) ends at byte \(offsets[1]) of the elements, of which there are \(fileEnd - dataStart)")
        }
        (self.name, self.typeName, self.shape, bytes) = (name, typeName, shape, begin..<end)
    }

    /// The tensor. Nil if its type is not read.
    ///
    /// - Throws: ``TensorFileError/wrongLength(tensor:expectedBytes:foundBytes:)``,
    ///   ``TensorFileError/shapeOverflow(tensor:)``.
    func tensor() throws(TensorFileError) -> StoredTensor? {
        guard let type = StoredType.allCases.first(where: { $0.safetensorsName == typeName }) else { return nil }
        return try StoredTensor(type, shape: shape, bytes: bytes, name: name)
    }

    private static func naturals(_ value: JSONValue?) -> [Int]? {
        guard case .numbers(let array)? = value, !array.isBoolean, array.problem == nil, array.shape.count == 1,
            array.literals.count == array.shape[0]
        else { return nil }
        let numbers = array.literals.map { Int($0.text) }
        return numbers.contains { $0.map { $0 < 0 } ?? true } ? nil : numbers.compactMap { $0 }
    }
}
