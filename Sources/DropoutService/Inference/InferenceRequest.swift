import TensorFiles
import TensorJSON

/// A request of the Open Inference Protocol: the question of `/forward` that its inputs and parameters make.
struct InferenceRequest {
    let question: Question
    let places: InferencePlaces
    let urgency: Urgency

    /// - Throws: a 400 for a body that cannot be read, a 422 with every wrong member.
    init(_ request: RouteRequest, _ model: InferenceModel) throws(Problem) {
        let head = try InferenceHead(request)
        let asked = try head.question(request.limits)
        let inputs = Self.inputs(asked, head)
        let parameters = InferenceParameters(asked, model)
        let outputs = InferenceOutputs(model, id: asked.string("id"), asked, isBinary: parameters.isOutputBinary)
        urgency = parameters.urgency()
        let made = try InferenceFields(inputs, parameters, request.body)
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
}
