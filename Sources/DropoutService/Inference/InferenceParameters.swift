import DropoutEngine
import TensorJSON

/// The member `parameters` of an inference request, whose members are fields of `/forward`, and what else decides these fields.
struct InferenceParameters {
    /// The fields of `/forward` that are parameters.
    private static let fields =
        DropFields.fields + ShardFields.fields + VariantFields.fields.filter { $0 != "variant" && $0 != "previous" }
        + Randomness.fields
        + Presentation.fields.filter { $0 != "mask_format" && $0 != "tensor_format" } + [Echo.note]

    /// The parameters of the protocol and of its servers.
    private static let ofProtocol = [
        "binary_data_output", "timeout", "priority", "sequence_id", "sequence_start", "sequence_end",
    ]

    private let parameters: Question
    /// Fields as JSON texts.
    private var texts: [(name: String, value: String)] = []
    /// Parameters that are no strings.
    private var values: [(name: String, value: JSONValue)] = []

    /// Notes every unknown parameter.
    init(_ asked: Question, _ model: InferenceModel) {
        var object = JSONObject.empty
        switch asked.fields["parameters"] {
        case .object(let parameters)?: object = parameters
        case let value?: asked.wrong("parameters", "an object expected, \(value.shortText) found")
        case nil: break
        }
        parameters = asked.part(object, named: "parameters")
        parameters.refuseUnknown(besides: Self.fields + Self.ofProtocol)
        add("variant", model.variant.rawValue)
        for (name, value) in parameters.fields.members where Self.fields.contains(name) {
            guard case .string(let text) = value else {
                values.append((name, value))
                continue
            }
            // A state is text, even if it looks like a number.
            let isText = name == GeneratorState.field
            texts.append((name, isText ? QueryFields.quoted(text) : QueryFields.value(text, of: name)))
        }
    }

    func has(_ name: String) -> Bool { parameters.has(name) }

    /// Whether outputs are raw that do not say it themselves.
    var isOutputBinary: Bool { parameters.bool("binary_data_output") ?? false }

    /// `timeout`, in microseconds, and `priority`, of which 1 is the first. 0 means none.
    func urgency() -> Urgency {
        var urgency = Urgency.usual
        if let timeout = parameters.natural("timeout", upTo: UInt64(Int64.max)), timeout > 0 {
            urgency.deadline = .microseconds(Int64(timeout))
        }
        if let priority = parameters.natural("priority", upTo: .max), priority > 0 { urgency.rank = priority }
        return urgency
    }

    /// Notes a parameter that an input says as well.
    func refuse(_ name: String, besides input: InferenceInput.Name) {
        if has(name) {
            parameters.wrong(name, "give the input `\(input.rawValue)` or the parameter `\(name)`, not both")
        }
    }

    // MARK: What the inputs and the model say

    mutating func add(_ name: String, _ text: String) { texts.append((name, QueryFields.quoted(text))) }

    mutating func add(_ name: String, _ number: Double) { texts.append((name, "\(number)")) }

    mutating func add(_ name: String, _ value: JSONValue) { values.append((name, value)) }

    mutating func add(isTraining: Bool) {
        add("mode", isTraining ? DropoutMode.train.rawValue : DropoutMode.eval.rawValue)
    }

    /// Adds ONNX's defaults for the probability and the mode, if nothing says them.
    mutating func addDefaults(hasRatio: Bool, hasTrainingMode: Bool) {
        if !hasRatio, !has("rate"), !has("keep_prob") { add("rate", 0.5) }
        if !hasTrainingMode, !has("mode") { add(isTraining: false) }
    }

    /// All fields as the members of a question.
    func members(_ limits: ServiceLimits) throws(Problem) -> [(name: String, value: JSONValue)] {
        try QueryFields.object(texts, limits: limits.json).members + values
    }
}
