import DropoutEngine
import Stopping
import TensorJSON
import TextCodecs

/// The passes of a training plan: what they cost, and how their losses are computed.
extension TrainPlan {
    var draws: Draws { Draws(network.masks, randomness, .train, isNetwork: true) }

    /// The loss of the whole network, without dropping.
    func evaluate(_ layers: [DenseLayer<Scalar>], _ stop: StopFlag) throws(Problem) -> Scalar {
        var draws = Draws(network.masks, randomness, .eval, isNetwork: true)
        let dropout = try draws.next(stop).dropouts(stop)
        return try computing { () throws(DropoutError) in
            try TrainStep.loss(
                layers, input: network.input, target: target, loss: loss, dropout: dropout,
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
                return try loss.evaluate(output, target, layout: presentation.layout, stop: stop).value
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
            .adding(lossPrice)
    }

    private var lossPrice: Int {
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
        let evaluation = network.forwardPrice().adding(lossPrice)
        list.compute(evaluation.times(2).adding(network.preparation), for: "/layers")
        let step = KernelPrice.step(1).adding(network.forwardPrice()).adding(network.backwardPrice()).adding(lossPrice)
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

    private func addText(to list: inout PriceList) {
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
