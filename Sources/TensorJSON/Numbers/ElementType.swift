package import TextCodecs

/// The number types of tensors, by their names on the wire.
package enum ElementType: String, CaseIterable, Sendable {
    case float64, float32, float16, bfloat16

    /// The bytes of one number in base64 and in files.
    package var byteCount: Int {
        switch self {
        case .float64: 8
        case .float32: 4
        case .float16, .bfloat16: 2
        }
    }

    /// The type of 16 bits, whose numbers are held as `Float`. Nil for a type that Swift computes in.
    @inlinable package var half: HalfType? {
        switch self {
        case .float64, .float32: nil
        case .float16: .float16
        case .bfloat16: .bfloat16
        }
    }
}
