import DropoutEngine
import Stopping
import TensorJSON
import TextCodecs

/// The passes of a network's plan: what they cost, and how they are computed.
extension NetworkPlan {
    var draws: Draws { Draws(network.masks, fields.randomness, presentation.mode, isNetwork: true) }

    /// The draws of the first pass.
    func firstDraws(_ stop: StopFlag) throws(Problem) -> [ReadyDraw?] {
        var draws = draws
        return try draws.next(stop)
    }

    func forward(_ dropout: [LayerDropout?], _ stop: StopFlag) throws(Problem) -> [LayerTrace<Scalar>] {
        try computing("/layers") { () throws(DropoutError) in
            try Network.forward(
                network.dense, input: network.input, dropout: dropout, layout: presentation.layout,
                scheme: presentation.scheme, mode: presentation.mode, stop: stop)
        }
    }

    /// The expectation of a network's output has no closed form.
    ///
    /// - Parameter traces: the traces of the first pass. The layers before the first draw are taken from them.
    func monteCarlo(_ count: Int, _ traces: [LayerTrace<Scalar>]) -> MonteCarlo<Scalar> {
        let first = network.firstDrawn(presentation.mode)
        let pass = NetworkPass(network, fields.randomness, presentation.mode, traces: traces, first: first)
        let parts = fields.lineParts
        let isSoftmax = network.dense.last?.activation == .softmax && network.masks.last.map { $0 == nil } ?? false
        return MonteCarlo(
            count: count, type: Scalar.elementType, shape: network.outputShape, form: network.form, expectation: nil,
            variance: nil,
            classLayout: isSoftmax ? presentation.layout : nil,
            runner: PassRunner(draws, pass: passPrice, concurrency: fields.concurrency) { ready, stop throws(Problem) in
                let dropouts = try ready.dropouts(stop)
                let uniforms = parts.contains(DrawnUniforms.name) ? try ready.uniforms(stop) : []
                if showsTraces {
                    let traces = try forward(dropouts, stop)
                    guard let last = traces.last else { throw .fault("a pass through layers leaves no trace") }
                    return SampledPass(
                        output: last.output, dropouts: dropouts, uniforms: uniforms, traces: traces)
                }
                let output = try computing("/layers") { () throws(DropoutError) in try pass.output(dropouts, stop) }
                return SampledPass(output: output, dropouts: parts.isEmpty ? [] : dropouts, uniforms: uniforms)
            },
            showsIntervals: fields.showsIntervals,
            lineParts: { pass, writer, stop throws(Problem) in try write(parts, of: pass, to: &writer, stop) })
    }

    func writeExact(
        _ traces: [LayerTrace<Scalar>], to writer: inout JSONWriter, _ stop: StopFlag
    ) throws(Problem) {
        let probabilities = network.masks.compactMap { $0 }.flatMap { $0.bitProbabilities(presentation.mode) }
        let shape = network.outputShape
        let pass = NetworkPass(
            network, fields.randomness, presentation.mode, traces: traces,
            first: network.firstDropped(presentation.mode))
        var subnetworks = Subnetworks<Scalar>()
        let (moments, variance) = try computing("/layers") { () throws(DropoutError) in
            let moments = try ExactEnumeration.moments(probabilities: probabilities, shape: shape, stop: stop) {
                bits, probability throws(DropoutError) in
                let dropouts = try dropouts(bits, stop)
                let output = try pass.output(dropouts, stop)
                if fields.listsSubnetworks {
                    subnetworks.add(SampledPass(output: output, dropouts: dropouts), probability: probability)
                }
                return output
            }
            return (moments, try moments.populationVariance(stop: stop))
        }
        if fields.include.contains("exact") {
            writer.exactMoments(
                masks: 1 << probabilities.count, mean: moments.mean, variance: variance, shape: shape,
                form: network.form, ofPasses: Scalar.self)
        }
        guard fields.listsSubnetworks else { return }
        try subnetworks.write(form: network.form, as: Scalar.elementType, to: &writer) { pass, writer throws(Problem) in
            try write(["masks"], of: pass, to: &writer, stop)
        }
    }

    /// The dropouts of one mask out of all: `bits` are the drawn units of the layers one after another.
    private func dropouts(_ bits: [UInt8], _ stop: StopFlag) throws(DropoutError) -> [LayerDropout?] {
        var rest = bits[...]
        var dropouts: [LayerDropout?] = []
        for mask in network.masks {
            guard let mask else {
                dropouts.append(nil)
                continue
            }
            let units = Array(rest.prefix(mask.noise.drawn.count))
            rest = rest.dropFirst(units.count)
            dropouts.append(try mask.dropout(bits: units, fields.randomness, stop))
        }
        return dropouts
    }

    // MARK: Prices

    /// Whether each line has the traces of all layers.
    private var showsTraces: Bool { fields.lineParts.contains("layers") }

    /// One pass from the first draw on, or through all layers if a line shows them.
    private var passPrice: Price {
        var list = PriceList(Price(nanoseconds: KernelPrice.pass(1)))
        list.draw(draws, passes: 1, for: "")
        list.compute(passNanoseconds, for: "")
        if showsTraces {
            list.hold(network.traceBytes())
        } else if let first = network.firstDrawn(presentation.mode) {
            list.hold(network.traceBytes(from: first))
        }
        if fields.lineParts.contains(DrawnUniforms.name) {
            list.draw(draws, passes: 1, for: "", countsEntry: false)
            list.hold(network.masks.reduce(0) { $0.adding($1?.uniformsBytes ?? 0) })
        }
        return list.total
    }

