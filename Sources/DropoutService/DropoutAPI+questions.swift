import Stopping
import TensorJSON
import TextCodecs

/// The questions of a request, by the type of its body.
extension DropoutAPI {
    /// The one question of a body or a query.
    func question(
        _ request: ServiceRequest, _ admission: Admission, _ stop: StopFlag
    ) throws(Problem) -> Question {
        let (types, options) = (admission.types, admission.options)
        let question: Question
        switch (admission.method.place, types.body) {
        case (.query, _):
            question = try Question(QueryFields(options.rest), limits: limits, answerType: types.answer)
        case (.body, .json):
            let text = RequestText(request.body, limits: limits.json, concurrency: concurrency, stop: stop)
            question = try Question(text, limits: limits, answerType: types.answer)
            if !admission.route.ignoresUnknownQuery { try question.refuse(query: options.rest) }
        case (.body, .npy):
            var tensors = AttachedTensors(limits, concurrency: concurrency, stop: stop)
            do {
                try tensors.add(npy: UnsafeRawBufferPointer(request.body), as: "input")
            } catch {
                throw error.problem
            }
            question = try Question(
                QueryFields(options.rest), attachments: tensors, limits: limits, answerType: types.answer)
        case (.body, .form):
            let form = try FormFields(
                request, AttachedTensors(limits, concurrency: concurrency, stop: stop))
            question = try Question(
                QueryFields(options.rest, form: form.texts), attachments: form.tensors, limits: limits,
                answerType: types.answer)
        case (.body, .safetensors):
            let file = try TensorFileFields(
                request.body, limits.json, AttachedTensors(limits, concurrency: concurrency, stop: stop))
            question = try Question(file, QueryFields(options.rest), limits: limits, answerType: types.answer)
        case (.body, .lines): throw .fault("the lines of a body are one question")
        case (.body, .octets): throw .fault("\(request.path) takes raw elements and does not read them")
        }
        if let wrong = options.wrong, !admission.route.ignoresUnknownQuery {
            question.note(wrong.pointer, wrong.detail)
        }
        return question
    }

    /// The questions of a body of lines.
    func lines(
        _ request: ServiceRequest, _ admission: Admission,
        _ plan: @escaping @Sendable (Question, [String: String]) throws(Problem) -> any Plan, _ stop: StopFlag
    ) throws(Problem) -> LinesPlan {
        let query = Question(JSONObject(members: []), text: nil, attachments: nil, limits: limits)
        try query.refuse(query: admission.options.rest)
        if let wrong = admission.options.wrong { query.note(wrong.pointer, wrong.detail) }
        try query.throwIfWrong()
        return try LinesPlan(
            request.body, path: request.path, limits: limits, concurrency: concurrency, stop: stop
        ) { [limits, concurrency] bytes, stop throws(Problem) in
            let text = RequestText(bytes, limits: limits.json, concurrency: concurrency, stop: stop)
            let question = try Question(text, limits: limits)
            SamplesFormat.refuseLines(question)
            return try plan(question, admission.parameters)
        }
    }
}
