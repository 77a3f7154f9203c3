import DropoutEngine
import TensorJSON

/// `POST /train-step`: forward and backward with one mask, and the updated layers. All state travels.
enum TrainStepRoute {
    static let fields =
        ["layers", "input", "target", "loss", "steps", "loss_samples", "include"] + OptimizerFields.fields
        + Randomness.fields + Presentation.fields.filter { $0 != "mode" }

    /// - Throws: a 422 with every wrong field.
    static func answer(
        _ reader: FieldReader, text: RequestText, limits: ServiceLimits
    ) throws(Problem) -> JSONText {
        let presentation = Presentation(reader)
        switch presentation.type {
        case .float64:
            return try TrainStepQuestion<Double>(reader, presentation, text: text, limits: limits).answer()
        case .float32:
            return try TrainStepQuestion<Float>(reader, presentation, text: text, limits: limits).answer()
        }
    }
}

/// What is asked of `/train-step`: checked values only.
struct TrainStepQuestion<Scalar: WireScalar> {
    let network: NetworkFields<Scalar>
    let target: LossTarget<Scalar>
    let loss: Loss
    let optimizer: OptimizerFields
    let state: OptimizerState<Scalar>
    let steps: Int
    let lossSamples: Int?
    let randomness: Randomness
    let presentation: Presentation
    let include: Set<String>

    private static var parts: [String] {
        ["loss", "layers", "gradients", "masks", "optimizer_state", "next_step", "next", "echo"]
    }

    init(
        _ reader: FieldReader, _ presentation: Presentation, text: RequestText, limits: ServiceLimits
    ) throws(Problem) {
        reader.refuseUnknown(besides: TrainStepRoute.fields)
        self.presentation = presentation
        randomness = Randomness(reader, limits: limits)
        if randomness.offset != 0 { reader.wrong("offset", "with layers the offset must be 0") }
        optimizer = OptimizerFields(reader)
        include = reader.names("include", known: Self.parts) ?? Set(Self.parts)
        steps = Int(clamping: reader.natural("steps", upTo: 1_000_000) ?? 1)
        if steps == 0 { reader.wrong("steps", "at least one step expected") }
        lossSamples = reader.natural("loss_samples", upTo: UInt64(UInt32.max)).map { Int($0) }
        for name in ["loss", "target"] where !reader.has(name) {
            reader.problems.add(reader.pointer, "\(name) is required")
        }
        let loss = reader.choice("loss", Loss.self)
        let network = try NetworkFields<Scalar>(reader, presentation, randomness, text: text)
        let target = try reader.tensor("target", of: Scalar.self, text: text)?.tensor
        state = try optimizer.state(reader, layers: network?.dense ?? [], text: text)
        if let network {
            // A step's backward pass costs about two forward ones, and its losses two more.
            network.limit(5 * steps, limits, randomness, reader, field: "steps")
            if let lossSamples { network.limit(lossSamples, limits, randomness, reader, field: "loss_samples") }
        }
        try reader.problems.throwIfAny()
        guard let network, let target, let loss else {
            throw Problem(unanswerable: [.init(pointer: "", detail: "the question is incomplete")])
        }
        self.network = network
        self.loss = loss
        self.target = try Self.target(target, loss: loss, network: network, layout: presentation.layout)
        do {
            let shapes = try Network.shapes(
                network.dense, input: network.input.shape, layout: presentation.layout)
            let zeros = [Scalar](repeating: 0, count: shapes.last?.count ?? 0)
            _ = try loss.evaluate(
                Tensor(zeros, shape: shapes.last ?? .scalar), self.target, layout: presentation.layout)
        } catch {
            throw Problem(unanswerable: [.init(pointer: "/target", detail: error.explanation)])
        }
    }

    /// Class indices where the loss is cross-entropy and the target is a list, else a number for each output.
    ///
    /// A list is taken as the column or row of a single output unit, so that `[20,10]` needs no second bracket.
    private static func target(
        _ tensor: Tensor<Scalar>, loss: Loss, network: NetworkFields<Scalar>, layout: Layout
    ) throws(Problem) -> LossTarget<Scalar> {
        guard tensor.shape.rank == 1 else { return .values(tensor) }
        if loss == .cross_entropy {
            var classes: [Int] = []
            for (index, value) in tensor.elements.enumerated() {
                guard let unit = Int(exactly: value) else {
                    throw Problem(
                        unanswerable: [.init(pointer: "/target/\(index)", detail: "a class index expected")])
                }
                classes.append(unit)
            }
            return .classes(classes)
        }
        guard network.dense.last?.outputUnits == 1,
            let shape = try? Shape(layout == .columns ? [1, tensor.shape.count] : [tensor.shape.count, 1]),
            let matrix = try? Tensor(tensor.elements, shape: shape)
        else { return .values(tensor) }
        return .values(matrix)
    }

    func answer() throws(Problem) -> JSONText {
        do {
            return try train()
        } catch let problem as Problem {
            throw problem
        } catch let error as DropoutError {
            throw Problem(unanswerable: [.init(pointer: "", detail: error.explanation)])
        } catch {
            throw Problem(unanswerable: [.init(pointer: "", detail: "the step cannot be computed")])
        }
    }

