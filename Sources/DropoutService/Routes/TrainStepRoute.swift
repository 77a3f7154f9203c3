import TensorJSON

/// `POST /train-step` and `QUERY /train-step`: training steps, whose state travels with the request.
enum TrainStepRoute {
    static let route = Route(
        "/train-step", [.post, .query], takes: [.json, .safetensors], answers: [.json, .safetensors],
        summary: "forward, loss, backward and update with one mask",
        .question { question, _ throws(Problem) in try plan(question) })

    /// - Throws: a 422 with every wrong field, or with the price of a question that costs too much.
    private static func plan(_ question: Question) throws(Problem) -> any Plan {
        let presentation = Presentation(question)
        try presentation.refuseHalf(question, "training steps are")
        switch presentation.type {
        case .float64: return try TrainPlan<Double>(question, presentation)
        case .float32, .float16, .bfloat16: return try TrainPlan<Float>(question, presentation)
        }
    }
}
