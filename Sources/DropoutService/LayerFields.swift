import DropoutEngine
import TensorJSON

/// How a bias came, so that it leaves the same way.
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
    let reader: FieldReader

    private static var known: [String] {
        ["weights", "bias", "activation", "mask", "uniforms"] + DropFields.fields + VariantFields.fields
            + Randomness.layerFields
    }

    /// Nil, with entries, for a layer that is wrong.
    init?(_ reader: FieldReader, text: RequestText) throws(Problem) {
        self.reader = reader
        reader.refuseUnknown(besides: Self.known)
        let activation = reader.choice("activation", Activation.self) ?? .identity
        let fields = DropFields.fields + VariantFields.fields + ["mask", "uniforms"]
        let hasDropout = fields.contains { reader.isGiven($0) }
        drop =
            hasDropout
            ? DropFields(reader, variant: try VariantFields(reader, Scalar.self, text: text), isRequired: true) : nil
        given = try reader.givenRandomness(text: text)
        if !reader.has("weights") { reader.problems.add(reader.pointer, "weights are required") }
        let bias = try reader.tensor("bias", of: Scalar.self, text: text)?.tensor
        guard let weights = try reader.tensor("weights", of: Scalar.self, text: text) else { return nil }
        form = weights.form
        guard weights.tensor.shape.rank == 2 else {
            reader.wrong("weights", DropoutError.weightsNotMatrix(rank: weights.tensor.shape.rank).explanation)
            return nil
        }
        // Else a few bytes could name more units than memory holds.
        guard weights.tensor.shape.count > 0 else {
            reader.wrong(
                "weights", "at least one unit and one input expected, shape \(weights.tensor.shape.dimensions) found")
            return nil
        }
        let units = weights.tensor.shape.dimensions[0]
        let elements: [Scalar]
        switch bias?.shape.dimensions {
        case nil: (elements, biasForm) = ([Scalar](repeating: 0, count: units), .absent)
        case []: (elements, biasForm) = ([Scalar](repeating: bias?.elements.first ?? 0, count: units), .number)
        case [units]: (elements, biasForm) = (bias?.elements ?? [], .vector)
        case [units, 1]: (elements, biasForm) = (bias?.elements ?? [], .column)
        case let shape?:
            reader.wrong("bias", "a number, \(units) numbers or a column of \(units) expected, shape \(shape) found")
            return nil
        }
        do {
            layer = try DenseLayer(weights: weights.tensor, bias: elements, activation: activation)
        } catch {
            reader.wrong("bias", error.explanation)
            return nil
        }
        if hasDropout, drop == nil { return nil }
    }

    /// The entry of `layers` in an answer, with other numbers.
    ///
    /// - Parameter own: the layer's own randomness, of which the fields are written that the request gave.
    func write(
        _ layer: DenseLayer<Scalar>, own: Randomness?, form: TensorForm?, to writer: inout JSONWriter
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
            } else if !drop.variant.granularities.isEmpty {
                writer.field("granularity", drop.granularity.rawValue)
            }
            if let previous = drop.variant.previous {
                writer.key("previous")
                writer.tensorValue(previous.elements.map { Scalar($0) }, previous.shape.dimensions, form: form)
            }
        }
        if let own {
            if reader.has("seed") || reader.has(GeneratorParameter.keyData.rawValue) { own.seed.write(to: &writer) }
            own.parameters.write(own.generator.profile.parameters.filter { reader.has($0.rawValue) }, to: &writer)
        }
        writer.endObject()
    }

    /// A bias in the form it came in. A single number becomes a vector: after a step its units differ.
    func writeBias(_ bias: [Scalar], form: TensorForm, to writer: inout JSONWriter) {
        writer.tensorValue(bias, biasForm == .column ? [bias.count, 1] : [bias.count], form: form)
    }
}

/// All of `layers` with `input`, their shapes fitting, and the dropout of each layer.
struct NetworkFields<Scalar: WireScalar> {
    let layers: [LayerFields<Scalar>]
    let dense: [DenseLayer<Scalar>]
    let masks: [LayerDraw?]
    let input: Tensor<Scalar>
    let form: TensorForm
    /// The multiplications and elements of one forward pass.
    let operations: Int

