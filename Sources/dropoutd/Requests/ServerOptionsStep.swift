import DropoutService
import HTTPServer

/// Answers `OPTIONS *`, which asks for the methods of the whole server (RFC 9110, 9.3.7).
struct ServerOptionsStep: RequestStep {
    func take(_ request: HTTPRequest?, _ exchange: RequestExchange, isOnWorker: Bool) -> StepResult {
        request?.path == "*" ? .answer(.noContent([("Allow", Route.allowOfAll)])) : .goOn
    }
}
