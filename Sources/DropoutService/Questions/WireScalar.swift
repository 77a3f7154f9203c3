import DropoutEngine
import Stopping
import TensorFiles
import TensorJSON

/// A number type of the engine together with its forms in JSON: `dtype` float32 or float64.
protocol WireScalar: DropoutScalar {
    static var elementType: ElementType { get }
    static var byteCount: Int { get }
    /// The type of the elements in a file.
    static var storedType: StoredType { get }
    /// The elements in a file.
    static func bytes(_ elements: [Self]) -> [UInt8]
    /// The packed elements if they were read as this type, else nil.
    static func elements(_ storage: NumberArray.Storage) -> [Self]?
    /// The correctly rounded value. Nil if it is too large.
    static func value(_ number: JSONNumber) -> Self?
    /// The elements of a file as this type, each rounded once.
    static func elements(
        _ tensor: StoredTensor, in file: UnsafeRawBufferPointer, stop: StopFlag
    ) throws(TensorFileError) -> [Self]
    /// The number whose bytes, lowest first, lie in memory as this one's do.
    static func littleEndian(_ value: Self) -> Self
    static func write(_ value: Self, to writer: inout JSONWriter)
    static func writeNested(_ elements: [Self], shape: [Int], to writer: inout JSONWriter)
    static func writeFlat(_ elements: [Self], to writer: inout JSONWriter)
    static func writeBase64(_ elements: [Self], to writer: inout JSONWriter)
}

extension WireScalar {
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
    static var storedType: StoredType { .float64 }
    static func bytes(_ elements: [Double]) -> [UInt8] { ElementWriting.bytes(elements, as: .float64) }

    static func elements(_ storage: NumberArray.Storage) -> [Double]? {
        guard case .float64(let elements) = storage else { return nil }
        return elements
    }

    static func elements(
        _ tensor: StoredTensor, in file: UnsafeRawBufferPointer, stop: StopFlag
    ) throws(TensorFileError) -> [Double] { try tensor.doubles(in: file, stop: stop) }

    static func value(_ number: JSONNumber) -> Double? { number.double }

    static func littleEndian(_ value: Double) -> Double { Double(bitPattern: value.bitPattern.littleEndian) }

    static func write(_ value: Double, to writer: inout JSONWriter) { writer.number(value) }

    static func writeNested(_ elements: [Double], shape: [Int], to writer: inout JSONWriter) {
        writer.nested(elements, shape: shape)
    }

    static func writeFlat(_ elements: [Double], to writer: inout JSONWriter) { writer.flatArray(elements) }

    static func writeBase64(_ elements: [Double], to writer: inout JSONWriter) {
        writer.base64(littleEndian: elements)
    }
}

extension Float: WireScalar {
    static var elementType: ElementType { .float32 }
    static var byteCount: Int { 4 }
    static var storedType: StoredType { .float32 }
    static func bytes(_ elements: [Float]) -> [UInt8] { ElementWriting.bytes(elements, as: .float32) }

    static func elements(_ storage: NumberArray.Storage) -> [Float]? {
        guard case .float32(let elements) = storage else { return nil }
        return elements
    }

    static func elements(
        _ tensor: StoredTensor, in file: UnsafeRawBufferPointer, stop: StopFlag
    ) throws(TensorFileError) -> [Float] { try tensor.floats(in: file, stop: stop) }

    static func value(_ number: JSONNumber) -> Float? { number.float }

    static func littleEndian(_ value: Float) -> Float { Float(bitPattern: value.bitPattern.littleEndian) }

    static func write(_ value: Float, to writer: inout JSONWriter) { writer.number(value) }

    static func writeNested(_ elements: [Float], shape: [Int], to writer: inout JSONWriter) {
        writer.nested(elements, shape: shape)
    }

    static func writeFlat(_ elements: [Float], to writer: inout JSONWriter) { writer.flatArray(elements) }

    static func writeBase64(_ elements: [Float], to writer: inout JSONWriter) {
        writer.base64(littleEndian: elements)
    }
}
