import DropoutService
import HTTPServer

/// Answers requests that the header alone decides, for example those with an unknown route. They are not planned.
struct HeaderStep: RequestStep {
    let service: DropoutAPI

    func take(_ request: HTTPRequest?, _ exchange: RequestExchange, isOnWorker: Bool) -> StepResult {
        guard let request else { return .goOn }
        switch request.withServiceRequest({ service.admit($0, to: exchange.match) }) {
        case .decided(let reply): return .answer(reply)
        case .admitted(let admission):
            exchange.admit(admission)
            return .goOn
        }
    }
}
