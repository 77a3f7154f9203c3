import DropoutEngine
import TensorJSON

/// `POST /mask` and `GET /mask`: a mask alone, with its probability and its fingerprint.
enum MaskRoute {
    static let fields =
        ["shape"] + DropFields.fields + Randomness.fields + ["layout", "mask_format", "tensor_format"]

    /// The fields that a query reads as lists.
    static let lists: Set<String> = ["shape", "noise_shape", "fold_in", "key_data", "path"]

    /// What is asked: checked values only.
    struct Question {
        let noise: NoiseShape
        let drop: DropFields
        let randomness: Randomness
        let format: MaskFormat
        let form: TensorForm

        /// - Throws: a 422 with every wrong field.
        init(_ reader: FieldReader, limits: ServiceLimits) throws(Problem) {
            reader.refuseUnknown(besides: MaskRoute.fields)
            randomness = Randomness(reader, limits: limits)
            format = reader.choice("mask_format", MaskFormat.self) ?? .numbers
            form = reader.choice("tensor_format", TensorForm.self) ?? .nested
            let layout = reader.choice("layout", Layout.self) ?? .columns
            let drop = DropFields(reader, variant: .plain, isRequired: true)
            let shape = Self.shape(reader, limits: limits)
            let noise = shape.flatMap { drop?.noise(for: $0, layout: layout) }
            try reader.problems.throwIfAny()
            guard let drop, let noise else {
                throw Problem(unanswerable: [.init(pointer: "", detail: "the question is incomplete")])
            }
            (self.drop, self.noise) = (drop, noise)
            reader.elements.add(noise.full.count)
        }

        private static func shape(_ reader: FieldReader, limits: ServiceLimits) -> Shape? {
            guard reader.has("shape") else {
                reader.problems.add("", "shape is required")
                return nil
            }
            guard let dimensions = reader.naturals("shape") else { return nil }
            guard let shape = try? Shape(dimensions), shape.count <= limits.maximumElements else {
                reader.wrong("shape", "more than \(limits.maximumElements) elements")
                return nil
            }
            return shape
        }
    }

    static func answer(_ question: Question) throws(Problem) -> JSONText {
        let mask: Mask
        do {
            let draw = DrawSchedule.Draw(question.noise, probability: question.drop.probability)
            mask = try question.randomness.mask(
                question.noise, pass: 0, draw: 0, schedule: DrawSchedule(draws: [draw], isNetwork: false))
        } catch {
            throw Problem(unanswerable: [.init(pointer: "/offset", detail: error.explanation)])
        }
        let probability = question.drop.probability
        let size = question.noise.full.count
        let packed = try Problem.catching { () throws(DropoutError) in try mask.packed() }
        var writer = JSONWriter()
        writer.beginObject()
        if question.format == .packed {
            writer.key("mask")
            writer.base64(packed)
        } else {
            try writer.mask(mask, format: question.format, form: question.form)
        }
        writer.key("shape")
        writer.shape(question.noise.full.dimensions)
        writer.field("size", size)
        writer.field("kept", mask.keptCount)
        writer.field("kept_fraction", size == 0 ? nil : Double(mask.keptCount) / Double(size))
        writer.probability(probability)
        writer.field("scale", probability.keep == 0 ? nil : 1 / probability.keep)
        writer.randomness(question.randomness)
        writer.granularity(question.drop, question.noise)
        writer.field("log_probability", mask.logProbability(probability))
        if let fingerprint = Fingerprint.sha256(packed) { writer.field("fingerprint", fingerprint) }
        writer.endObject()
        return writer.finish()
    }
}
