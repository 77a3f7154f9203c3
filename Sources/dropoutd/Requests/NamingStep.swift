import HTTPServer
import Observability

/// Names the request for logs and answers: by `X-Request-Id`, and by `traceparent` if it is part of a trace.
///
/// A request that cannot be read has a name too.
struct NamingStep: RequestStep {
    func take(_ request: HTTPRequest?, _ exchange: RequestExchange, isOnWorker: Bool) -> StepResult {
        var random = RequestNumbers()
        let id = RequestID.accept(request?.header("X-Request-Id"), using: &random)
        let trace = request?.header("traceparent").flatMap { TraceContext(traceparent: $0) }?.child(using: &random)
        exchange.name(id, trace)
        return .goOn
    }
}
