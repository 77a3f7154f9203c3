import DropoutEngine
import TensorJSON

/// A number type of the engine together with its forms in JSON: `dtype` float32 or float64.
protocol WireScalar: DropoutScalar {
    static var elementType: ElementType { get }
    static var byteCount: Int { get }
    /// The packed elements where they were read as this type, else nil.
    static func elements(_ storage: NumberArray.Storage) -> [Self]?
    /// The correctly rounded value, nil where it is too large.
    static func value(_ number: JSONNumber) -> Self?
    static func decode(littleEndian bytes: [UInt8]) -> [Self]
    static func write(_ value: Self, to writer: inout JSONWriter)
    static func writeNested(_ elements: [Self], shape: [Int], to writer: inout JSONWriter)
    static func writeFlat(_ elements: [Self], to writer: inout JSONWriter)
    static func writeBase64(_ elements: [Self], to writer: inout JSONWriter)
}

extension Double: WireScalar {
    static var elementType: ElementType { .float64 }
    static var byteCount: Int { 8 }

    static func elements(_ storage: NumberArray.Storage) -> [Double]? {
        guard case .float64(let elements) = storage else { return nil }
        return elements
    }

    static func value(_ number: JSONNumber) -> Double? { number.double }

    static func decode(littleEndian bytes: [UInt8]) -> [Double] {
        bytes.withUnsafeBytes { raw in
            (0..<raw.count / 8).map {
                Double(bitPattern: UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * 8, as: UInt64.self)))
            }
        }
    }

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

    static func elements(_ storage: NumberArray.Storage) -> [Float]? {
        guard case .float32(let elements) = storage else { return nil }
        return elements
    }

    static func value(_ number: JSONNumber) -> Float? { number.float }

    static func decode(littleEndian bytes: [UInt8]) -> [Float] {
        bytes.withUnsafeBytes { raw in
            (0..<raw.count / 4).map {
                Float(bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self)))
            }
        }
    }

    static func write(_ value: Float, to writer: inout JSONWriter) { writer.number(value) }

    static func writeNested(_ elements: [Float], shape: [Int], to writer: inout JSONWriter) {
        writer.nested(elements, shape: shape)
    }

    static func writeFlat(_ elements: [Float], to writer: inout JSONWriter) { writer.flatArray(elements) }

    static func writeBase64(_ elements: [Float], to writer: inout JSONWriter) {
        writer.base64(littleEndian: elements)
    }
}
