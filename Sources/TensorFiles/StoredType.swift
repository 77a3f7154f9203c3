/// The element types of array files and of raw tensors in a request, with the name that each format gives them.
///
/// A type that a format does not have is nil there: NumPy has no bfloat16 of its own.
package enum StoredType: String, CaseIterable, Sendable {
    case bool, int8, int16, int32, int64, uint8, uint16, uint32, uint64, float16, bfloat16, float32, float64

    package var byteCount: Int {
        switch self {
        case .bool, .int8, .uint8: 1
        case .int16, .uint16, .float16, .bfloat16: 2
        case .int32, .uint32, .float32: 4
        case .int64, .uint64, .float64: 8
        }
    }

    /// The name in a `.npy` header without its byte order, such as `f4`; nil for bfloat16.
    var numpyCode: String? {
        switch self {
        case .bool: "b1"
        case .int8, .int16, .int32, .int64: "i\(byteCount)"
        case .uint8, .uint16, .uint32, .uint64: "u\(byteCount)"
        case .float16, .float32, .float64: "f\(byteCount)"
        case .bfloat16: nil
        }
    }

    /// The name in the header of a safetensors file, such as `BF16`.
    var safetensorsName: String {
        switch self {
        case .bool: "BOOL"
        case .int8, .int16, .int32, .int64: "I\(byteCount * 8)"
        case .uint8, .uint16, .uint32, .uint64: "U\(byteCount * 8)"
        case .float16, .float32, .float64: "F\(byteCount * 8)"
        case .bfloat16: "BF16"
        }
    }

    /// The `datatype` of the Open Inference Protocol, such as `FP32`.
    package var inferenceName: String {
        switch self {
        case .bool: "BOOL"
        case .int8, .int16, .int32, .int64: "INT\(byteCount * 8)"
        case .uint8, .uint16, .uint32, .uint64: "UINT\(byteCount * 8)"
        case .float16, .float32, .float64: "FP\(byteCount * 8)"
        case .bfloat16: "BF16"
        }
    }
}
