import TextCodecs

/// The dictionary of a `.npy` file: `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`.
///
/// NumPy reads any Python literal. Files have this dictionary in any order of keys, with either quotation mark, so no more is
/// read than that.
struct NPYHeader {
    let type: StoredType
    let isBigEndian: Bool
    let order: StoredTensor.Order
    let shape: [Int]

    /// - Throws: ``TensorFileError/header(_:)``, ``TensorFileError/unsupportedType(_:)``.
    init(_ text: UnsafeRawBufferPointer, rawTypes: StoredType?) throws(TensorFileError) {
        var scanner = PythonScanner(text)
        var descriptor: String?
        var isFortran: Bool?
        var extents: [Int]?
        try scanner.expect("{")
        while !scanner.skip("}") {
            let key = try scanner.string()
            try scanner.expect(":")
            switch key {
            case "descr" where descriptor == nil: descriptor = try scanner.descriptor()
            case "fortran_order" where isFortran == nil: isFortran = try scanner.bool()
            case "shape" where extents == nil: extents = try scanner.tuple()
            default: throw .header("the header has the key '\(key)' that it should not have, or has it twice")
            }
            if !scanner.skip(",") {
                try scanner.expect("}")
                break
            }
        }
        try scanner.expectEnd()
        guard let descriptor else { throw .header("the header has no 'descr'") }
        guard let isFortran else { throw .header("the header has no 'fortran_order'") }
        guard let extents else { throw .header("the header has no 'shape'") }
        (type, isBigEndian) = try Self.type(descriptor, rawTypes)
        order = isFortran ? .columnMajor : .rowMajor
        shape = extents
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
