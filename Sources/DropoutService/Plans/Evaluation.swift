import DropoutEngine
import TensorJSON
import TextCodecs

/// The loss of the whole network after some steps of a training.
struct Evaluation<Scalar: WireScalar> {
    /// The steps taken before, 0 for the network of the request.
    let step: Int
    let train: Scalar
    /// Nil if the loss on the test data is not asked for.
    let test: Scalar?

    /// Writes an entry of `eval_history`.
    func write(to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("step", step)
        writer.key("train")
        Scalar.write(train, to: &writer)
        if let test {
            writer.key("test")
            Scalar.write(test, to: &writer)
        }
        writer.endObject()
    }

    /// The price of printing `count` entries of `eval_history`.
    static func text(_ count: Int, hasTest: Bool) -> Price {
        let losses = PrintingPrice.tensor(
            .vector(count.times(hasTest ? 2 : 1)), form: .nested, as: Scalar.elementType)
        let names = Price(nanoseconds: KernelPrice.printInteger(count.times(4)), printedBytes: count.times(40))
        return losses + names + Price(heldBytes: count.times(48))
    }
}
