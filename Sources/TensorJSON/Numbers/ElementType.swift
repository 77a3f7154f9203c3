/// The number types of tensors, by their names on the wire.
package enum ElementType: String, CaseIterable, Sendable {
    case float64, float32
}
