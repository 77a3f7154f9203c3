package enum ElementType: String, Sendable {
    case float32, float64
}
