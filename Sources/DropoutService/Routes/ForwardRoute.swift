import TensorJSON

/// `POST /forward` and `QUERY /forward`: one dropout forward pass over a tensor, or through a network of dense layers.
enum ForwardRoute {
    static let route = Route(
        "/forward", [.post, .query], takes: [.json, .lines, .npy, .safetensors],
        answers: [.json, .jsonLines, .npy, .safetensors],
        summary: "a dropout forward pass over a tensor or a network: output, mask, expected-value check",
        .question { question, _ throws(Problem) in try plan(question) })

    static let fields =
        ["input", "layers", "mask", "uniforms", "samples", "samples_format", "exact", "include", Echo.note]
        + DropFields.fields
        + VariantFields.fields + Randomness.fields + ShardFields.fields
        + Presentation.fields

    /// - Throws: a 422 with every wrong field, or with the price of a question that costs too much.
    static func plan(_ question: Question) throws(Problem) -> any Plan {
        let presentation = Presentation(question)
        let hasLayers = question.has("layers")
        if hasLayers { try presentation.refuseHalf(question, "networks are") }
        switch presentation.type {
        case .float64 where hasLayers: return try NetworkPlan<Double>(question, presentation)
        case .float32 where hasLayers: return try NetworkPlan<Float>(question, presentation)
        case .float64: return try TensorPlan<Double>(question, presentation)
        case .float32, .float16, .bfloat16: return try TensorPlan<Float>(question, presentation)
        }
    }
}
