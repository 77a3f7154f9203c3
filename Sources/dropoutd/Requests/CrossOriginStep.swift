import AccessControl
import HTTPServer

/// Says which web pages may read the answer, and answers preflights: before keys are asked for, as browsers send none with them.
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
