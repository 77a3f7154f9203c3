import DropoutEngine
import TensorFiles
import TensorJSON
import TextCodecs

/// One tensor of an inference answer, in the JSON text or in the bytes after it.
struct InferenceOutput: Sendable {
    /// The outputs of the models, by ONNX's names.
    enum Name: String, CaseIterable, Sendable {
        case output, mask
    }

    let name: Name
    let isBinary: Bool
}

/// What an inference answer holds besides what is computed.
struct InferenceOutputs: Sendable {
    let model: InferenceModel
    /// The `id` of the request, which is echoed.
    let id: String?
    let outputs: [InferenceOutput]
    /// The member of version 1 that has the output. Nil for version 2.
    let prediction: String?
    /// Whether `input` is a list of the tensors of single instances.
    let isOfInstances: Bool

    /// The output alone, as a nested list.
    init(_ model: InferenceModel, prediction: String, isOfInstances: Bool) {
        (self.model, id, self.prediction, self.isOfInstances) = (model, nil, prediction, isOfInstances)
        outputs = [InferenceOutput(name: .output, isBinary: false)]
    }

    /// The member `outputs` of a request, and `binary_data_output` of its parameters. Without `outputs` these are all that the
    /// model has.
    init(_ model: InferenceModel, id: String?, _ head: Question, isBinary: Bool) {
        (self.model, self.id, prediction, isOfInstances) = (model, id, nil, false)
        guard let entries = head.has("outputs") ? head.objects("outputs") : [], !entries.isEmpty else {
            outputs = model.outputs.map { InferenceOutput(name: $0, isBinary: isBinary) }
            return
        }
        var outputs: [InferenceOutput] = []
        for entry in entries {
            if !entry.has("name") { entry.wrong("an output needs its `name`") }
            guard let name = entry.choice("name", InferenceOutput.Name.self) else { continue }
            if !model.outputs.contains(name) { entry.wrong("name", "\(model.name) has no \(name.rawValue)") }
            if outputs.contains(where: { $0.name == name }) {
                entry.wrong("name", "`\(name.rawValue)` is there twice; ask for it once")
            }
            outputs.append(InferenceOutput(name: name, isBinary: Self.isBinary(entry) ?? isBinary))
        }
        self.outputs = outputs
    }

    /// The `binary_data` of an output.
    private static func isBinary(_ entry: Question) -> Bool? {
        guard case .object(let object)? = entry.fields["parameters"] else { return nil }
        let parameters = entry.part(object, named: "parameters")
        for name in ["classification", "shared_memory_region"] where parameters.has(name) {
            parameters.wrong(name, "outputs are answered as tensors in the body; leave `\(name)` out")
        }
        return parameters.bool("binary_data")
    }

    /// The price to print the outputs of a tensor.
    func price(_ shape: Shape, as type: ElementType) -> Price {
        // The names, the shapes and the parameters.
        var price = Price(printedBytes: 2048)
        for output in outputs {
            switch (output.name, output.isBinary) {
            case (.output, false):
                price = price + PrintingPrice.tensor(shape, form: prediction == nil ? .flat : .nested, as: type)
            case (.output, true): price = price + Self.raw(shape.count, type.byteCount)
            case (.mask, false): price = price + PrintingPrice.mask(shape, format: .booleans, form: .flat)
            case (.mask, true): price = price + Self.raw(shape.count, 1)
            }
        }
        return price
    }

    /// Raw elements are held twice: alone, and in the answer.
    private static func raw(_ count: Int, _ elementBytes: Int) -> Price {
        let bytes = count.times(elementBytes)
        return Price(nanoseconds: KernelPrice.convert(count), heldBytes: bytes.times(2), printedBytes: bytes)
    }
}

extension InferenceOutput.Name {
    /// The type that the metadata names. The output has that of the computation.
    var usualType: StoredType { self == .mask ? .bool : .float32 }
}
