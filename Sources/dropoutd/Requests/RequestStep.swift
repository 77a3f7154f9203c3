import DropoutService
import HTTPServer

/// One thing that happens to a request between its header and its plan.
///
/// ``Application`` has the steps in one list. A request takes them in this order until one of them answers.
protocol RequestStep: Sendable {
    /// - Parameter isOnWorker: false on the event loop, where a step must not wait.
    func take(_ request: HTTPRequest?, _ exchange: RequestExchange, isOnWorker: Bool) -> StepResult
}

/// What becomes of a request in one step.
enum StepResult {
    case goOn
    /// The request is answered without its body.
    case answer(ServiceReply)
    /// The step must wait, so that it is taken again on a worker.
    case onWorker
}

extension ServiceReply {
    /// A response without a body.
    static func noContent(_ fields: [(name: String, value: String)] = []) -> ServiceReply {
        ServiceReply(status: 204, headers: fields, body: .bytes([]))
    }
}
