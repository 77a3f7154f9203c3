/// `GET /metrics`: the figures of the process.
enum MetricsRoute {
    // The page reads figures of the process from files, so a worker makes it.
    static let route = Route(
        "/metrics", [.get, .head], answers: [.metrics], summary: "counts and durations for Prometheus",
        for: .collectors,
        .work(Price(nanoseconds: 1_000_000, heldBytes: 1 << 16, printedBytes: 1 << 15)) { status in
            ServiceReply(bytes: status.metrics(), .metrics)
        })
}
