import TensorJSON

/// `GET /`: the list of the routes as JSON, or the page for browsers, which prefer HTML.
enum IndexRoute {
    static let route = Route(
        "/", [.get, .head], answers: [.json], pageAnswers: [.html], summary: "this list", for: .readers,
        .typed { type, status in
            if type == .html { return LiveRoute.page.document.reply }
            return status.showsPage ? list : listWithoutPage
        })

    private static let list = reply(Route.all)
    private static let listWithoutPage = reply(Route.all.filter { $0.path != LiveRoute.files.path })

    private static func reply(_ routes: [Route]) -> ServiceReply {
        var writer = JSONWriter()
        writer.beginObject()
        writer.field("service", "dropout-service")
        // By this member KServe's client for version 1 knows a server that lives.
        writer.field("status", "alive")
        writer.key("routes")
        writer.beginArray()
        for route in routes {
            writer.beginObject()
            writer.field("path", route.path)
            writer.field("methods", route.allow)
            writer.field("answer", route.summary)
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        return ServiceReply(fixed: writer)
    }
}
