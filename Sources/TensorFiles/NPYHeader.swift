/// What a `.npy` file says of its elements, if they are of a type that is read.
struct NPYHeader {
    let type: StoredType
    let isBigEndian: Bool
    let order: StoredTensor.Order
    let shape: [Int]

    /// - Throws: ``TensorFileError/unsupportedType(_:)``.
    init(_ dictionary: NPYDictionary, rawTypes: StoredType?) throws(TensorFileError) {
        (type, isBigEndian) = try Self.type(dictionary.descriptor, rawTypes)
        order = dictionary.isFortran ? .columnMajor : .rowMajor
        shape = dictionary.shape
    }

    /// `<f4` is little-endian, `>f4` big-endian; `|` is for single bytes, which have no order.
    private static func type(_ descriptor: String, _ rawTypes: StoredType?) throws(TensorFileError) -> (
        StoredType, Bool
    ) {
        let code = descriptor.dropFirst()
        let order = descriptor.first
        if code == "V2", let rawTypes, order == "<" || order == ">" || order == "|" { return (rawTypes, order == ">") }
        guard let type = StoredType.allCases.first(where: { $0.numpyCode.map { $0 == code } ?? false }),
            order == "<" || order == ">" || order == "|" && type.byteCount == 1
        else { throw .unsupportedType("'\(descriptor)'") }
        return (type, order == ">")
    }
}
