/// Numbers to raw elements, little-endian.
package enum ElementWriting {
    /// The bytes of `elements` as `type`.
    ///
    /// float16 and float32 are rounded to nearest, ties to even. bfloat16 takes the upper half of a float32, so the elements
    /// must have been rounded to it. bool is 0 for zeros and 1 for everything else. Integers are for masks: an element outside
    /// the type, or NaN, becomes the nearest number of the type, NaN 0.
    package static func bytes(_ elements: [Double], as type: StoredType) -> [UInt8] { raw(elements, type) }

    /// The same from float32.
    package static func bytes(_ elements: [Float], as type: StoredType) -> [UInt8] { raw(elements, type) }

    private static func raw<Scalar: StoredScalar>(_ elements: [Scalar], _ type: StoredType) -> [UInt8] {
        switch type {
        case .bool: map(elements) { UInt8($0 == 0 ? 0 : 1) }
        case .int8: map(elements) { whole($0, Int8.self) }
        case .int16: map(elements) { whole($0, Int16.self) }
        case .int32: map(elements) { whole($0, Int32.self) }
        case .int64: map(elements) { whole($0, Int64.self) }
        case .uint8: map(elements) { whole($0, UInt8.self) }
        case .uint16: map(elements) { whole($0, UInt16.self) }
        case .uint32: map(elements) { whole($0, UInt32.self) }
        case .uint64: map(elements) { whole($0, UInt64.self) }
        case .float16: map(elements) { Float16($0).bitPattern }
        case .bfloat16: map(elements) { UInt16(truncatingIfNeeded: Float($0).bitPattern >> 16) }
        case .float32: map(elements) { Float($0).bitPattern }
        case .float64: map(elements) { Double($0).bitPattern }
        }
    }

    private static func whole<Scalar: StoredScalar, Word: FixedWidthInteger>(
        _ value: Scalar, _ type: Word.Type
    ) -> Word {
        if value.isNaN { return 0 }
        return Word(exactly: value.rounded(.towardZero)) ?? (value < 0 ? .min : .max)
    }

    @inline(__always)
    private static func map<Scalar: StoredScalar, Word: FixedWidthInteger & BitwiseCopyable>(
        _ elements: [Scalar], _ convert: (Scalar) -> Word
    ) -> [UInt8] {
        let size = MemoryLayout<Word>.size
        return [UInt8](unsafeUninitializedCapacity: elements.count * size) { buffer, count in
            let bytes = UnsafeMutableRawBufferPointer(buffer)
            for (index, element) in elements.enumerated() {
                bytes.storeBytes(of: convert(element).littleEndian, toByteOffset: index * size, as: Word.self)
            }
            count = elements.count * size
        }
    }
}
