import TensorFiles
import TensorJSON

/// A request of the Open Inference Protocol: the question of `/forward` that its inputs and parameters make.
struct InferenceRequest {
    let question: Question
    let places: InferencePlaces

    /// The fields of `/forward` that are parameters.
    static let fields =
        DropFields.fields + VariantFields.fields.filter { $0 != "variant" && $0 != "previous" } + Randomness.fields
        + Presentation.fields.filter { $0 != "mask_format" && $0 != "tensor_format" } + [Echo.note]

    /// The parameters of the protocol and of its servers.
    private static let protocolParameters = [
        "binary_data_output", "timeout", "priority", "sequence_id", "sequence_start", "sequence_end",
    ]

    /// - Throws: a 400 for a body that cannot be read, a 422 with every wrong member.
    init(_ request: RouteRequest, _ model: InferenceModel) throws(Problem) {
        let head = try InferenceHead(request)
        let asked = try head.question(request.limits)
        let inputs = Self.inputs(asked, head)
        let parameters = Self.parameters(asked)
        parameters.refuseUnknown(besides: Self.fields + Self.protocolParameters)
        let outputs = InferenceOutputs(
            model, id: asked.string("id"), asked, isBinary: parameters.bool("binary_data_output") ?? false)
        let made = try InferenceFields(inputs, parameters, model, request.body)
        try asked.throwIfWrong()
        guard let data = made.data else { throw .fault("an inference request has no error and no input") }
        places = made.places(data)
        do {
            question = try made.question(data, head.text, outputs, request)
        } catch {
            throw places.problem(error)
        }
    }

    private static func inputs(_ asked: Question, _ head: InferenceHead) -> [InferenceInput] {
        if !asked.has("inputs") { asked.wrong("`inputs` is required, a list of tensors") }
        var (inputs, tail, isWhole) = ([] as [InferenceInput], head.tail, true)
        guard let entries = asked.objects("inputs") else { return [] }
        for entry in entries {
            guard let input = InferenceInput(entry, tail: &tail) else {
                isWhole = false
                continue
            }
            if inputs.contains(where: { $0.name == input.name }) {
                entry.wrong("name", "the input `\(input.name.rawValue)` is there twice")
            }
            inputs.append(input)
        }
        if isWhole, !tail.isEmpty {
            asked.wrong("\(tail.count) bytes after the JSON belong to no input; `binary_data_size` says which do")
        }
        if isWhole, !inputs.contains(where: { $0.name == .data }) {
            asked.wrong("inputs", "the input `data` is required")
        }
        return inputs
    }

    private static func parameters(_ asked: Question) -> Question {
        switch asked.fields["parameters"] {
        case .object(let object)?: return asked.part(object, named: "parameters")
        case let value?: asked.wrong("parameters", "an object expected, \(value.shortText) found")
        case nil: break
        }
        return asked.part(.empty, named: "parameters")
    }
}
