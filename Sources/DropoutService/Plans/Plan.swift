import Stopping
import TensorJSON

/// A checked question that knows its price. Nothing of it has been computed.
protocol Plan: Sendable {
    /// The price of ``compute(_:)``. It is within the limits.
    var price: Price { get }

    /// Elements that are drawn and computed, for the log.
    var elements: Int { get }

    var urgency: Urgency { get }

    /// Computes the answer.
    ///
    /// - Throws: ``Problem/stopped`` if the flag is set, a 422 for what only drawing can find, a fault for a contradiction.
    func compute(_ stop: StopFlag) throws(Problem) -> Answer
}

extension Plan {
    var urgency: Urgency { .usual }
}

/// What a plan computes: one JSON text, an array file, an inference, or lines of JSON that are sent as they are computed.
enum Answer {
    case text(JSONText)
    case file(ArrayAnswer)
    case inference(InferenceAnswer)
    /// - Parameter isDense: whether the lines are mostly numbers in base64.
    case lines(isDense: Bool, @Sendable () -> ServiceChunk?)
}
