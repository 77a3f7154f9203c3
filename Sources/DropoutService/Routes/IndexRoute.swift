import TensorJSON

/// `GET /`: the list of the routes.
enum IndexRoute {
    static let route = Route(
        "/", [.get, .head], answers: [.json], summary: "this list",
        .reply { _ in reply })

    private static let reply: ServiceReply = {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("service", "dropout-service")
        // By this member KServe's client for version 1 knows a server that lives.
        writer.field("status", "alive")
        writer.key("routes")
        writer.beginArray()
        for route in Route.all {
            writer.beginObject()
            writer.field("path", route.path)
            writer.field("methods", route.allow)
            writer.field("answer", route.summary)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        var text = writer.finish()
        return ServiceReply(fixed: text.allBytes() + [0x0A], .json)
    }()
}
