import TensorJSON

/// `POST /verify` and `QUERY /verify`: the judgement of an output.
enum VerifyRoute {
    static let route = Route(
        "/verify", [.post, .query], takes: [.json, .lines, .form], answers: [.json],
        summary: "whether an output is dropout at a rate, and which known mistake it shows",
        .question { question, _ throws(Problem) in try plan(question) })

    /// - Throws: a 422 with every wrong field, or with the price of a question that costs too much.
    private static func plan(_ question: Question) throws(Problem) -> any Plan {
        let presentation = Presentation(question)
        switch presentation.type {
        case .float64: return try VerifyPlan<Double>(question, presentation)
        case .float32, .float16, .bfloat16: return try VerifyPlan<Float>(question, presentation)
        }
    }
}
