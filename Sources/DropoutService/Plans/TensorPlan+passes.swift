import DropoutEngine
import Stopping
import TensorJSON
import TextCodecs

/// The passes of a tensor's plan: what they cost, and how they are computed.
extension TensorPlan {
    /// The draw of the first pass.
    func firstDraw(_ stop: StopFlag) throws(Problem) -> [ReadyDraw?] {
        var draws = draws
        return try draws.next(stop)
    }

    /// The noise that is printed.
    func shownNoise(_ dropout: LayerDropout, _ stop: StopFlag) throws(Problem) -> DropoutNoise {
        guard presentation.mode == .eval else { return dropout.noise }
        return try computing { () throws(DropoutError) in try layer.evaluationNoise(stop) }
    }

    func apply(_ dropout: LayerDropout, _ stop: StopFlag) throws(Problem) -> Tensor<Scalar> {
        try computing { () throws(DropoutError) in
            try dropout.apply(input, mode: presentation.mode, scheme: presentation.scheme, stop: stop)
        }
    }

    func arrayAnswer(
        _ part: ArrayAnswer.Part, _ dropout: LayerDropout, _ stop: StopFlag
    ) throws(Problem) -> ArrayAnswer {
        let seed = layer.given == nil && draws.isSeedUsed ? fields.randomness.seed : nil
        switch part {
        case .output: return ArrayAnswer(try apply(dropout, stop), as: type, seed: seed)
        case .mask:
            guard let mask = try shownNoise(dropout, stop).mask else { throw .fault("a tensor's plan has no mask") }
            return ArrayAnswer(mask, format: presentation.maskFormat, seed: seed)
        }
    }

    func inferenceAnswer(
        _ asked: InferenceOutputs, _ dropout: LayerDropout, _ stop: StopFlag
    ) throws(Problem) -> InferenceAnswer {
        try InferenceAnswer(
            asked, as: type, echo: { echo(to: &$0) }, output: { () throws(Problem) in try apply(dropout, stop) },
            mask: { () throws(Problem) in
                guard let mask = try shownNoise(dropout, stop).mask else { throw .fault("an inference has no mask") }
                return mask
            })
    }

    func monteCarlo(_ count: Int, _ first: LayerDropout, _ stop: StopFlag) throws(Problem) -> MonteCarlo<Scalar> {
        let (x, parts) = (input.elements.map { Double($0) }, fields.lineParts)
        let (expectation, variance) = try computing { () throws(DropoutError) in
            (
                try first.expectation(x, mode: presentation.mode, scheme: presentation.scheme, stop: stop),
                try first.variance(x, mode: presentation.mode, scheme: presentation.scheme, stop: stop)
            )
        }
        return MonteCarlo(
            count: count, type: type, shape: input.shape, form: form, expectation: expectation, variance: variance,
            classLayout: nil,
            runner: PassRunner(draws, pass: passPrice, concurrency: fields.concurrency) { ready, stop throws(Problem) in
                guard let dropout = try ready.dropouts(stop).first ?? nil else {
                    throw .fault("a tensor's plan has no dropout")
                }
                let output = try apply(dropout, stop)
                return SampledPass(
                    output: output, dropouts: parts.isEmpty ? [] : [dropout],
                    uniforms: parts.contains(DrawnUniforms.name) ? try ready.uniforms(stop) : [])
            },
            showsIntervals: fields.showsIntervals,
            lineParts: { pass, writer, stop throws(Problem) in try write(parts, of: pass, to: &writer, stop) })
    }

    func writeExact(to writer: inout JSONWriter, _ stop: StopFlag) throws(Problem) {
        let probabilities = layer.bitProbabilities(presentation.mode)
        var subnetworks = Subnetworks<Scalar>()
        let (moments, variance) = try computing { () throws(DropoutError) in
            let moments = try ExactEnumeration.moments(probabilities: probabilities, shape: input.shape, stop: stop) {
                bits, probability throws(DropoutError) in
                let dropout =
                    presentation.mode == .train
                    ? try layer.dropout(bits: bits, fields.randomness, stop) : try layer.evaluation(fields.randomness)
                let output = try dropout.apply(
                    input, mode: presentation.mode, scheme: presentation.scheme, stop: stop)
                if fields.listsSubnetworks {
                    subnetworks.add(SampledPass(output: output, dropouts: [dropout]), probability: probability)
                }
                return output
            }
            return (moments, try moments.populationVariance(stop: stop))
        }
        if fields.include.contains("exact") {
            writer.exactMoments(
                masks: 1 << probabilities.count, mean: moments.mean, variance: variance, shape: input.shape,
                form: form, ofPasses: Scalar.self)
        }
        guard fields.listsSubnetworks else { return }
        try subnetworks.write(form: form, as: type, to: &writer) { pass, writer throws(Problem) in
            try write(["mask"], of: pass, to: &writer, stop)
        }
    }

    // MARK: Prices

    private var scalarBytes: Int { Scalar.byteCount }

    /// One pass: its draw, its noise applied, and the bytes of its mask and its output.
    var passPrice: Price {
        var list = PriceList(Price(nanoseconds: KernelPrice.pass(1)))
        list.draw(draws, passes: 1, for: "")
        list.compute(applying, for: "")
        list.hold(layer.noiseBytes(elementCount).adding(elementCount.times(scalarBytes)))
        if fields.lineParts.contains(DrawnUniforms.name) {
            list.draw(draws, passes: 1, for: "", countsEntry: false)
            list.hold(layer.uniformsBytes)
        }
        return list.total
    }

