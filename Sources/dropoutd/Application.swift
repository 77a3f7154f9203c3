import AccessControl
import DropoutService
import HTTPServer
import Logging
import Observability

/// Connects the server with the service, the keys, the log and the metrics.
final class Application: HTTPApplication {
    let service: DropoutAPI
    private let metrics: Metrics
    private let inferences: InferenceStatistics
    private let log: LogSink
    private let logLevel: Logger.Level
    private let logsPeers: Bool
    /// The steps of a request between its header and its plan.
    private let steps: [any RequestStep]

    /// - Parameters:
    ///   - keys: Nil if everybody may call.
    ///   - limiter: Nil for no limit.
    ///   - isMetricsOpen: Whether `/metrics` needs no key.
    init(
        service: DropoutAPI, keys: KeyRing?, limiter: RateLimiter?, crossOrigin: CrossOrigin, isMetricsOpen: Bool,
        metrics: Metrics, inferences: InferenceStatistics, log: LogSink, logLevel: Logger.Level, logsPeers: Bool
    ) {
        self.service = service
        self.metrics = metrics
        self.inferences = inferences
        self.log = log
        self.logLevel = logLevel
        self.logsPeers = logsPeers
        steps = [
            NamingStep(),
            CrossOriginStep(crossOrigin: crossOrigin),
            ServerOptionsStep(),
            AccessStep(keys: keys, isMetricsOpen: isMetricsOpen),
            RateStep(limiter: limiter),
            HeaderStep(service: service),
        ]
    }

    /// A monotonic time since any moment.
    static var now: Duration { ContinuousClock.now - epoch }
    private static let epoch = ContinuousClock.now

    func begin(_ request: HTTPRequest?) -> any HTTPExchange {
        metrics.requestBegan()
        return RequestExchange(request, self, steps)
    }

    func end(_ exchange: RequestExchange, _ outcome: HTTPOutcome) {
        let record = exchange.record(outcome, logsPeers: logsPeers)
        metrics.requestEnded(record)
        if let model = exchange.match?.inferenceModel { inferences.add(model, outcome, at: .now) }
        if logLevel <= record.level { log.add(record.line(log.format, at: .now)) }
    }
}
