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

/// What a plan computes: one JSON text, an array file, a file of several tensors, an inference, or lines of JSON that are sent as they
/// are computed.
enum Answer {
    case text(JSONText)
    case file(ArrayAnswer)
    case tensors(TensorFileAnswer)
    case inference(InferenceAnswer)
    /// - Parameters:
    ///   - isDense: whether the lines are mostly numbers in base64.
    ///   - heldBytes: what is held until the last line, beyond what the price says of the text.
    case lines(isDense: Bool, heldBytes: Int = 0, @Sendable () -> ServiceChunk?)

    /// The text that was written, or the file with the arrays that it names.
    init(_ writer: consuming JSONWriter) {
        guard writer.detaches else {
            self = .text(writer.finish())
            return
        }
        let arrays = writer.detached
        self = .tensors(TensorFileAnswer(arrays, writer.finish()))
    }
}
