extension NPYFile {
    /// A text with more characters is no value of a field.
    private static let maximumScalarCharacters = 4096

    /// The one element of an array without axes, as text: a number, `true` or `false`, or a string. Nil for any other array.
    ///
    /// NumPy writes numbers and strings so. A number is the shortest text of its type: 0.1 as float32 is `0.1`.
    ///
    /// - Throws: any ``TensorFileError`` but ``TensorFileError/stopped``.
    package static func scalarText(_ file: UnsafeRawBufferPointer) throws(TensorFileError) -> String? {
        let (dictionary, end) = try dictionary(file)
        guard dictionary.shape.isEmpty else { return nil }
        if let text = try string(dictionary.descriptor, UnsafeRawBufferPointer(rebasing: file[end...])) { return text }
        let tensor = try tensor(file)
        func word<Word: FixedWidthInteger & BitwiseCopyable>(_ type: Word.Type) -> Word {
            let raw = file.loadUnaligned(fromByteOffset: end, as: Word.self)
            return tensor.isBigEndian ? Word(bigEndian: raw) : Word(littleEndian: raw)
        }
        return switch tensor.type {
        case .bool: word(UInt8.self) == 0 ? "false" : "true"
        case .int8: "\(word(Int8.self))"
        case .int16: "\(word(Int16.self))"
        case .int32: "\(word(Int32.self))"
        case .int64: "\(word(Int64.self))"
        case .uint8: "\(word(UInt8.self))"
        case .uint16: "\(word(UInt16.self))"
        case .uint32: "\(word(UInt32.self))"
        case .uint64: "\(word(UInt64.self))"
        case .float16: "\(Float16(bitPattern: word(UInt16.self)))"
        case .bfloat16: "\(Float(bitPattern: UInt32(word(UInt16.self)) << 16))"
        case .float32: "\(Float(bitPattern: word(UInt32.self)))"
        case .float64: "\(Double(bitPattern: word(UInt64.self)))"
        }
    }

    /// The text of a string: `<U5` has five characters of four bytes, of which the last may be zeros. Nil for any other type.
    private static func string(
        _ descriptor: String, _ bytes: UnsafeRawBufferPointer
    ) throws(TensorFileError) -> String? {
        guard descriptor.hasPrefix("<U") || descriptor.hasPrefix(">U"), let count = Int(descriptor.dropFirst(2)),
            (0...maximumScalarCharacters).contains(count)
        else { return nil }
        guard bytes.count == 4 * count else {
            throw .wrongLength(tensor: nil, expectedBytes: 4 * count, foundBytes: bytes.count)
        }
        var codes = (0..<count).map { index in
            let raw = bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)
            return descriptor.hasPrefix("<") ? UInt32(littleEndian: raw) : UInt32(bigEndian: raw)
        }
        while codes.last == 0 { codes.removeLast() }
        var text = String.UnicodeScalarView()
        for code in codes {
            guard let scalar = Unicode.Scalar(code) else { throw .header("the text has a character that is none") }
            text.append(scalar)
        }
        return String(text)
    }
}
