import DropoutEngine
import TensorJSON

/// The fields of a verification that take more than a line.
extension VerifyPlan {
    /// The variant with its fields. One of weights is refused.
    static func variant(_ question: Question, _ presentation: Presentation) throws(Problem) -> VariantFields {
        let variant = try VariantFields(question, Scalar.self, as: presentation.type)
        if presentation.scheme == .classic, !variant.record.knowsClassic {
            question.wrong("scheme", "\(variant.name) has no classic scheme")
        }
        if variant.record.dropsWeights {
            question.wrong(
                "variant",
                "\(variant.name) drops weights, which an output does not show; ask /forward with `layers` for the right "
                    + "output, and compare")
        }
        return variant
    }

    /// The variant on the tensor; nil, with an entry, if it does not fit.
    static func layer(
        _ question: Question, _ drop: DropFields?, _ shape: Shape, _ place: ShardFields?, _ presentation: Presentation
    ) -> LayerDraw? {
        guard let drop, !drop.variant.record.dropsWeights else { return nil }
        return LayerDraw(
            question, drop, given: nil, shape: shape, layout: presentation.layout, place: place,
            half: presentation.type.half)
    }

    /// The mask of all elements; nil with an entry if it does not fit.
    static func mask(
        _ given: GivenMask, _ shape: Shape, _ question: Question
    ) throws(Problem) -> Mask? {
        if let misfit = given.misfit(full: shape, drawn: shape) {
            question.wrong("mask", misfit)
            return nil
        }
        do {
            let (bits, ownShape) = try given.bits(full: shape, drawn: shape, stop: question.stop)
            return try Mask(given: bits, shape: ownShape, noise: NoiseShape(elementwise: shape), stop: question.stop)
        } catch {
            switch error {
            case .stopped, .impossible: throw Problem(error, at: question.pointer(to: "mask"))
            default:
                question.wrong("mask", error.explanation)
                return nil
            }
        }
    }

    /// The derivatives by the output and those by the input; nil, with an entry, if only one is there or does not fit.
    static func gradients(
        _ question: Question, _ presentation: Presentation, _ shape: Shape
    ) throws(Problem) -> (upstream: Tensor<Scalar>, gradient: Tensor<Scalar>)? {
        let names = [upstreamField, gradientField]
        var tensors: [Tensor<Scalar>] = []
        for name in names {
            guard let tensor = try question.tensor(name, of: Scalar.self, as: presentation.type)?.tensor else {
                continue
            }
            if tensor.shape.dimensions != shape.dimensions {
                question.wrong(
                    name, "the shape is \(tensor.shape.dimensions); the input's \(shape.dimensions) expected")
            }
            tensors.append(tensor)
        }
        guard names.contains(where: { question.has($0) }) else { return nil }
        for (name, other) in zip(names, names.reversed()) where question.has(name) && !question.has(other) {
            question.wrong(name, "`\(name)` needs `\(other)`")
        }
        if question.has("outputs") {
            question.wrong(gradientField, "a gradient belongs to one output; give `output`, not `outputs`")
        }
        if presentation.mode == .eval {
            question.wrong(gradientField, "a gradient is judged in training; leave `mode` out")
        }
        return tensors.count == 2 ? (tensors[0], tensors[1]) : nil
    }

    /// One output, or the list of several.
    static func outputs(_ question: Question, _ type: ElementType) throws(Problem) -> [Tensor<Scalar>] {
        if let output = try question.tensor("output", of: Scalar.self, as: type)?.tensor { return [output] }
        guard question.has("outputs") else { return [] }
        if case .array(let items)? = question.fields["outputs"] {
            // Tensors in the flat or the base64 form.
            var outputs: [Tensor<Scalar>] = []
            for (index, item) in items.prefix(64).enumerated() {
                let one = question.part(item, index, of: "outputs")
                if let tensor = try one.tensor("\(index)", of: Scalar.self, as: type)?.tensor {
                    outputs.append(tensor)
                }
            }
            if items.count > 64 { question.wrong("outputs", "at most 64 outputs expected, \(items.count) found") }
            return outputs
        }
        guard let all = try question.tensor("outputs", of: Scalar.self, as: type)?.tensor else { return [] }
        guard let count = all.shape.dimensions.first, (1...64).contains(count) else {
            question.wrong("outputs", "a list of 1 to 64 outputs expected, \(question.shortText("outputs")) found")
            return []
        }
        let size = all.elements.count / count
        return (0..<count).compactMap { index in
            guard let shape = try? Shape(Array(all.shape.dimensions.dropFirst())) else { return nil }
            return try? Tensor(Array(all.elements[index * size..<(index + 1) * size]), shape: shape)
        }
    }
}
