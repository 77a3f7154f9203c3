import TensorJSON

/// A request of KServe's protocol, version 1, and of TensorFlow Serving: the question of `/forward` that it makes.
///
///     {"instances": [[1, 2], [3, 4]]}                                               rows
///     {"instances": [{"data": [1, 2]}, {"data": [3, 4]}]}                           rows with the name of their tensor
///     {"inputs": [[1, 2], [3, 4]]}                                                  the whole tensor
///     {"inputs": {"data": [[1, 2], [3, 4]], "ratio": 0.2, "training_mode": true}}   tensors by their names
///
/// `parameters` is that of version 2. Other members are ignored, such as TensorFlow Serving's `signature_name`.
struct PredictionRequest {
    let question: Question
    let places: InferencePlaces
    let urgency: Urgency

    /// - Throws: a 400 for text that is not JSON, a 422 with every wrong member.
    init(_ request: RouteRequest, _ model: InferenceModel) throws(Problem) {
        let text = RequestText(
            request.body, limits: request.limits.json, concurrency: request.concurrency, stop: request.stop)
        let asked = try Question(text, limits: request.limits)
        var parameters = InferenceParameters(asked, model)
        urgency = parameters.urgency()
        let isByRow = asked.has("instances")
        if isByRow == asked.has("inputs") { asked.wrong("give `instances` or `inputs`, one of the two") }
        let member = isByRow ? "instances" : "inputs"
        var (input, place) = (asked.fields[member], asked.pointer(to: member))
        var (ratio, trainingMode): (String?, String?)
        if isByRow, case .number(let number)? = input {
            asked.wrong(member, "a list of rows expected, \(number.text.excerpt(40)) found")
        }
        if case .object(let object)? = input {
            let inputs = asked.part(object, named: member)
            inputs.refuseUnknown(besides: InferenceInput.Name.allCases.map(\.rawValue))
            ratio = Self.addRatio(inputs, &parameters)
            trainingMode = Self.addTrainingMode(inputs, &parameters)
            if !inputs.has("data") { inputs.wrong("the input `data` is required") }
            (input, place) = (object["data"], inputs.pointer(to: "data"))
        }
        let instances = isByRow ? InstanceList(asked, member) : nil
        if let instances {
            ratio = instances.has("ratio") ? Self.addRatio(instances.first, &parameters) : nil
            trainingMode = instances.has("training_mode") ? Self.addTrainingMode(instances.first, &parameters) : nil
            input = .array(instances.data)
        }
        parameters.addDefaults(hasRatio: ratio != nil, hasTrainingMode: trainingMode != nil)
        try asked.throwIfWrong()
        parameters.add("input", input ?? .null)
        places = InferencePlaces(
            tensor: place, instance: instances == nil ? nil : InferenceInput.Name.data.rawValue, shape: place,
            ratio: ratio, trainingMode: trainingMode)
        question = Question(
            JSONObject(members: try parameters.members(request.limits)), text: text, attachments: nil,
            outputs: InferenceOutputs(
                model, prediction: isByRow ? "predictions" : "outputs", isOfInstances: instances != nil),
            limits: request.limits)
    }

    /// The place of `ratio`, a number or a list of one. Nil if it is not there.
    private static func addRatio(_ inputs: Question, _ parameters: inout InferenceParameters) -> String? {
        guard let value = inputs.fields["ratio"] else { return nil }
        parameters.refuse("rate", besides: .ratio)
        if case .numbers(let array) = value, array.shape == [1], let number = array.literals.first {
            parameters.add("rate", .number(number))
        } else {
            parameters.add("rate", value)
        }
        return inputs.pointer(to: "ratio")
    }

    /// The place of `training_mode`. Nil if it is not there.
    private static func addTrainingMode(_ inputs: Question, _ parameters: inout InferenceParameters) -> String? {
        guard inputs.has("training_mode") else { return nil }
        parameters.refuse("mode", besides: .trainingMode)
        if let flag = inputs.bool("training_mode") { parameters.add(isTraining: flag) }
        return inputs.pointer(to: "training_mode")
    }
}
