/// What operators see in numbers: counted by any thread without a lock, printed for Prometheus.
///
/// Labels take fixed values, whatever clients send: a route of `routes` or "other", a method of GET, HEAD, POST, OPTIONS or "other",
/// a status of ``statuses`` or "other".
/// Cost of an update: a few relaxed atomic additions, no allocation.
package final class Metrics: Sendable {
    static let methods = ["GET", "HEAD", "POST", "OPTIONS"]
    static let statuses = [
        200, 204, 304, 400, 401, 403, 404, 405, 406, 408, 413, 414, 415, 417, 422, 429, 431, 499, 500, 501, 503, 505,
    ]

    let version: String
    let routes: [String]
    private let routeIndices: [String: Int]
    /// By route, then method, then status; one more of each for "other".
    let requests: [Counter]
    let durations: [DurationHistogram]
    let queueDurations = DurationHistogram()
    let refusals: [Refusal: Counter]
    let inFlight = Gauge()
    let elements = Counter()
    let bytesIn = Counter()
    let bytesOut = Counter()

    /// `routes` are the paths that requests are told apart by.
    package init(version: String, routes: [String]) {
        self.version = version
        self.routes = routes
        routeIndices = Dictionary(zip(routes, 0...), uniquingKeysWith: { first, _ in first })
        let rows = routes.count + 1
        requests = (0..<rows * (Self.methods.count + 1) * (Self.statuses.count + 1)).map { _ in Counter() }
        durations = (0..<rows).map { _ in DurationHistogram() }
        refusals = Dictionary(uniqueKeysWithValues: Refusal.allCases.map { ($0, Counter()) })
    }

    /// A request's header has come.
    package func requestBegan() { inFlight.add(1) }

    /// The last byte of its answer was written, or its connection broke. Once for each ``requestBegan()``.
    package func requestEnded(_ record: RequestRecord) {
        inFlight.add(-1)
        let route = routeIndices[record.route] ?? routes.count
        let method = Self.methods.firstIndex(of: record.method) ?? Self.methods.count
        let status = Self.statuses.firstIndex(of: record.status) ?? Self.statuses.count
        requests[index(route, method, status)].add()
        durations[route].observe(record.duration)
        if let queue = record.queue { queueDurations.observe(queue) }
        elements.add(UInt64(clamping: record.elements ?? 0))
        bytesIn.add(UInt64(clamping: record.bytesIn))
        bytesOut.add(UInt64(clamping: record.bytesOut))
        if let refusal = record.refusal { refusals[refusal]?.add() }
    }

    func index(_ route: Int, _ method: Int, _ status: Int) -> Int {
        (route * (Self.methods.count + 1) + method) * (Self.statuses.count + 1) + status
    }
}
