import TensorFiles
import TensorJSON

/// `GET /v2/models/{model}` of the Open Inference Protocol: the inputs and outputs of a model.
enum ModelRoute {
    static let route = named("/v2/models/{model}")
    static let versioned = named("/v2/models/{model}/versions/{version}")

    private static func named(_ path: String) -> Route {
        Route(
            path, [.get, .head], answers: [.json],
            summary: "Open Inference Protocol v2: the inputs and outputs of a model",
            .item { parameters, _ throws(Problem) in
                var writer = JSONWriter()
                writer.metadata(try InferenceModel.find(parameters))
                return ServiceReply(fixed: writer)
            })
    }
}

/// `GET /v2/models/{model}/ready` of the Open Inference Protocol.
enum ModelReadyRoute {
    static let route = named("/v2/models/{model}/ready")
    static let versioned = named("/v2/models/{model}/versions/{version}/ready")

    private static func named(_ path: String) -> Route {
        Route(
            path, [.get, .head], answers: [.json],
            summary: "Open Inference Protocol v2: whether a model takes requests", for: .probes,
            .item { parameters, status throws(Problem) in
                let model = try InferenceModel.find(parameters)
                return InferenceHealthRoute.reply(status, "\"name\":\"\(model.name)\",")
            })
    }
}

extension JSONWriter {
    fileprivate mutating func metadata(_ model: InferenceModel) {
        beginObject()
        field("name", model.name)
        key("versions")
        beginArray()
        string(InferenceModel.version)
        endArray()
        field("platform", InferenceModel.platform)
        key("inputs")
        beginArray()
        for name in InferenceInput.Name.allCases { tensor(name.rawValue, name.usualType, name.dimensions) }
        endArray()
        key("outputs")
        beginArray()
        for name in model.outputs { tensor(name.rawValue, name.usualType, [-1]) }
        endArray()
        endObject()
    }

    private mutating func tensor(_ name: String, _ type: StoredType, _ dimensions: [Int]) {
        beginObject()
        field("name", name)
        field("datatype", type.inferenceName)
        key("shape")
        shape(dimensions)
        endObject()
    }
}
