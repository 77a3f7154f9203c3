import Stopping
import TextCodecs

/// The types that elements are read into.
protocol StoredScalar: BinaryFloatingPoint, BitwiseCopyable, Sendable {
    init(_ value: Float16)
}

extension Double: StoredScalar {}
extension Float: StoredScalar {}

/// Raw elements to numbers, in the order in which they are stored.
struct ElementReading<Scalar: StoredScalar> {
    /// After how many elements the stop flag is asked: some tens of microseconds.
    private static var blockCount: Int { 16_384 }

    private let type: StoredType
    private let isBigEndian: Bool
    /// The type of 16 bits to which the elements are rounded. Nil for that of `Scalar`.
    private let half: HalfType?

    init(_ type: StoredType, isBigEndian: Bool, half: HalfType? = nil) {
        self.type = type
        self.isBigEndian = isBigEndian
        self.half = half
    }

    /// All elements of `bytes`, a whole number of them.
    func read(_ bytes: UnsafeRawBufferPointer, _ stop: StopFlag) throws(TensorFileError) -> [Scalar] {
        if let half { return try read(bytes, half, stop) }
        return switch type {
        case .bool: try map(bytes, UInt8.self, stop) { $0 == 0 ? 0 : 1 }
        case .int8: try map(bytes, Int8.self, stop) { Scalar($0) }
        case .int16: try map(bytes, Int16.self, stop) { Scalar($0) }
        case .int32: try map(bytes, Int32.self, stop) { Scalar($0) }
        case .int64: try map(bytes, Int64.self, stop) { Scalar($0) }
        case .uint8: try map(bytes, UInt8.self, stop) { Scalar($0) }
        case .uint16: try map(bytes, UInt16.self, stop) { Scalar($0) }
        case .uint32: try map(bytes, UInt32.self, stop) { Scalar($0) }
        case .uint64: try map(bytes, UInt64.self, stop) { Scalar($0) }
        case .float16: try map(bytes, UInt16.self, stop) { Scalar(Float16(bitPattern: $0)) }
        // bfloat16 is the upper half of float32.
        case .bfloat16: try map(bytes, UInt16.self, stop) { Scalar(Float(bitPattern: UInt32($0) << 16)) }
        case .float32: try map(bytes, UInt32.self, stop) { Scalar(Float(bitPattern: $0)) }
        case .float64: try map(bytes, UInt64.self, stop) { Scalar(Double(bitPattern: $0)) }
        }
    }

    /// The elements, each rounded once to a type of 16 bits.
    private func read(
        _ bytes: UnsafeRawBufferPointer, _ half: HalfType, _ stop: StopFlag
    ) throws(TensorFileError) -> [Scalar] {
        switch type {
        case .bool: try map(bytes, UInt8.self, stop) { $0 == 0 ? 0 : 1 }
        case .int8: try map(bytes, Int8.self, stop) { Scalar(half.round(Float($0))) }
        case .int16: try map(bytes, Int16.self, stop) { Scalar(half.round(Float($0))) }
        case .int32: try map(bytes, Int32.self, stop) { Scalar(half.round(whole: $0)) }
        case .int64: try map(bytes, Int64.self, stop) { Scalar(half.round(whole: $0)) }
        case .uint8: try map(bytes, UInt8.self, stop) { Scalar(half.round(Float($0))) }
        case .uint16: try map(bytes, UInt16.self, stop) { Scalar(half.round(Float($0))) }
        case .uint32: try map(bytes, UInt32.self, stop) { Scalar(half.round(whole: $0)) }
        case .uint64: try map(bytes, UInt64.self, stop) { Scalar(half.round(whole: $0)) }
        case .float16: try map(bytes, UInt16.self, stop) { Scalar(half.round(HalfType.float16.number(bits: $0))) }
        case .bfloat16: try map(bytes, UInt16.self, stop) { Scalar(half.round(HalfType.bfloat16.number(bits: $0))) }
        case .float32: try map(bytes, UInt32.self, stop) { Scalar(half.round(Float(bitPattern: $0))) }
        case .float64: try map(bytes, UInt64.self, stop) { Scalar(half.round(Double(bitPattern: $0))) }
        }
    }

    @inline(__always)
    private func map<Word: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: UnsafeRawBufferPointer, _ word: Word.Type, _ stop: StopFlag, _ convert: (Word) -> Scalar
    ) throws(TensorFileError) -> [Scalar] {
        let size = MemoryLayout<Word>.size
        let count = bytes.count / size
        return try [Scalar](capacity: count) { (span: inout OutputSpan<Scalar>) throws(TensorFileError) in
            try span.withUnsafeMutableBufferPointer { numbers, initialized throws(TensorFileError) in
                while initialized < count {
                    guard !stop.isSet else { throw .stopped }
                    let end = min(count, initialized + Self.blockCount)
                    for index in initialized..<end {
                        let raw = bytes.loadUnaligned(fromByteOffset: index * size, as: Word.self)
                        numbers.initializeElement(
                            at: index, to: convert(isBigEndian ? Word(bigEndian: raw) : Word(littleEndian: raw)))
                    }
                    initialized = end
                }
            }
        }
    }
}
