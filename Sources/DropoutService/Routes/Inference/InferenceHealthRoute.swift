/// `GET /v2/health/live` and `GET /v2/health/ready` of the Open Inference Protocol.
enum InferenceHealthRoute {
    static let live = Route(
        "/v2/health/live", [.get, .head], answers: [.json],
        summary: "Open Inference Protocol v2: whether the process answers", for: .probes,
        .reply { _ in ServiceReply(text: "{\"live\":true}\n", .json) })

    static let ready = Route(
        "/v2/health/ready", [.get, .head], answers: [.json],
        summary: "Open Inference Protocol v2: whether the process takes requests", for: .probes,
        .reply { status in reply(status, "") })

    /// `{"ready":true}`, or 503 once the process stops.
    ///
    /// - Parameter name: the member before it, with its comma.
    static func reply(_ status: ServiceStatus, _ name: String) -> ServiceReply {
        status.isReady()
            ? ServiceReply(text: "{\(name)\"ready\":true}\n", .json)
            : ServiceReply(
                text: "{\(name)\"ready\":false}\n", .json, status: 503, headers: [("Retry-After", "1")])
    }
}
