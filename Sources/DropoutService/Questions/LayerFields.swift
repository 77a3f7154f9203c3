import DropoutEngine
import TensorJSON

/// The form in which a bias came. It is answered in the same form.
enum BiasForm {
    case absent, number, vector, column
}

/// One entry of `layers`, read and checked by itself.
struct LayerFields<Scalar: WireScalar> {
    let layer: DenseLayer<Scalar>
    let biasForm: BiasForm
    let form: TensorForm
    /// Nil for a layer without dropout.
    let drop: DropFields?
    let given: GivenRandomness?

    static var known: [String] {
        ["weights", "bias", "activation", "mask", "uniforms"] + DropFields.fields + VariantFields.fields
            + Randomness.layerFields
    }

    /// Nil, with entries, for a layer that is wrong.
    init?(_ question: Question, _ maskFormat: MaskFormat) throws(Problem) {
        question.refuseUnknown(besides: Self.known)
        let activation = question.choice("activation", Activation.self) ?? .identity
        let fields = DropFields.fields + VariantFields.fields + ["mask", "uniforms"]
        let hasDropout = fields.contains { question.isGiven($0) }
        drop =
            hasDropout
            ? DropFields(
                question, variant: try VariantFields(question, Scalar.self, as: Scalar.elementType), isRequired: true)
            : nil
        given = try question.givenRandomness(maskFormat)
        question.require("weights")
        let bias = try question.tensor("bias", of: Scalar.self)?.tensor
        guard let weights = try question.tensor("weights", of: Scalar.self) else { return nil }
        form = weights.form
        guard weights.tensor.shape.rank == 2 else {
            question.wrong("weights", DropoutError.weightsNotMatrix(rank: weights.tensor.shape.rank).explanation)
            return nil
        }
        // Without this check a few bytes could name more units than memory holds.
        guard weights.tensor.shape.count > 0 else {
            question.wrong(
                "weights", "at least one unit and one input expected, shape \(weights.tensor.shape.dimensions) found")
            return nil
        }
        let units = weights.tensor.shape.dimensions[0]
        let elements: [Scalar]
        switch bias.map({ ($0.shape.dimensions, $0.elements) }) {
        case nil: (elements, biasForm) = ([Scalar](repeating: 0, count: units), .absent)
        case ([], let number)?:
            (elements, biasForm) = (number.flatMap { [Scalar](repeating: $0, count: units) }, .number)
        case ([units], let vector)?: (elements, biasForm) = (vector, .vector)
        case ([units, 1], let column)?: (elements, biasForm) = (column, .column)
        case (let shape, _)?:
            question.wrong("bias", "a number, \(units) numbers or a column of \(units) expected, shape \(shape) found")
            return nil
        }
        do {
            layer = try DenseLayer(weights: weights.tensor, bias: elements, activation: activation)
        } catch {
            question.wrong("bias", error.explanation)
            return nil
        }
        if hasDropout, drop == nil { return nil }
    }

    /// The entry of `layers` in an answer, with other numbers.
    ///
    /// - Parameter own: the layer's own randomness, moved past the steps. The fields are written that the request gave, and
    ///   of a stream of its own the one that moves.
    func write(
        _ layer: DenseLayer<Scalar>, own: MovedRandomness?, form: TensorForm?, to writer: inout JSONWriter
    ) {
        let form = form ?? self.form
        writer.beginObject()
        writer.tensorField("weights", layer.weights, form: form)
        writer.key("bias")
        writeBias(layer.bias, form: form, to: &writer)
        writer.field("activation", layer.activation.rawValue)
        if let drop {
            writer.probability(drop.probability)
            drop.variant.write(to: &writer)
            if let noise = drop.noiseDimensions {
                writer.key("noise_shape")
                writer.shape(noise)
            } else if !drop.variant.record.granularities.isEmpty {
                writer.field("granularity", drop.granularity.rawValue)
            }
            if let previous = drop.variant.previous {
                writer.key("previous")
                writer.tensorValue(previous.elements.map { Scalar($0) }, previous.shape.dimensions, form: form)
            }
        }
        own?.write(to: &writer)
        writer.endObject()
    }

    /// A bias in the form it came in. A single number becomes a vector: after a step its units differ.
    func writeBias(_ bias: [Scalar], form: TensorForm, to writer: inout JSONWriter) {
        writer.tensorValue(bias, biasForm == .column ? [bias.count, 1] : [bias.count], form: form)
    }
}
