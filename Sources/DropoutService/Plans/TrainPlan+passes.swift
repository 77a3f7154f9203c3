import DropoutEngine
import Stopping
import TensorJSON
import TextCodecs

/// The passes of a training plan: what they cost, and how their losses are computed.
extension TrainPlan {
    var draws: Draws { Draws(network.masks, randomness, .train, isNetwork: true) }

    /// Whether `eval_history` has an entry for the network after so many steps.
    func isEvaluated(after step: Int) -> Bool { evaluationInterval.map { step % $0 == 0 } ?? false }

    /// Whether the loss on the test data is printed for the network after so many steps.
    private func isTested(after step: Int) -> Bool {
        isEvaluated(after: step) || (step == steps && include.contains("loss"))
    }

    /// The losses of the network after so many steps.
    func evaluation(
        _ layers: [DenseLayer<Scalar>], after step: Int, _ stop: StopFlag
    ) throws(Problem) -> Evaluation<Scalar> {
        let train = try evaluate(layers, on: training, stop)
        let test =
            try isTested(after: step) ? test.map { test throws(Problem) in try evaluate(layers, on: test, stop) } : nil
        return Evaluation(step: step, train: train, test: test)
    }

    /// The loss of the whole network, without dropping.
    private func evaluate(
        _ layers: [DenseLayer<Scalar>], on examples: LabelledExamples<Scalar>, _ stop: StopFlag
    ) throws(Problem) -> Scalar {
        var draws = Draws(network.masks, randomness, .eval, isNetwork: true)
        let dropout = try draws.next(stop).dropouts(stop)
        return try computing { () throws(DropoutError) in
            try TrainStep.loss(
                layers, input: examples.network.input, target: examples.target, loss: loss, dropout: dropout,
                layout: presentation.layout, scheme: presentation.scheme, mode: .eval, stop: stop)
        }
    }

    /// Mean and deviation of the training loss before the first step, over as many masks as `loss_samples` says.
    func lossMoments(_ stop: StopFlag) throws(Problem) -> SampleMoments<Scalar>? {
        guard let lossSamples else { return nil }
        var moments = SampleMoments<Scalar>(shape: .scalar)
        var draws = draws
        let firstDropout = try draws.next(stop).dropouts(stop)
        let traces = try computing { () throws(DropoutError) in
            try Network.forward(
                network.dense, input: network.input, dropout: firstDropout, layout: presentation.layout,
                scheme: presentation.scheme, mode: .train, stop: stop)
        }
        let pass = NetworkPass(network, randomness, .train, traces: traces, first: network.firstDrawn(.train))
        var runner = PassRunner(self.draws, pass: passPrice, concurrency: concurrency) { ready, stop throws(Problem) in
            let dropouts = try ready.dropouts(stop)
            return try computing { () throws(DropoutError) in
                let output = try pass.output(dropouts, stop)
                return try loss.evaluate(output, training.target, layout: presentation.layout, stop: stop).value
            }
        }
        try runner.forEach(lossSamples, stop) { value throws(Problem) in
            try computing { () throws(DropoutError) in
                try moments.add(try Tensor([value], shape: .scalar), stop: stop)
            }
        }
        return moments
    }

    // MARK: Prices

    /// One pass of `loss_samples`, from the first draw on.
    private var passPrice: Price {
        var list = PriceList(Price(nanoseconds: lossPassPrice))
        list.draw(draws, passes: 1, for: "")
        return list.total
    }

    private var lossPassPrice: Int {
        KernelPrice.pass(1).adding(network.firstDrawn(.train).map { network.tailPrice(from: $0) } ?? 0)
            .adding(lossPrice(network))
    }

    private func lossPrice(_ network: NetworkFields<Scalar>) -> Int {
        let count = network.outputShape.count
        return switch loss {
        case .mse, .half_mse: KernelPrice.squaredLoss(count)
        case .cross_entropy, .binary_cross_entropy: KernelPrice.entropyLoss(count)
        }
    }

    var priceList: PriceList {
        let bytes = Scalar.byteCount
        let parameters = network.parameterCount
        var list = PriceList()
        list.hold(network.questionBytes)
        let evaluation = network.forwardPrice().adding(lossPrice(network))
        list.compute(evaluation.times(2).adding(network.preparation), for: "/layers")
        addEvaluations(each: evaluation, to: &list)
        let step = KernelPrice.step(1).adding(network.forwardPrice()).adding(network.backwardPrice()).adding(
            lossPrice(network)
        )
        .adding(KernelPrice.optimizer(parameters))
        .adding(optimizer.maximumNorm == nil ? 0 : KernelPrice.norm(parameters))
        list.compute(step.times(steps), for: "/steps")
        list.add(draws.statePrice, for: "/\(GeneratorState.field)")
        list.draw(draws, passes: steps, for: "/steps")
        // The traces, the gradients, the parameters and the optimizer's two moments, old and new, and what a step joins.
        list.hold(network.traceBytes().times(2).adding(parameters.times(10 * bytes)).adding(steps.times(bytes)))
        if let lossSamples {
            list.compute(lossPassPrice.times(lossSamples), for: "/loss_samples")
            list.draw(draws, passes: lossSamples, for: "/loss_samples")
            list.compute(network.forwardPrice(), for: "/loss_samples")
            list.hold(network.traceBytes().times(min(8, lossSamples)))
        }
        addText(to: &list)
        return list
    }

    /// Adds the evaluations between the first and the last, those on the test data, and `eval_history`.
    ///
    /// - Parameter price: nanoseconds of an evaluation on the training data.
    private func addEvaluations(each price: Int, to list: inout PriceList) {
        let entries = evaluationInterval.map { steps / $0 + 1 } ?? 0
        if entries > 0 {
            // The first and the last evaluation are paid for in any case.
            list.compute(price.times(max(0, entries - (isEvaluated(after: steps) ? 2 : 1))), for: "/eval_every")
            list.add(Evaluation<Scalar>.text(entries, hasTest: test != nil), for: "/eval_every")
        }
        guard let test else { return }
        let count = entries + (isTested(after: steps) && !isEvaluated(after: steps) ? 1 : 0)
        let once = test.network.forwardPrice().adding(lossPrice(test.network))
        list.compute(once.times(count), for: count > 1 ? "/eval_every" : "/test_input")
        let (inputs, outputs) = (test.network.input.elements.count, test.network.outputShape.count)
        // The input and the target, the traces, and the numbers of the loss and their derivatives.
        list.hold(inputs.adding(outputs.times(3)).times(Scalar.byteCount).adding(test.network.traceBytes()))
    }

    private func addText(to list: inout PriceList) {
        if network.form == .file { list.add(PrintingPrice.fileHeader, for: "") }
        for (index, layer) in network.dense.enumerated() {
            let form = presentation.form ?? network.layers[index].form
            let weights = PrintingPrice.tensor(layer.weights.shape, form: form, as: Scalar.elementType)
            let bias = PrintingPrice.tensor(.vector(layer.bias.count), form: form, as: Scalar.elementType)
            let fixed = Price(nanoseconds: KernelPrice.layer(1), printedBytes: 300)
            let parts = ["layers", "gradients", "optimizer_state", "optimizer_state"].count { include.contains($0) }
            list.add((weights + bias + fixed).times(parts), for: "/layers")
            if let mask = network.masks[index], include.contains("masks") {
                list.add(mask.noiseText(format: presentation.maskFormat, form: network.form), for: "/layers")
            }
        }
        if steps > 1, include.contains("loss") {
            list.add(PrintingPrice.tensor(.vector(steps), form: .nested, as: Scalar.elementType), for: "/steps")
        }
    }
}
