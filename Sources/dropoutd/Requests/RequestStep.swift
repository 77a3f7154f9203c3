import DropoutService
import HTTPServer

/// One step of a request between its header and its plan.
///
/// ``Application`` has the steps in one list. A request takes them in the order of the list until one of them answers.
protocol RequestStep: Sendable {
    /// Takes the step.
    ///
    /// - Parameter isOnWorker: False on the event loop, where a step must not wait.
    func take(_ request: HTTPRequest?, _ exchange: RequestExchange, isOnWorker: Bool) -> StepResult
}

/// The result of a step.
enum StepResult {
    case goOn
    /// The request has this answer. A short body is read and dropped, so that the connection goes on. A longer one is not read.
    case answer(ServiceReply)
    /// The step must wait. It is taken again on a worker.
    case onWorker
}

extension ServiceReply {
    /// A response without a body.
    static func noContent(_ fields: [(name: String, value: String)] = []) -> ServiceReply {
        ServiceReply(status: 204, headers: fields, body: .bytes([]))
    }
}
