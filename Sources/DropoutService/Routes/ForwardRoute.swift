import DropoutEngine
import TensorJSON

/// `POST /forward`: one dropout forward pass over a tensor, or through a network of dense layers.
enum ForwardRoute {
    static let fields =
        ["input", "layers", "mask", "uniforms", "samples", "samples_format", "exact", "include", Echo.note]
        + DropFields.fields
        + VariantFields.fields + Randomness.fields
        + Presentation.fields

    /// - Throws: a 422 with every wrong field, or with the price of a question that costs too much.
    static func plan(_ question: Question) throws(Problem) -> any Plan {
        let presentation = Presentation(question)
        let hasLayers = question.has("layers")
        switch presentation.type {
        case .float64 where hasLayers: return try NetworkPlan<Double>(question, presentation)
        case .float32 where hasLayers: return try NetworkPlan<Float>(question, presentation)
        case .float64: return try TensorPlan<Double>(question, presentation)
        case .float32: return try TensorPlan<Float>(question, presentation)
        }
    }
}

/// What an answer echoes that says nothing to a question.
enum Echo {
    /// A remark on the generator. It may come back with the rest of the echo, and is ignored.
    static let note = "generator_note"
}

/// The fields that say how to compute and print, not what: the same for every route with tensors.
struct Presentation {
    static let fields = ["mode", "scheme", "layout", "dtype", "mask_format", "tensor_format"]

    let mode: DropoutMode
    let scheme: DropoutScheme
    let layout: Layout
    let type: ElementType
    let maskFormat: MaskFormat
    /// Nil: the form of the request's input.
    let form: TensorForm?

    init(_ question: Question) {
        mode = question.choice("mode", DropoutMode.self) ?? .train
        scheme = question.choice("scheme", DropoutScheme.self) ?? .inverted
        layout = question.choice("layout", Layout.self) ?? .columns
        type = question.choice("dtype", ElementType.self) ?? .float64
        maskFormat = question.choice("mask_format", MaskFormat.self) ?? .numbers
        form = question.choice("tensor_format", TensorForm.self)
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
