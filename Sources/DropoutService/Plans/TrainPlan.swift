import DropoutEngine
import Stopping
import TensorJSON

/// `POST /train-step`: forward and backward with one mask, and the updated layers. All state travels.
struct TrainPlan<Scalar: WireScalar>: Plan {
    /// The network with the examples that it is trained on.
    private(set) var training: LabelledExamples<Scalar>
    /// The network with the examples of the test, if the question has them.
    let test: LabelledExamples<Scalar>?
    let loss: Loss
    let optimizer: OptimizerFields
    let state: OptimizerState<Scalar>
    let steps: Int
    /// The steps from one entry of `eval_history` to the next. Nil if none are asked for.
    let evaluationInterval: Int?
    let lossSamples: Int?
    let randomness: Randomness
    let presentation: Presentation
    let include: Set<String>
    let concurrency: Concurrency
    private(set) var price = Price.zero
    let elements: Int

    var network: NetworkFields<Scalar> { training.network }

    static var fields: [String] {
        [
            "layers", "input", "target", "loss", Self.echoedLoss, "steps", "loss_samples", "eval_every", "include",
            Echo.note,
        ]
            + TestFields<Scalar>.fields + OptimizerFields.fields
            + Randomness.fields + Presentation.fields.filter { $0 != "mode" }
    }

    private static var maximumSteps: UInt64 { 1_000_000 }

    private static var parts: [String] {
        ["loss", "eval_history", "layers", "gradients", "masks", "optimizer_state", "next_step", "next", "echo"]
    }

    /// - Throws: a 422 with every wrong field, or with the price of a question that costs too much.
    init(_ question: Question, _ presentation: Presentation) throws(Problem) {
        question.refuseUnknown(besides: Self.fields)
        concurrency = question.concurrency
        self.presentation = presentation
        randomness = try Randomness(network: question)
        optimizer = OptimizerFields(question)
        include = question.names("include", known: Self.parts) ?? Set(Self.parts)
        steps = question.natural("steps", from: 1, upTo: Self.maximumSteps).map { Int($0) } ?? 1
        lossSamples = question.passes("loss_samples")
        let interval = question.natural("eval_every", from: 1, upTo: Self.maximumSteps).map { Int($0) }
        evaluationInterval = include.contains("eval_history") ? interval : nil
        question.require("target")
        let loss = Self.loss(question)
        let network = try NetworkFields<Scalar>(question, presentation, randomness)
        let target = try question.tensor("target", of: Scalar.self)?.tensor
        let test = try TestFields<Scalar>(question, network)
        state = try optimizer.state(question, layers: network?.dense ?? [], steps: steps)
        try question.throwIfWrong()
        guard let network, let target, let loss else { throw .fault("a training step has no error and no network") }
        self.loss = loss
        elements = question.elementCount
        training = try LabelledExamples(network, target: target, named: "target", loss: loss, question)
        self.test = try test.map { test throws(Problem) in try test.examples(question, loss: loss) }
        try draws.check(passes: max(steps, lossSamples ?? 1))
        let list = priceList
        try list.check(question.limits)
        price = list.total
    }

    /// The name of `loss` in an answer, whose own `loss` holds the numbers.
    private static var echoedLoss: String { "loss_function" }

    /// `loss`, or the same as an answer echoes it.
    private static func loss(_ question: Question) -> Loss? {
        if !question.has("loss"), !question.has(echoedLoss) { question.require("loss") }
        let (loss, echoed) = (question.choice("loss", Loss.self), question.choice(echoedLoss, Loss.self))
        if let loss, let echoed, loss != echoed {
            question.wrong(echoedLoss, "\(echoed.rawValue) found, but `loss` is \(loss.rawValue)")
        }
        return loss ?? echoed
    }

    func compute(_ stop: StopFlag) throws(Problem) -> Answer {
        if network.isPrepared { return try computePrepared(stop) }
        var plan = self
        plan.training.network = try computing("/layers") { () throws(DropoutError) in try network.prepared(stop) }
        return try plan.computePrepared(stop)
    }

