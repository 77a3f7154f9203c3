/// `GET /readyz`: whether the process takes requests.
enum ReadyRoute {
    static let route = Route(
        "/readyz", [.get, .head], answers: [.json],
        summary: "whether the process takes requests: 503 once it has been told to stop", for: .probes,
        .reply { status in
            status.isReady()
                ? ServiceReply(text: "{\"status\":\"ready\"}\n", .json)
                : ServiceReply(
                    text: "{\"status\":\"stopping\"}\n", .json, status: 503, headers: [("Retry-After", "1")])
        })
}