    private func train() throws -> JSONText {
        let evalBefore = try evaluate(network.dense, .eval, pass: 0)
        let samples = try lossMoments()
        var layers = network.dense
        var state = state
        var history: [Scalar] = []
        var last: (gradients: [LayerGradient<Scalar>], dropout: [LayerDropout?]) = ([], [])
        for step in 0..<steps {
            let dropout = try network.dropout(randomness, pass: step)
            let result = try TrainStep.run(
                layers, input: network.input, target: target, loss: loss, dropout: dropout,
                layout: presentation.layout, scheme: presentation.scheme, optimizer: optimizer.optimizer,
                learningRate: optimizer.learningRate, state: state, maximumNorm: optimizer.maximumNorm)
            (layers, state) = (result.layers, result.state)
            history.append(result.trainLoss)
            last = (result.gradients, dropout)
        }
        let evalAfter = try evaluate(layers, .eval, pass: 0)
        var writer = JSONWriter()
        writer.beginObject()
        if include.contains("loss") {
            try writeLoss(history, evalBefore, evalAfter, samples, to: &writer)
        }
        if include.contains("layers") {
            writer.key("layers")
            writer.beginArray()
            for (index, layer) in layers.enumerated() {
                network.layers[index].write(
                    layer, own: network.masks[index]?.own, form: presentation.form, to: &writer)
            }
            writer.endArray()
        }
        if include.contains("gradients") { writeGradients(last.gradients, to: &writer) }
        if include.contains("masks"), presentation.maskFormat != .none {
            writer.key("masks")
            writer.beginArray()
            for drop in last.dropout {
                if let mask = drop?.noise.mask {
                    try writer.maskValue(mask, format: presentation.maskFormat, form: network.form)
                } else {
                    writer.null()
                }
            }
            writer.endArray()
        }
        if include.contains("optimizer_state") {
            optimizer.write(state, layers: network.layers, form: presentation.form, to: &writer)
        }
        if include.contains("next_step"), randomness.generator == .philox {
            let step = randomness.parameters.step &+ UInt32(truncatingIfNeeded: steps)
            writer.field("next_step", natural: UInt64(step))
        }
        if include.contains("next") {
            do {
                try writer.next(randomness, passes: steps, schedule: network.schedule)
            } catch {
                throw Problem(error, at: "/generator")
            }
        }
        if include.contains("echo") {
            if network.isDrawn { writer.randomness(randomness) }
            writer.field("loss_function", loss.rawValue)
            writer.field("learning_rate", optimizer.learningRate)
            writer.field("scheme", presentation.scheme.rawValue)
            writer.field("layout", presentation.layout.rawValue)
            writer.field("dtype", presentation.type.rawValue)
        }
        writer.endObject()
        return writer.finish()
    }

    private func evaluate(_ layers: [DenseLayer<Scalar>], _ mode: DropoutMode, pass: Int) throws -> Scalar {
        try TrainStep.loss(
            layers, input: network.input, target: target, loss: loss,
            dropout: try network.dropout(randomness, pass: pass), layout: presentation.layout,
            scheme: presentation.scheme, mode: mode)
    }

    /// Mean and deviation of the training loss before the first step, over as many masks.
    private func lossMoments() throws -> SampleMoments<Scalar>? {
        guard let lossSamples else { return nil }
        var moments = SampleMoments<Scalar>(shape: .scalar)
        for pass in 0..<lossSamples {
            try moments.add(try Tensor([try evaluate(network.dense, .train, pass: pass)], shape: .scalar))
        }
        return moments
    }

    private func writeLoss(
        _ history: [Scalar], _ before: Scalar, _ after: Scalar, _ samples: SampleMoments<Scalar>?,
        to writer: inout JSONWriter
    ) throws {
        writer.key("loss")
        writer.beginObject()
        writer.key("train")
        Scalar.write(history.last ?? 0, to: &writer)
        writer.key("eval")
        Scalar.write(before, to: &writer)
        writer.key("eval_after")
        Scalar.write(after, to: &writer)
        if steps > 1 {
            writer.key("history")
            Scalar.writeFlat(history, to: &writer)
        }
        if let samples {
            writer.key("samples")
            writer.beginObject()
            writer.field("count", samples.count)
            writer.field("mean", samples.mean.first)
            writer.field("standard_deviation", try samples.sampleVariance().first.map { $0.squareRoot() })
            writer.endObject()
        }
        writer.endObject()
    }

    private func writeGradients(_ gradients: [LayerGradient<Scalar>], to writer: inout JSONWriter) {
        writer.key("gradients")
        writer.beginArray()
        for (fields, gradient) in zip(network.layers, gradients) {
            let form = presentation.form ?? fields.form
            writer.beginObject()
            writer.key("weights")
            writer.tensorValue(gradient.weights, fields.layer.weights.shape.dimensions, form: form)
            writer.key("bias")
            fields.writeBias(gradient.bias, form: form, to: &writer)
            writer.endObject()
        }
        writer.endArray()
    }
}
