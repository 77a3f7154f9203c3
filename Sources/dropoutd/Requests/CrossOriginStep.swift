import AccessControl
import HTTPServer

/// Adds the fields that say which web pages may read the answer, and answers preflights.
///
/// It comes before ``AccessStep``, because browsers send no key with a preflight.
struct CrossOriginStep: RequestStep {
    let crossOrigin: CrossOrigin

    func take(_ request: HTTPRequest?, _ exchange: RequestExchange, isOnWorker: Bool) -> StepResult {
        guard let request else { return .goOn }
        let answer = crossOrigin.answer(
            method: request.method, origin: request.header("Origin"),
            requestedMethod: request.header("Access-Control-Request-Method"))
        exchange.allow(answer.fields)
        return answer.isPreflight ? .answer(.noContent()) : .goOn
    }
}
