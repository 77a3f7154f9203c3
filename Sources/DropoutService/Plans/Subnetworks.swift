import DropoutEngine
import Stopping
import TensorJSON
import TextCodecs

/// The masks that `exact` enumerates, each with its probability and its output. Only masks that can be drawn are among them.
struct Subnetworks<Scalar: WireScalar> {
    private var entries: [(probability: Double, pass: SampledPass<Scalar>)] = []

    mutating func add(_ pass: SampledPass<Scalar>, probability: Double) { entries.append((probability, pass)) }

    /// Writes the list.
    ///
    /// - Parameter writeMask: writes the mask of an entry.
    func write(
        form: TensorForm, as type: ElementType, to writer: inout JSONWriter,
        mask writeMask: (SampledPass<Scalar>, inout JSONWriter) throws(Problem) -> Void
    ) throws(Problem) {
        writer.key(PassFields.subnetworks)
        writer.beginArray()
        for entry in entries {
            writer.beginObject()
            writer.field("probability", entry.probability)
            try writeMask(entry.pass, &writer)
            writer.tensorField("output", entry.pass.output, form: form, as: type)
            writer.endObject()
        }
        writer.endArray()
    }
}
