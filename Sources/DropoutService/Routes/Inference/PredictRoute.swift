/// `POST /v1/models/{model}:predict` of KServe's protocol, version 1, and of TensorFlow Serving.
enum PredictRoute {
    static let route = named("/v1/models/{model}:predict")
    static let versioned = named("/v1/models/{model}/versions/{version}:predict")

    private static func named(_ path: String) -> Route {
        Route(
            path, [.post], takes: [.json], answers: [.json],
            summary: "KServe v1 and TensorFlow Serving: a forward pass of the model's variant",
            ignoresUnknownQuery: true,
            .request { request throws(Problem) in
                let prediction = try PredictionRequest(request, InferenceModel.find(request.parameters))
                return try InferencePlan(prediction.question, prediction.places, prediction.urgency)
            })
    }
}
