import AccessControl
import HTTPServer
import Observability

/// Limits the rate of each caller that ``AccessStep`` has admitted. Fields of the answer describe the limit.
struct RateStep: RequestStep {
    /// Nil for no limit.
    let limiter: RateLimiter?

    func take(_ request: HTTPRequest?, _ exchange: RequestExchange, isOnWorker: Bool) -> StepResult {
        guard let limiter, let identity = exchange.identity,
            let decision = limiter.take(identity, now: Application.now)
        else { return .goOn }
        guard decision.isAllowed else {
            return .answer(
                exchange.refuse(
                    .rateLimited, 429, "more requests than \(decision.limit) in \(decision.window) s", decision.fields))
        }
        exchange.add(decision.fields)
        return .goOn
    }
}
