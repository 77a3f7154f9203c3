import DropoutEngine
import Stopping
import TensorFiles
import TensorJSON
import TextCodecs

/// A number type of the engine together with its forms in JSON and in files.
///
/// `Double` is `dtype` float64. `Float` is float32, float16 and bfloat16: a parameter of type `ElementType` says which, and its numbers
/// have been rounded to it.
protocol WireScalar: DropoutScalar {
    /// The type with the scalar's own precision.
    static var elementType: ElementType { get }
    static var byteCount: Int { get }
    /// The elements in a file.
    static func bytes(_ elements: [Self], as type: StoredType) -> [UInt8]
    /// The packed elements if they were read as this scalar, else nil.
    static func elements(_ storage: NumberArray.Storage) -> [Self]?
    /// The correctly rounded value. Nil if it is too large.
    static func value(_ number: JSONNumber, as type: ElementType) -> Self?
    /// The elements of a file, each rounded once.
    static func elements(
        _ tensor: StoredTensor, in file: UnsafeRawBufferPointer, as type: ElementType, stop: StopFlag
    ) throws(TensorFileError) -> [Self]
    /// The number rounded once to a type of 16 bits.
    static func rounded(_ value: Self, to half: HalfType) -> Float
    /// The number whose bytes, lowest first, lie in memory as this one's do.
    static func littleEndian(_ value: Self) -> Self
    static func write(_ value: Self, to writer: inout JSONWriter)
    static func writeNested(_ elements: [Self], shape: [Int], as type: ElementType, to writer: inout JSONWriter)
    static func writeBase64(_ elements: [Self], as type: ElementType, to writer: inout JSONWriter)
}

extension WireScalar {
    static func writeFlat(_ elements: [Self], as type: ElementType = elementType, to writer: inout JSONWriter) {
        writeNested(elements, shape: [elements.count], as: type, to: &writer)
    }

    /// The numbers whose bytes, lowest first, a base64 text holds. Bytes after the last whole number are ignored. Nil for
    /// anything but canonical base64.
    ///
    /// - Throws: `Stopped` if the flag is set.
    static func decode(base64 text: String, stop: StopFlag = .never) throws(Stopped) -> [Self]? {
        guard let count = Base64.byteCount(text) else { return nil }
        var isCanonical = false
        let whole = (count + byteCount - 1) / byteCount
        let elements = try [Self](capacity: whole) { (span: inout OutputSpan<Self>) throws(Stopped) in
            try span.withUnsafeMutableBufferPointer { memory, initializedCount throws(Stopped) in
                isCanonical = try Base64.decode(text, into: UnsafeMutableRawBufferPointer(memory), stop: stop)
                initializedCount = isCanonical ? count / byteCount : 0
            }
        }
        guard isCanonical else { return nil }
        return 1.littleEndian == 1 ? elements : elements.map { littleEndian($0) }
    }
}

extension Double: WireScalar {
    static var elementType: ElementType { .float64 }
    static var byteCount: Int { 8 }
    static func bytes(_ elements: [Double], as type: StoredType) -> [UInt8] { ElementWriting.bytes(elements, as: type) }

    static func elements(_ storage: NumberArray.Storage) -> [Double]? {
        guard case .float64(let elements) = storage else { return nil }
        return elements
    }

    static func elements(
        _ tensor: StoredTensor, in file: UnsafeRawBufferPointer, as type: ElementType, stop: StopFlag
    ) throws(TensorFileError) -> [Double] { try tensor.doubles(in: file, stop: stop) }

    static func value(_ number: JSONNumber, as type: ElementType) -> Double? { number.double }

    static func rounded(_ value: Double, to half: HalfType) -> Float { half.round(value) }

    static func littleEndian(_ value: Double) -> Double { Double(bitPattern: value.bitPattern.littleEndian) }

    static func write(_ value: Double, to writer: inout JSONWriter) { writer.number(value) }

    static func writeNested(_ elements: [Double], shape: [Int], as type: ElementType, to writer: inout JSONWriter) {
        writer.nested(elements, shape: shape)
    }

    static func writeBase64(_ elements: [Double], as type: ElementType, to writer: inout JSONWriter) {
        writer.base64(littleEndian: elements)
    }
}

extension Float: WireScalar {
    static var elementType: ElementType { .float32 }
    static var byteCount: Int { 4 }
    static func bytes(_ elements: [Float], as type: StoredType) -> [UInt8] { ElementWriting.bytes(elements, as: type) }

    static func elements(_ storage: NumberArray.Storage) -> [Float]? {
        guard case .float32(let elements) = storage else { return nil }
        return elements
    }

    static func elements(
        _ tensor: StoredTensor, in file: UnsafeRawBufferPointer, as type: ElementType, stop: StopFlag
    ) throws(TensorFileError) -> [Float] {
        guard let half = type.half else { return try tensor.floats(in: file, stop: stop) }
        return try tensor.halves(half, in: file, stop: stop)
    }

    static func value(_ number: JSONNumber, as type: ElementType) -> Float? {
        guard let half = type.half else { return number.float }
        return number.half(half)
    }

    static func rounded(_ value: Float, to half: HalfType) -> Float { half.round(value) }

    static func littleEndian(_ value: Float) -> Float { Float(bitPattern: value.bitPattern.littleEndian) }

    static func write(_ value: Float, to writer: inout JSONWriter) { writer.number(value) }

    static func writeNested(_ elements: [Float], shape: [Int], as type: ElementType, to writer: inout JSONWriter) {
        if let half = type.half { return writer.nested(elements, of: half, shape: shape) }
        writer.nested(elements, shape: shape)
    }

    static func writeBase64(_ elements: [Float], as type: ElementType, to writer: inout JSONWriter) {
        if let half = type.half { return writer.base64(littleEndian: elements, of: half) }
        writer.base64(littleEndian: elements)
    }
}
