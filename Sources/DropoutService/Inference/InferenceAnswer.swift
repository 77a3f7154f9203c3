import DropoutEngine
import TensorFiles
import TensorJSON

/// An answer of the Open Inference Protocol: a JSON text, and the raw elements of outputs after it.
struct InferenceAnswer {
    let head: JSONText
    /// The raw elements, little-endian, in the order of the outputs. Nil if every output is in the text.
    let tail: [UInt8]?

    /// - Parameters:
    ///   - echo: writes the fields of the question, which become the parameters of the answer.
    ///   - type: the type to which the output is rounded.
    ///   - output: computes the output.
    ///   - mask: computes the mask.
    init<Scalar: WireScalar>(
        _ asked: InferenceOutputs, as type: ElementType, echo: (inout JSONWriter) -> Void,
        output: () throws(Problem) -> Tensor<Scalar>, mask: () throws(Problem) -> Mask
    ) throws(Problem) {
        var (writer, tail) = (JSONWriter(), [] as [UInt8])
        writer.beginObject()
        if let prediction = asked.prediction {
            writer.tensorField(prediction, try output(), form: .nested, as: type)
            writer.key("parameters")
            try writer.inferenceParameters(echo)
            writer.endObject()
            (head, self.tail) = (writer.finish(), nil)
            return
        }
        writer.field("model_name", asked.model.name)
        writer.field("model_version", InferenceModel.version)
        if let id = asked.id { writer.field("id", id) }
        writer.key("parameters")
        try writer.inferenceParameters(echo)
        writer.key("outputs")
        writer.beginArray()
        for entry in asked.outputs {
            switch entry.name {
            case .output:
                let tensor = try output()
                writer.beginOutput(entry.name, type.stored, tensor.shape)
                guard entry.isBinary else {
                    writer.key("data")
                    Scalar.writeFlat(tensor.elements, as: type, to: &writer)
                    break
                }
                tail += writer.raw(Scalar.bytes(tensor.elements, as: type.stored))
            case .mask:
                let mask = try mask()
                writer.beginOutput(entry.name, .bool, mask.noise.full)
                guard entry.isBinary else {
                    writer.key("data")
                    writer.nestedBits(mask.kept, shape: [mask.kept.count], asBooleans: true)
                    break
                }
                tail += writer.raw(mask.kept)
            }
            writer.endObject()
        }
        writer.endArray()
        writer.endObject()
        head = writer.finish()
        self.tail = asked.outputs.contains(where: \.isBinary) ? tail : nil
    }
}

extension JSONWriter {
    /// The beginning of an output, up to its elements.
    fileprivate mutating func beginOutput(_ name: InferenceOutput.Name, _ type: StoredType, _ shape: Shape) {
        beginObject()
        field("name", name.rawValue)
        field("datatype", type.inferenceName)
        key("shape")
        self.shape(shape.dimensions)
    }

    /// Says that an output is in the bytes after the text.
    fileprivate mutating func raw(_ bytes: [UInt8]) -> [UInt8] {
        key("parameters")
        beginObject()
        field("binary_data_size", bytes.count)
        endObject()
        return bytes
    }

    /// The fields of an echo as parameters. A list becomes a string with commas, since a parameter is no list.
    fileprivate mutating func inferenceParameters(_ echo: (inout JSONWriter) -> Void) throws(Problem) {
        var writer = JSONWriter()
        writer.beginObject()
        echo(&writer)
        writer.endObject()
        var text = writer.finish()
        beginObject()
        for (name, value) in try JSONObject(echo: text.allBytes()).members {
            switch value {
            case .string(let string): field(name, string)
            case .bool(let bool):
                key(name)
                self.bool(bool)
            case .number(let number):
                key(name)
                if let whole = UInt64(number.text) { integer(whole) } else { self.number(number.double ?? 0) }
            case .numbers(let array) where array.shape.count == 1 && array.literals.count == array.shape[0]:
                field(name, array.literals.map(\.text).joined(separator: ","))
            case .array(let items):
                let texts = items.compactMap { item in
                    switch item {
                    case .string(let string): string
                    case .number(let number): number.text
                    default: nil
                    }
                }
                field(name, texts.joined(separator: ","))
            // A state that is an object cannot be sent as a parameter.
            case .null, .object, .numbers: break
            }
        }
        endObject()
    }
}

extension JSONObject {
    /// The object that the service itself has written.
    fileprivate init(echo text: [UInt8]) throws(Problem) {
        let value = text.withUnsafeBufferPointer { bytes in
            try? JSONDocument.parse(bytes, elementType: .float64, limits: JSONLimits())
        }
        guard case .object(let object)? = value else { throw .fault("the echo of an inference cannot be read") }
        self = object
    }
}
