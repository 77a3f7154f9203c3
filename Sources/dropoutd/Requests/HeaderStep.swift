import DropoutService
import HTTPServer

/// Answers what the header alone decides, for example an unknown route: nobody sends a body for a refusal.
struct HeaderStep: RequestStep {
    let service: DropoutAPI

    func take(_ request: HTTPRequest?, _ exchange: RequestExchange, isOnWorker: Bool) -> StepResult {
        guard let reply = request?.withServiceRequest({ service.decide(beforeBodyOf: $0) }) else { return .goOn }
        return .answer(reply)
    }
}