    private func computePrepared(_ stop: StopFlag) throws(Problem) -> Answer {
        var evaluations = [try evaluation(network.dense, after: 0, stop)]
        let samples = try lossMoments(stop)
        var (layers, state, draws) = (network.dense, state, draws)
        var history: [Scalar] = []
        var last: (gradients: [LayerGradient<Scalar>], dropout: [LayerDropout?]) = ([], [])
        for step in 1...steps {
            let dropout = try draws.next(stop).dropouts(stop)
            let result = try computing { () throws(DropoutError) in
                try TrainStep.run(
                    layers, input: network.input, target: training.target, loss: loss, dropout: dropout,
                    layout: presentation.layout, scheme: presentation.scheme, optimizer: optimizer.optimizer,
                    learningRate: optimizer.learningRate, state: state, maximumNorm: optimizer.maximumNorm, stop: stop)
            }
            (layers, state) = (result.layers, result.state)
            history.append(result.trainLoss)
            last = (result.gradients, dropout)
            if step == steps || isEvaluated(after: step) {
                evaluations.append(try evaluation(layers, after: step, stop))
            }
        }
        var writer = JSONWriter(detaches: network.form == .file)
        writer.beginObject()
        if include.contains("loss") {
            try writeLoss(history, evaluations, samples, to: &writer, stop)
        }
        if evaluationInterval != nil {
            writer.key("eval_history")
            writer.beginArray()
            for evaluation in evaluations where isEvaluated(after: evaluation.step) { evaluation.write(to: &writer) }
            writer.endArray()
        }
        let moved = self.draws.moved(by: steps)
        // Nothing follows the last value of a field. The layers are then answered as they were asked.
        let own = (moved ?? self.draws.moved(by: 0))?.layers ?? []
        if include.contains("layers") {
            writer.key("layers")
            writer.beginArray()
            for (index, layer) in layers.enumerated() {
                network.layers[index].write(
                    layer, own: own.indices.contains(index) ? own[index] : nil, form: presentation.form, to: &writer)
            }
            writer.endArray()
        }
        if include.contains("gradients") { writeGradients(last.gradients, to: &writer) }
        if include.contains("masks") {
            try writer.masks(
                last.dropout.map { $0?.noise.mask }, format: presentation.maskFormat, form: network.form, stop)
        }
        if include.contains("optimizer_state") {
            optimizer.write(state, layers: network.layers, form: presentation.form, to: &writer)
        }
        if include.contains("next_step"), randomness.order.passName == GeneratorParameter.step.rawValue {
            if let moved {
                writer.field("next_step", natural: UInt64(moved.randomness.parameters.step))
            } else {
                writer.key("next_step")
                writer.null()
            }
        }
        if include.contains("next") { writer.next(moved) }
        if include.contains("echo") {
            if network.isDrawn { writer.randomness(randomness, isDrawn: self.draws.isSeedUsed) }
            writer.field(Self.echoedLoss, loss.rawValue)
            writer.field("learning_rate", optimizer.learningRate)
            writer.field("scheme", presentation.scheme.rawValue)
            writer.field("layout", presentation.layout.rawValue)
            writer.field("dtype", presentation.type.rawValue)
        }
        writer.endObject()
        return Answer(writer)
    }

    private func writeLoss(
        _ history: [Scalar], _ evaluations: [Evaluation<Scalar>], _ samples: SampleMoments<Scalar>?,
        to writer: inout JSONWriter, _ stop: StopFlag
    ) throws(Problem) {
        guard let before = evaluations.first, let after = evaluations.last else {
            throw .fault("a training has no evaluation")
        }
        writer.key("loss")
        writer.beginObject()
        writer.key("train")
        Scalar.write(history.last ?? 0, to: &writer)
        writer.key("eval")
        Scalar.write(before.train, to: &writer)
        writer.key("eval_after")
        Scalar.write(after.train, to: &writer)
        if let test = after.test {
            writer.key("test")
            Scalar.write(test, to: &writer)
        }
        if steps > 1 {
            writer.key("history")
            Scalar.writeFlat(history, to: &writer)
        }
        if let samples {
            writer.key("samples")
            writer.beginObject()
            writer.field("count", samples.count)
            writer.field("mean", samples.mean.first)
            let variance = try computing { () throws(DropoutError) in try samples.sampleVariance(stop: stop) }
            // One pass says nothing of how passes differ.
            writer.field("standard_deviation", samples.count > 1 ? variance.first?.squareRoot() : nil)
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