    /// Nil, with entries, where something is wrong.
    init?(
        _ reader: FieldReader, _ presentation: Presentation, _ randomness: Randomness, text: RequestText
    ) throws(Problem) {
        let input = try reader.tensor("input", of: Scalar.self, text: text)
        if !reader.has("input") { reader.problems.add(reader.pointer, "input is required") }
        if !reader.has("layers") { reader.problems.add(reader.pointer, "layers is required") }
        guard let readers = reader.objects("layers") else { return nil }
        if readers.isEmpty { reader.wrong("layers", "at least one layer expected") }
        var layers: [LayerFields<Scalar>] = []
        for entry in readers {
            if let layer = try LayerFields<Scalar>(entry, text: text) { layers.append(layer) }
        }
        guard layers.count == readers.count, let input, !readers.isEmpty else { return nil }
        let dense = layers.map(\.layer)
        let shapes: [Shape]
        do {
            shapes = try Network.shapes(dense, input: input.tensor.shape, layout: presentation.layout)
        } catch {
            switch error {
            case .layerInputMismatch(let layer, _, _):
                readers[layer].wrong("weights", error.explanation)
            default: reader.wrong("input", error.explanation)
            }
            return nil
        }
        let activations = shapes.reduce(0) { $0.addingReportingOverflow($1.count).overflow ? .max : $0 + $1.count }
        guard activations <= text.limits.maximumElements else {
            reader.wrong("layers", "more than \(text.limits.maximumElements) activations")
            return nil
        }
        var masks: [LayerDraw?] = []
        var operations = 0
        for (index, layer) in layers.enumerated() {
            let (products, overflow) = shapes[index].count.multipliedReportingOverflow(by: layer.layer.inputUnits + 1)
            operations =
                overflow ? .max : operations.addingReportingOverflow(products).overflow ? .max : operations + products
            guard let drop = layer.drop else {
                masks.append(nil)
                continue
            }
            if presentation.scheme == .classic, !drop.variant.knowsClassic {
                layer.reader.wrong("variant", "\(drop.variant.variant.rawValue) has no classic scheme")
            }
            let mask = LayerDraw(
                drop, given: layer.given, shape: shapes[index], layout: presentation.layout, layer: index,
                weights: layer.layer.weights.shape, own: Randomness(layer: layer.reader, of: randomness),
                reader: layer.reader)
            mask?.check(randomness)
            if let units = mask?.noise.drawn.count, units > text.limits.maximumElements {
                layer.reader.wrong("variant", "more than \(text.limits.maximumElements) draws")
            }
            masks.append(mask)
        }
        (self.layers, self.dense, self.masks) = (layers, dense, LayerDraw.scheduled(masks))
        (self.input, self.form, self.operations) = (input.tensor, presentation.form ?? input.form, operations)
    }

    /// Whether any mask is drawn rather than given.
    var isDrawn: Bool { masks.contains { $0.map { $0.given == nil } ?? false } }

    /// What the layers draw in each pass from the network's own randomness.
    var schedule: DrawSchedule {
        masks.compactMap { $0 }.first { $0.own == nil && $0.given == nil }?.schedule
            ?? DrawSchedule(draws: [], isNetwork: true)
    }

    /// The dropout of every layer in pass `pass`.
    func dropout(_ randomness: Randomness, pass: Int = 0) throws(Problem) -> [LayerDropout?] {
        var dropout: [LayerDropout?] = []
        for mask in masks {
            guard let mask else {
                dropout.append(nil)
                continue
            }
            dropout.append(try mask.dropout(randomness, pass: pass))
        }
        return dropout
    }

    /// Notes a question of `passes` passes that would take more than the limit.
    func limit(
        _ passes: Int, _ limits: ServiceLimits, _ randomness: Randomness, _ reader: FieldReader, field: String
    ) {
        let units = masks.compactMap { $0?.given == nil ? $0?.noise.drawn.count : nil }.reduce(0) { $0 &+ $1 }
        let entry = randomness.entrySteps(passes: passes, unitsPerPass: units)
        let (product, overflow) = operations.multipliedReportingOverflow(by: passes)
        let (total, sumOverflow) = product.addingReportingOverflow(entry)
        if overflow || sumOverflow || total > limits.maximumOperations {
            reader.wrong(
                field, "\(passes) passes of \(operations) multiplications are more than \(limits.maximumOperations)")
        }
    }
}
