import TensorJSON

/// `GET /v2` of the Open Inference Protocol: the name of the server and the extensions that it speaks.
enum InferenceServerRoute {
    static let route = Route(
        "/v2", [.get, .head], answers: [.json],
        summary: "Open Inference Protocol v2: the server's name, version and extensions",
        .reply { status in
            var writer = JSONWriter()
            writer.beginObject()
            writer.field("name", "dropout-service")
            writer.field("version", status.version)
            writer.key("extensions")
            writer.beginArray()
            for name in extensions { writer.string(name) }
            writer.endArray()
            writer.endObject()
            return ServiceReply(fixed: writer)
        })

    private static let extensions = ["binary_tensor_data", "model_configuration", "model_repository", "statistics"]
}
