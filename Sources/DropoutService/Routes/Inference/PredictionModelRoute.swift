import TensorJSON

/// `GET /v1/models/{model}` of KServe's protocol, version 1, and of TensorFlow Serving.
///
/// Each reads its own members of the one answer: KServe `name` and `ready`, TensorFlow Serving `model_version_status`.
enum PredictionModelRoute {
    static let route = named("/v1/models/{model}")
    static let versioned = named("/v1/models/{model}/versions/{version}")

    private static func named(_ path: String) -> Route {
        Route(
            path, [.get, .head], answers: [.json],
            summary: "KServe v1 and TensorFlow Serving: whether a model takes requests", for: .probes,
            .item { parameters, status throws(Problem) in
                let model = try InferenceModel.find(parameters)
                let isReady = status.isReady()
                var writer = JSONWriter()
                writer.status(model, isReady: isReady)
                return isReady
                    ? ServiceReply(writer)
                    : ServiceReply(writer, status: 503, headers: [("Retry-After", "1")])
            })
    }
}

/// `GET /v1/models` of KServe's protocol, version 1.
enum PredictionModelsRoute {
    static let route = Route(
        "/v1/models", [.get, .head], answers: [.json], summary: "KServe v1: the names of the models",
        .reply { _ in
            var writer = JSONWriter()
            writer.beginObject()
            writer.key("models")
            writer.beginArray()
            for model in InferenceModel.all { writer.string(model.name) }
            writer.endArray()
            writer.endObject()
            return ServiceReply(fixed: writer)
        })
}

extension JSONWriter {
    fileprivate mutating func status(_ model: InferenceModel, isReady: Bool) {
        beginObject()
        field("name", model.name)
        key("ready")
        bool(isReady)
        key("model_version_status")
        beginArray()
        beginObject()
        field("version", InferenceModel.version)
        field("state", isReady ? "AVAILABLE" : "UNLOADING")
        key("status")
        beginObject()
        field("error_code", "OK")
        field("error_message", "")
        endObject()
        endObject()
        endArray()
        endObject()
    }
}
