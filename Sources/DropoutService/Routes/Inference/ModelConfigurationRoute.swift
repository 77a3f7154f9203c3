import TensorFiles
import TensorJSON

/// `GET /v2/models/{model}/config` of Triton's model configuration extension.
enum ModelConfigurationRoute {
    static let route = named("/v2/models/{model}/config")
    static let versioned = named("/v2/models/{model}/versions/{version}/config")

    private static func named(_ path: String) -> Route {
        Route(
            path, [.get, .head], answers: [.json],
            summary: "Triton's model configuration: the inputs and outputs of a model, and that it has no batches",
            .item { parameters, _ throws(Problem) in
                var writer = JSONWriter()
                writer.configuration(try InferenceModel.find(parameters))
                return ServiceReply(fixed: writer)
            })
    }
}

/// `POST /v2/repository/index` of Triton's model repository extension. Models are neither loaded nor unloaded.
enum RepositoryIndexRoute {
    static let route = Route(
        "/v2/repository/index", [.post], takes: [.json, .octets], answers: [.json],
        summary: "Triton's model repository: every model, all of them ready",
        .reply { _ in
            var writer = JSONWriter()
            writer.beginArray()
            for model in InferenceModel.all {
                writer.beginObject()
                writer.field("name", model.name)
                writer.field("version", InferenceModel.version)
                writer.field("state", "READY")
                writer.field("reason", "")
                writer.endObject()
            }
            writer.endArray()
            return ServiceReply(writer)
        })
}

extension JSONWriter {
    fileprivate mutating func configuration(_ model: InferenceModel) {
        beginObject()
        field("name", model.name)
        field("platform", InferenceModel.platform)
        field("backend", InferenceModel.platform)
        field("max_batch_size", 0)
        key("input")
        beginArray()
        for name in InferenceInput.Name.allCases {
            beginTensor(name.rawValue, name.usualType, name.dimensions)
            key("optional")
            bool(name != .data)
            endObject()
        }
        endArray()
        key("output")
        beginArray()
        for name in model.outputs {
            beginTensor(name.rawValue, name.usualType, [-1])
            endObject()
        }
        endArray()
        endObject()
    }

    private mutating func beginTensor(_ name: String, _ type: StoredType, _ dimensions: [Int]) {
        beginObject()
        field("name", name)
        field("data_type", "TYPE_\(type.inferenceName)")
        key("dims")
        shape(dimensions)
    }
}