    /// Nanoseconds to apply the dropout once. Evaluation has no noise.
    private var applying: Int {
        let rounding = type.half == nil ? 0 : KernelPrice.roundHalf(elementCount)
        return (presentation.mode == .eval ? KernelPrice.scale(elementCount) : layer.passPrice(elementCount))
            .adding(rounding)
    }

    private var elementCount: Int { input.elements.count }

    var priceList: PriceList {
        let count = elementCount
        var list = PriceList()
        list.hold(count.times(scalarBytes))
        list.add(draws.statePrice, for: "/\(GeneratorState.field)")
        list.draw(draws, passes: 1, for: layer.shard == nil ? "/input" : "/full_shape")
        list.compute(applying.times(2), for: "/input")
        list.compute(layer.preparation, for: "/variant")
        list.hold(layer.noiseBytes(count).adding(count.times(scalarBytes)))
        if let arrayPart {
            list.add(ArrayAnswer.price(count, elementBytes: arrayPart == .mask ? 1 : type.byteCount), for: "/input")
            if presentation.mode == .eval { list.compute(layer.evaluationPrice(count), for: "/input") }
            return list
        }
        if let inference {
            list.add(inference.price(input.shape, as: type), for: "/input")
            if presentation.mode == .eval { list.compute(layer.evaluationPrice(count), for: "/input") }
            return list
        }
        if form == .file { list.add(PrintingPrice.fileHeader, for: "") }
        if fields.include.contains("output") {
            list.add(PrintingPrice.tensor(input.shape, form: form, as: type), for: "/input")
        }
        add(fields.include, to: &list)
        if let countedSamples = fields.countedSamples { addSamples(countedSamples, to: &list) }
        if fields.enumerates { addExact(to: &list) }
        return list
    }

    /// Adds what ``write(_:of:to:_:)`` computes and prints.
    private func add(_ parts: Set<String>, to list: inout PriceList) {
        let count = elementCount
        if parts.contains("mask") {
            list.add(layer.noiseText(format: presentation.maskFormat, form: form), for: "/input")
            if presentation.mode == .eval { list.compute(layer.evaluationPrice(count), for: "/input") }
        }
        if parts.contains(DrawnUniforms.name), presentation.mode == .train {
            list.draw(draws, passes: 1, for: "/include", countsEntry: false)
            list.add(layer.uniformsText(form: form), for: "/include")
        }
        if parts.contains("check") {
            list.compute(layer.checkPrice(count), for: "/\(layer.record.checkField ?? "input")")
            list.hold(layer.checkBytes(count))
        }
    }

    private func addSamples(_ samples: Int, to list: inout PriceList) {
        let (count, pass) = (elementCount, passPrice)
        let fixed = KernelPrice.pass(1).adding(applying).adding(KernelPrice.welford(count))
        list.compute(fixed.times(samples), for: "/samples")
        list.draw(draws, passes: samples, for: "/samples")
        let inFlight = min(samples, PassRunner<SampledPass<Scalar>>.inFlight(pass))
        list.hold(pass.heldBytes.times(inFlight))
        list.hold(count.times(16).adding(layer.checkBytes(count)).adding(count.times(24)))
        list.compute(KernelPrice.checkMoments(count).adding(KernelPrice.finishMoments(count)), for: "/samples")
        let tensors = fields.showsIntervals ? 6 : 2
        list.add(PrintingPrice.moments(input.shape, form: form, tensors: tensors), for: "/samples")
        list.hold(count.times(8 * tensors))
        guard fields.samplesFormat == .ndjson else { return }
        list.add(PrintingPrice.line(input.shape, form: form, as: type).times(samples), for: "/samples")
        var parts = PriceList(.zero)
        add(fields.lineParts, to: &parts)
        if fields.lineParts.contains("check") { parts.add(PrintingPrice.check, for: "/samples") }
        list.add(parts.total.lines(samples, inFlight: inFlight), for: "/samples")
    }

    private func addExact(to list: inout PriceList) {
        let (count, units) = (elementCount, layer.noise.drawn.count)
        let pass = applying.adding(KernelPrice.welford(count))
        list.enumerate(units: units, decided: layer.decidedUnits(presentation.mode), pass: pass)
        list.hold(layer.noiseBytes(count).adding(count.times(40 + scalarBytes)))
        list.add(PrintingPrice.moments(input.shape, form: form == .file ? .file : .nested, tensors: 2), for: "/exact")
        guard fields.listsSubnetworks else { return }
        var parts = PriceList(PrintingPrice.line(input.shape, form: form, as: type))
        add(["mask"], to: &parts)
        parts.hold(layer.noiseBytes(count).adding(count.times(scalarBytes)))
        list.addSubnetworks(parts.total, units: units - layer.decidedUnits(presentation.mode))
    }
}

extension TensorPlan {
    func echo(to writer: inout JSONWriter) {
        writer.probability(layer.drop.probability)
        if layer.given == nil { writer.randomness(fields.randomness, isDrawn: draws.isSeedUsed) }
        layer.place?.write(to: &writer)
        writer.field("mode", presentation.mode.rawValue)
        writer.field("scheme", presentation.scheme.rawValue)
        layer.drop.variant.write(to: &writer)
        writer.granularity(layer.drop, layer.shard?.whole ?? layer.noise)
        writer.field("layout", presentation.layout.rawValue)
        writer.field("dtype", presentation.type.rawValue)
    }
}
