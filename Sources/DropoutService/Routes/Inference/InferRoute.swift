/// `POST /v2/models/{model}/infer` of the Open Inference Protocol: a forward pass of one variant, as an inference.
enum InferRoute {
    static let route = named("/v2/models/{model}/infer")
    static let versioned = named("/v2/models/{model}/versions/{version}/infer")

    private static func named(_ path: String) -> Route {
        Route(
            path, [.post], takes: [.json, .octets], answers: [.json, .octets],
            summary: "Open Inference Protocol v2: a forward pass of the model's variant", ignoresUnknownQuery: true,
            .request { request throws(Problem) in
                let inference = try InferenceRequest(request, InferenceModel.find(request.parameters))
                return try InferencePlan(inference.question, inference.places, inference.urgency)
            })
    }
}
