import DropoutEngine
import TensorJSON

/// The kind of one dropout, with the fields that it alone has.
struct VariantFields {
    static let fields = ["variant", "data_format", "block_size", "temperature", "previous"]

    let record: VariantRecord
    let dataFormat: DataFormat
    let blockSize: Int
    let temperature: Double
    /// Zoneout's previous state. It is exact in float64, whatever type it was read in.
    let previous: Tensor<Double>?

    init<Scalar: WireScalar>(_ question: Question, _ scalar: Scalar.Type, as type: ElementType) throws(Problem) {
        record = (question.choice("variant", DropoutVariant.self) ?? .dropout).record
        for field in Self.fields.dropFirst() where question.isGiven(field) && !record.fields.contains(field) {
            question.wrong(field, "no field of the variant \(record.variant.rawValue)")
        }
        dataFormat = question.choice("data_format", DataFormat.self) ?? .channelsFirst
        blockSize = Int(clamping: question.natural("block_size", upTo: UInt64(UInt32.max)) ?? 7)
        temperature = question.number("temperature", in: 1e-9...1e9, "a temperature from 1e-9 to 1e9") ?? 0.1
        let state = try question.tensor("previous", of: Scalar.self, as: type)?.tensor
        previous = state?.converted(to: Double.self)
        if let required = record.required, !question.has(required.field) {
            question.wrong(required.reason)
        }
    }

    /// Dropout itself.
    static let plain = VariantFields()

    private init() {
        (record, dataFormat, blockSize, temperature, previous) = (.dropout, .channelsFirst, 7, 0.1, nil)
    }

    /// The name.
    var name: String { record.variant.rawValue }

    /// The variant with its fields, or nothing for dropout itself.
    func write(to writer: inout JSONWriter) {
        if record.isDefault { return }
        writer.field("variant", name)
        record.echo(self, &writer)
    }

    enum DataFormat: String, CaseIterable {
        case channelsFirst = "channels_first"
        case channelsLast = "channels_last"
    }
}
