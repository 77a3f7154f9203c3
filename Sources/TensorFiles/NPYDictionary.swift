import TextCodecs

/// The dictionary of a `.npy` file: `{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }`.
///
/// NumPy reads any Python literal. Files have this dictionary in any order of keys, with either quotation mark, so no more is
/// read than that.
struct NPYDictionary {
    /// The type of the elements with their byte order, such as `<f4`.
    let descriptor: String
    let isFortran: Bool
    let shape: [Int]

    /// - Throws: ``TensorFileError/header(_:)``, ``TensorFileError/unsupportedType(_:)``.
    init(_ text: UnsafeRawBufferPointer) throws(TensorFileError) {
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
        (self.descriptor, self.isFortran, shape) = (descriptor, isFortran, extents)
    }
}