    /// Nanoseconds of one pass, its draws excepted.
    private var passNanoseconds: Int {
        if showsTraces { return network.forwardPrice() }
        return network.firstDrawn(presentation.mode).map { network.tailPrice(from: $0) } ?? 0
    }

    var priceList: PriceList {
        var list = PriceList()
        list.hold(network.questionBytes.adding(network.traceBytes()))
        list.add(draws.statePrice, for: "/\(GeneratorState.field)")
        list.draw(draws, passes: 1, for: "/layers")
        list.compute(network.forwardPrice().adding(network.preparation), for: "/layers")
        if arrayPart != nil {
            list.add(ArrayAnswer.price(network.outputShape.count, elementBytes: Scalar.byteCount), for: "/layers")
            return list
        }
        if network.form == .file { list.add(PrintingPrice.fileHeader, for: "") }
        if fields.include.contains("output") {
            list.add(
                PrintingPrice.tensor(network.outputShape, form: network.form, as: Scalar.elementType), for: "/layers")
        }
        add(fields.include, to: &list)
        if let countedSamples = fields.countedSamples { addSamples(countedSamples, to: &list) }
        if fields.enumerates { addExact(to: &list) }
        return list
    }

    /// Adds what ``write(_:of:to:_:)`` computes and prints.
    private func add(_ parts: Set<String>, to list: inout PriceList) {
        if parts.contains("masks") {
            for (index, mask) in network.masks.enumerated() {
                guard let mask else { continue }
                list.add(mask.noiseText(format: presentation.maskFormat, form: network.form), for: "/layers")
                guard presentation.mode == .eval else { continue }
                list.compute(mask.evaluationPrice(network.shapes[index].count), for: "/layers")
            }
        }
        if parts.contains(DrawnUniforms.name), presentation.mode == .train {
            list.draw(draws, passes: 1, for: "/include", countsEntry: false)
            for mask in network.masks.compactMap(\.self) {
                list.add(mask.uniformsText(form: network.form), for: "/include")
            }
        }
        if parts.contains("layers") { addLayers(to: &list) }
    }

    private func addLayers(to list: inout PriceList) {
        for (index, shape) in network.shapes.enumerated() {
            list.add(PrintingPrice.tensor(shape, form: network.form, as: Scalar.elementType).times(3), for: "/layers")
            list.add(Price(nanoseconds: KernelPrice.layer(1), printedBytes: 600), for: "/layers")
            guard let mask = network.masks[index] else { continue }
            let field = mask.record.checkField.map { "/\($0)" } ?? ""
            list.compute(mask.checkPrice(shape.count), for: "/layers/\(index)\(field)")
            list.hold(mask.checkBytes(shape.count))
            list.add(mask.noiseText(format: presentation.maskFormat, form: network.form), for: "/layers")
            if presentation.mode == .eval { list.compute(mask.evaluationPrice(shape.count), for: "/layers") }
        }
    }

    private func addSamples(_ samples: Int, to list: inout PriceList) {
        let (count, pass) = (network.outputShape.count, passPrice)
        let isSoftmax = network.dense.last?.activation == .softmax
        let fixed = KernelPrice.pass(1).adding(passNanoseconds)
            .adding(KernelPrice.welford(count)).adding(isSoftmax ? KernelPrice.entropy(count) : 0)
        list.compute(fixed.times(samples), for: "/samples")
        list.draw(draws, passes: samples, for: "/samples")
        let inFlight = min(samples, PassRunner<SampledPass<Scalar>>.inFlight(pass))
        list.hold(pass.heldBytes.times(inFlight))
        list.compute(KernelPrice.finishMoments(count), for: "/samples")
        let tensors = fields.showsIntervals ? 6 : 2
        list.hold(count.times(16 + 8 * tensors + (isSoftmax ? 24 : 0)))
        list.add(PrintingPrice.moments(network.outputShape, form: network.form, tensors: tensors), for: "/samples")
        guard fields.samplesFormat == .ndjson else { return }
        list.add(
            PrintingPrice.line(network.outputShape, form: network.form, as: Scalar.elementType).times(samples),
            for: "/samples"
        )
        var parts = PriceList(.zero)
        add(fields.lineParts, to: &parts)
        list.add(parts.total.lines(samples, inFlight: inFlight), for: "/samples")
    }

    private func addExact(to list: inout PriceList) {
        let (count, units) = (network.outputShape.count, min(network.enumeratedUnits, ExactEnumeration.maximumUnits))
        let pass = network.firstDropped(presentation.mode).map { network.tailPrice(from: $0) } ?? 0
        list.enumerate(
            units: units, decided: network.decidedUnits(presentation.mode),
            pass: pass.adding(KernelPrice.welford(count)))
        list.hold(network.traceBytes().adding(count.times(40)))
        list.add(
            PrintingPrice.moments(network.outputShape, form: network.form == .file ? .file : .nested, tensors: 2),
            for: "/exact")
        guard fields.listsSubnetworks else { return }
        var parts = PriceList(PrintingPrice.line(network.outputShape, form: network.form, as: Scalar.elementType))
        add(["masks"], to: &parts)
        parts.hold(network.traceBytes())
        list.addSubnetworks(parts.total, units: units - network.decidedUnits(presentation.mode))
    }
}
