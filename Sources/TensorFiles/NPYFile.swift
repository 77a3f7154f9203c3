import TextCodecs

/// NumPy's array file, `.npy`: one array with its type, shape and order.
///
/// | bytes | what |
/// | --- | --- |
/// | 6 | `0x93` and `NUMPY` |
/// | 2 | the version: 1.0, 2.0 or 3.0 |
/// | 2, from version 2 on 4 | the length of the header, lowest byte first |
/// | that many | a Python dictionary with the keys `descr`, `fortran_order` and `shape`, then spaces and a line feed |
/// | the rest | the elements |
///
/// Source: `numpy.lib.format`, and NEP 1.
package enum NPYFile {
    static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

    /// NumPy refuses longer headers as well, since they take long to read.
    static let maximumHeaderBytes = 10_000

    /// The array of a whole file.
    ///
    /// - Parameter rawTypes: what two bytes without a type (`<V2`) are. `ml_dtypes` writes bfloat16 so; nil refuses them.
    /// - Throws: any ``TensorFileError`` but ``TensorFileError/stopped``.
    package static func tensor(
        _ file: UnsafeRawBufferPointer, rawTypes: StoredType? = nil
    ) throws(TensorFileError) -> StoredTensor {
        let (dictionary, end) = try dictionary(file)
        let header = try NPYHeader(dictionary, rawTypes: rawTypes)
        return try StoredTensor(
            header.type, shape: header.shape, order: header.order, isBigEndian: header.isBigEndian,
            bytes: end..<file.count)
    }

    /// What the header of a file says, and where it ends.
    static func dictionary(_ file: UnsafeRawBufferPointer) throws(TensorFileError) -> (NPYDictionary, end: Int) {
        guard file.count >= 8, file.prefix(magic.count).elementsEqual(magic) else { throw .notTheFormat(".npy") }
        let (major, minor) = (file[6], file[7])
        guard (1...3).contains(major), minor == 0 else { throw .unknownVersion("\(major).\(minor)") }
        let lengthBytes = major == 1 ? 2 : 4
        let start = 8 + lengthBytes
        guard file.count >= start else { throw .truncatedHeader(expectedBytes: start, foundBytes: file.count) }
        let length = file[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length <= maximumHeaderBytes else { throw .headerTooLong(bytes: length, limit: maximumHeaderBytes) }
        let end = start + length
        guard file.count >= end else { throw .truncatedHeader(expectedBytes: end, foundBytes: file.count) }
        return (try NPYDictionary(UnsafeRawBufferPointer(rebasing: file[start..<end])), end)
    }

    /// All bytes before the elements of a row-major, little-endian array: what `numpy.save` writes, byte for byte.
    ///
    /// NumPy leaves room for the first extent to grow to 21 digits, and ends the header so that the elements begin at a
    /// multiple of 64 bytes.
    ///
    /// - Parameter type: bfloat16 is written as `<V2`, as `ml_dtypes` does.
    package static func preamble(_ type: StoredType, shape: [Int]) -> [UInt8] {
        let order = type.byteCount == 1 ? "|" : "<"
        let code = type.numpyCode ?? "V\(type.byteCount)"
        let extents = shape.map { "\($0)" }
        let tuple = shape.count == 1 ? "(\(extents[0]),)" : "(\(extents.joined(separator: ", ")))"
        var header = "{'descr': '\(order)\(code)', 'fortran_order': False, 'shape': \(tuple), }"
        if let first = extents.first { header += String(repeating: " ", count: 21 - first.utf8.count) }
        // Rank is bounded by the request, but nothing here relies on it.
        let isLong = header.utf8.count + 64 > Int(UInt16.max)
        let fixed = isLong ? 12 : 10
        let padding = 64 - (fixed + header.utf8.count + 1) % 64
        header += String(repeating: " ", count: padding == 64 ? 0 : padding) + "\n"
        let length = UInt32(clamping: header.utf8.count)
        let lengthBytes = (0..<(isLong ? 4 : 2)).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
        return magic + [isLong ? 2 : 1, 0] + lengthBytes + Array(header.utf8)
    }
}
