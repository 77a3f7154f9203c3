import TensorJSON

/// `GET /v2/models/{model}/stats` of Triton's statistics extension.
enum ModelStatisticsRoute {
    static let route = named("/v2/models/{model}/stats")
    static let versioned = named("/v2/models/{model}/versions/{version}/stats")

    /// Every model. The path without a parameter goes before those with one.
    static let all = Route(
        "/v2/models/stats", [.get, .head], answers: [.json],
        summary: "Triton's statistics: the inferences of every model",
        .reply { status in reply(InferenceModel.all, status) })

    private static func named(_ path: String) -> Route {
        Route(
            path, [.get, .head], answers: [.json], summary: "Triton's statistics: the inferences of a model",
            .item { parameters, status throws(Problem) in reply([try InferenceModel.find(parameters)], status) })
    }

    private static func reply(_ models: [InferenceModel], _ status: ServiceStatus) -> ServiceReply {
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("model_stats")
        writer.beginArray()
        for model in models { writer.statistics(model, status.inferences(model.name)) }
        writer.endArray()
        writer.endObject()
        return ServiceReply(writer)
    }
}

extension JSONWriter {
    fileprivate mutating func statistics(_ model: InferenceModel, _ figures: InferenceFigures) {
        beginObject()
        field("name", model.name)
        field("version", InferenceModel.version)
        count("last_inference", figures.lastMilliseconds)
        count("inference_count", figures.answered)
        count("execution_count", figures.answered)
        key("inference_stats")
        beginObject()
        duration("success", figures.answered, figures.answeredNanoseconds)
        duration("fail", figures.refused, figures.refusedNanoseconds)
        duration("queue", figures.answered, figures.queueNanoseconds)
        // Reading and printing are part of the computation here.
        duration("compute_input", figures.answered, 0)
        duration("compute_infer", figures.answered, figures.computeNanoseconds)
        duration("compute_output", figures.answered, 0)
        duration("cache_hit", 0, 0)
        duration("cache_miss", 0, 0)
        endObject()
        key("batch_stats")
        beginArray()
        endArray()
        endObject()
    }

    private mutating func duration(_ name: String, _ number: UInt64, _ nanoseconds: UInt64) {
        key(name)
        beginObject()
        count("count", number)
        count("ns", nanoseconds)
        endObject()
    }

    private mutating func count(_ name: String, _ value: UInt64) {
        key(name)
        integer(value)
    }
}
