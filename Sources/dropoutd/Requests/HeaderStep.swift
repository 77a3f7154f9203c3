import DropoutService
import HTTPServer

/// Answers requests that the header alone decides, for example those with an unknown route. They are not planned.
struct HeaderStep: RequestStep {
    let service: DropoutAPI

    func take(_ request: HTTPRequest?, _ exchange: RequestExchange, isOnWorker: Bool) -> StepResult {
        guard let reply = request?.withServiceRequest({ service.decide(beforeBodyOf: $0) }) else { return .goOn }
        return .answer(reply)
    }
}
