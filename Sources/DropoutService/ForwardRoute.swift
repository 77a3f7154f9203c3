import DropoutEngine
import TensorJSON

/// What `/forward` sends: one JSON text, or lines of JSON as they are computed.
enum ForwardAnswer {
    case text(JSONText)
    case lines(@Sendable () -> [UInt8]?)
}

/// `POST /forward`: one dropout forward pass over a tensor, or through a network of dense layers.
enum ForwardRoute {
    static let fields =
        ["input", "layers", "mask", "uniforms", "samples", "samples_format", "exact", "include"] + DropFields.fields
        + VariantFields.fields + Randomness.fields
        + Presentation.fields

    /// - Throws: a 422 with every wrong field.
    static func answer(
        _ reader: FieldReader, text: RequestText, limits: ServiceLimits
    ) throws(Problem) -> ForwardAnswer {
        let presentation = Presentation(reader)
        switch presentation.type {
        case .float64: return try answer(reader, presentation, Double.self, text: text, limits: limits)
        case .float32: return try answer(reader, presentation, Float.self, text: text, limits: limits)
        }
    }

    private static func answer<Scalar: WireScalar>(
        _ reader: FieldReader, _ presentation: Presentation, _ type: Scalar.Type, text: RequestText,
        limits: ServiceLimits
    ) throws(Problem) -> ForwardAnswer {
        if reader.has("layers") {
            return try NetworkForward<Scalar>(reader, presentation, text: text, limits: limits).answer()
        }
        return try TensorForward<Scalar>(reader, presentation, text: text, limits: limits).answer()
    }
}

/// The fields that say how to compute and print, not what: the same for every route with tensors.
struct Presentation {
    static let fields = ["mode", "scheme", "layout", "dtype", "mask_format", "tensor_format"]

    let mode: DropoutMode
    let scheme: DropoutScheme
    let layout: Layout
    let type: WireType
    let maskFormat: MaskFormat
    /// Nil: the form of the request's input.
    let form: TensorForm?

    init(_ reader: FieldReader) {
        mode = reader.choice("mode", DropoutMode.self) ?? .train
        scheme = reader.choice("scheme", DropoutScheme.self) ?? .inverted
        layout = reader.choice("layout", Layout.self) ?? .columns
        type = reader.choice("dtype", WireType.self) ?? .float64
        maskFormat = reader.choice("mask_format", MaskFormat.self) ?? .numbers
        form = reader.choice("tensor_format", TensorForm.self)
    }
}

extension JSONWriter {
    mutating func check(_ check: ExpectedValueCheck, name: String = "check") {
        key(name)
        beginObject()
        field("expected_mean", check.expectedMean)
        field("observed_mean", check.observedMean)
        field("expected_sum", check.expectedSum)
        field("observed_sum", check.observedSum)
        field("standard_error", check.standardError)
        field("z_score", check.zScore)
        key("consistent")
        bool(check.consistent)
        field("kept", check.kept)
        field("expected_kept", check.expectedKept)
        field("kept_fraction", check.keptFraction)
        field("log_probability", check.logProbability)
        endObject()
    }

    /// `"samples"` or `"exact"`: how many passes, and their mean and variance element by element.
    mutating func moments(_ name: String, count: (String, Int), mean: [Double], variance: [Double], shape: Shape) {
        key(name)
        beginObject()
        field(count.0, count.1)
        key("mean")
        tensorValue(mean, shape.dimensions, form: .nested)
        key("variance")
        tensorValue(variance, shape.dimensions, form: .nested)
    }
}
