/// The figures for operators. Any thread counts without a lock, and a page shows them to Prometheus.
///
/// The values of labels are fixed, so a client cannot add values. A route is one of `routes`, a method one of ``methods`` and a
/// status one of ``statuses``. All others are "other". An update is a few relaxed atomic additions without an allocation.
package final class Metrics: Sendable {
    static let methods = ["GET", "HEAD", "POST", "QUERY", "OPTIONS"]
    static let statuses = [
        200, 204, 304, 400, 401, 403, 404, 405, 406, 408, 413, 414, 415, 417, 422, 429, 431, 499, 500, 501, 503, 505,
    ]

    let version: String
    let routes: [String]
    private let routeIndices: [String: Int]
    /// The counters by route, then method, then status. Each of the three has one more place for "other".
    let requests: [Counter]
    let durations: [DurationHistogram]
    let queueDurations = DurationHistogram()
    let refusals: [Refusal: Counter]
    let inFlight = Gauge()
    let elements = Counter()
    let bytesIn = Counter()
    let bytesOut = Counter()

    /// - Parameter routes: The paths that are values of the label `route`.
    package init(version: String, routes: [String]) {
        self.version = version
        self.routes = routes
        routeIndices = Dictionary(zip(routes, 0...), uniquingKeysWith: { first, _ in first })
        let rows = routes.count + 1
        requests = (0..<rows * (Self.methods.count + 1) * (Self.statuses.count + 1)).map { _ in Counter() }
        durations = (0..<rows).map { _ in DurationHistogram() }
        refusals = Dictionary(uniqueKeysWithValues: Refusal.allCases.map { ($0, Counter()) })
    }

    /// Counts a request whose header has come.
    package func requestBegan() { inFlight.add(1) }

    /// Counts a request whose answer is written to its last byte, or whose connection broke. Must be called once for each
    /// ``requestBegan()``.
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
