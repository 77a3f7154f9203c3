/// `GET /healthz` and `GET /livez`: whether the process answers.
///
/// There are two names because some orchestrators ask for the one and some for the other.
package enum HealthRoute {
    package static let route = named("/healthz")
    static let live = named("/livez")

    private static func named(_ path: String) -> Route {
        Route(
            path, [.get, .head], answers: [.json], summary: "whether the process answers", for: .probes,
            .reply { _ in ServiceReply(text: "{\"status\":\"ok\"}\n", .json) })
    }
}
