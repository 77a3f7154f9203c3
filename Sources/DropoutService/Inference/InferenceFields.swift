import DropoutEngine
import TensorFiles
import TensorJSON

/// The fields of `/forward` that the inputs and the parameters of an inference request make.
struct InferenceFields {
    /// The input `data`. Nil, with an entry, if it is not there or wrong.
    let data: InferenceInput?
    private let input: InputForm
    private let ratio: InferenceInput?
    private let trainingMode: InferenceInput?
    private var parameters: InferenceParameters

    /// The form of `input` in the question.
    private enum InputForm {
        case flat(JSONValue)
        case nested(JSONValue)
        case attached(StoredTensor)
    }

    /// Notes every input that does not fit, and what is given twice.
    init(
        _ inputs: [InferenceInput], _ parameters: InferenceParameters, _ body: UnsafeBufferPointer<UInt8>
    ) throws(Problem) {
        data = inputs.first { $0.name == .data }
        ratio = inputs.first { $0.name == .ratio }
        trainingMode = inputs.first { $0.name == .trainingMode }
        input = try data.map { data throws(Problem) in try Self.form(data) } ?? .flat(.null)
        self.parameters = parameters
        try addRate(body)
        try addMode(body)
        self.parameters.addDefaults(hasRatio: ratio != nil, hasTrainingMode: trainingMode != nil)
        if let data, !parameters.has("dtype") { self.parameters.add("dtype", Self.computingType(data).rawValue) }
    }

    /// The type to compute in without `dtype`: that of the tensor, float64 for integers and booleans.
    private static func computingType(_ data: InferenceInput) -> ElementType {
        switch data.type {
        case .float32: .float32
        case .float16: .float16
        case .bfloat16: .bfloat16
        case .float64, .bool, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64: .float64
        }
    }

    private mutating func addRate(_ body: UnsafeBufferPointer<UInt8>) throws(Problem) {
        guard let ratio else { return }
        guard ratio.type == .float32 || ratio.type == .float64 else {
            ratio.entry.wrong("datatype", "`ratio` is FP32 or FP64, not \(ratio.type.inferenceName)")
            return
        }
        parameters.refuse("rate", besides: .ratio)
        guard let rate = try ratio.scalar(in: body) else { return }
        guard rate.isFinite else {
            ratio.entry.wrong("a probability from 0 to 1 expected, \(rate) found")
            return
        }
        parameters.add("rate", rate)
    }

    private mutating func addMode(_ body: UnsafeBufferPointer<UInt8>) throws(Problem) {
        guard let trainingMode else { return }
        guard trainingMode.type == .bool else {
            trainingMode.entry.wrong("datatype", "`training_mode` is BOOL, not \(trainingMode.type.inferenceName)")
            return
        }
        parameters.refuse("mode", besides: .trainingMode)
        guard let flag = try trainingMode.scalar(in: body) else { return }
        parameters.add(isTraining: flag != 0)
    }

    /// - Throws: ``Problem/stopped`` if nobody wants the plan any more.
    private static func form(_ data: InferenceInput) throws(Problem) -> InputForm {
        switch data.elements {
        case .bytes(let stored): return .attached(stored)
        case .text(let value):
            try InferenceElements(data).check(value)
            guard case .numbers(let array) = value, array.problem == nil, array.shape.count > 1 else {
                return .flat(value)
            }
            if array.shape != data.shape {
                data.entry.wrong("data", "the shape of the list is \(array.shape); `shape` says \(data.shape)")
            }
            return .nested(value)
        }
    }

    func places(_ data: InferenceInput) -> InferencePlaces {
        let entry = data.entry.pointer
        var tensor = entry
        if case .nested = input { tensor += "/data" }
        return InferencePlaces(
            tensor: tensor, shape: "\(entry)/shape", ratio: ratio?.entry.pointer,
            trainingMode: trainingMode?.entry.pointer)
    }

    /// - Throws: a 422 for parameters over a limit.
    func question(
        _ data: InferenceInput, _ text: RequestText, _ outputs: InferenceOutputs, _ request: RouteRequest
    ) throws(Problem) -> Question {
        var members = try parameters.members(request.limits)
        var attachments: AttachedTensors?
        switch input {
        case .flat(let value):
            let shape = data.entry.fields["shape"] ?? .null
            members.append(("input", .object(JSONObject(members: [("shape", shape), ("data", value)]))))
        case .nested(let value): members.append(("input", value))
        case .attached(let stored):
            var tensors = AttachedTensors(request.limits, concurrency: request.concurrency, stop: request.stop)
            tensors.add(stored, in: UnsafeRawBufferPointer(request.body), as: "input")
            attachments = tensors
        }
        return Question(
            JSONObject(members: members), text: text, attachments: attachments, outputs: outputs, limits: request.limits
        )
    }
}
