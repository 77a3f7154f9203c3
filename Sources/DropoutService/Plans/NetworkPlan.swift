import DropoutEngine
import Stopping
import TensorJSON

/// `POST /forward` with `layers`: a pass through dense layers, each with its own dropout.
struct NetworkPlan<Scalar: WireScalar>: Plan {
    private(set) var network: NetworkFields<Scalar>
    let fields: PassFields
    let presentation: Presentation
    /// The tensor of an answer that is one array. Nil for an answer in JSON.
    let arrayPart: ArrayAnswer.Part?
    private(set) var price = Price.zero
    let elements: Int

    private static var parts: [String] { ["output", "layers", "samples", "exact", "echo"] }

    /// - Throws: a 422 with every wrong field, or with the price of a question that costs too much.
    init(_ question: Question, _ presentation: Presentation) throws(Problem) {
        question.refuseUnknown(besides: ForwardRoute.fields)
        for name in DropFields.fields + VariantFields.fields + ["mask", "uniforms"] where question.isGiven(name) {
            question.wrong(name, "with `layers`, this field belongs to each layer")
        }
        for name in ShardFields.fields where question.has(name) {
            question.wrong(name, "a network is drawn whole; leave the field out")
        }
        self.presentation = presentation
        fields = try PassFields(
            question, parts: Self.parts,
            furtherParts: ["masks", DrawnUniforms.name, "moments", PassFields.subnetworks], isNetwork: true)
        let network = try NetworkFields<Scalar>(question, presentation, fields.randomness)
        fields.checkExact(
            units: network?.enumeratedUnits, decided: network?.decidedUnits(presentation.mode) ?? 0, question)
        for mask in network?.masks ?? [] { mask?.checkUniforms(fields.include, question) }
        arrayPart = question.arrayPart(
            of: [.output], include: fields.include, maskFormat: presentation.maskFormat, notWith: ["samples", "exact"])
        try question.throwIfWrong()
        guard let network else { throw .fault("a network's question has no error and no network") }
        self.network = network
        elements = question.elementCount
        try draws.check(passes: fields.passes)
        let list = priceList
        try list.check(question.limits)
        price = list.total
    }

    func compute(_ stop: StopFlag) throws(Problem) -> Answer {
        if network.isPrepared { return try computePrepared(stop) }
        var plan = self
        plan.network = try computing("/layers") { () throws(DropoutError) in try network.prepared(stop) }
        return try plan.computePrepared(stop)
    }

    private func computePrepared(_ stop: StopFlag) throws(Problem) -> Answer {
        let first = try firstDraws(stop)
        let dropout = try first.dropouts(stop)
        let traces = try forward(dropout, stop)
        if arrayPart != nil, let last = traces.last {
            let seed = network.isDrawn && draws.isSeedUsed ? fields.randomness.seed : nil
            return .file(ArrayAnswer(last.output, seed: seed))
        }
        let monteCarlo = fields.countedSamples.map { self.monteCarlo($0, traces) }
        if fields.samplesFormat == .ndjson, let monteCarlo {
            return .lines(
                isDense: monteCarlo.form == .base64,
                monteCarlo.lines(stop) { (writer: inout JSONWriter) throws(Problem) in
                    try writeEnd(traces, to: &writer, stop)
                })
        }
        var writer = JSONWriter(detaches: network.form == .file)
        writer.beginObject()
        if fields.include.contains("output"), let last = traces.last {
            writer.tensorField("output", last.output, form: network.form)
        }
        if let last = traces.last {
            let pass = SampledPass(
                output: last.output, dropouts: dropout,
                uniforms: fields.showsUniforms ? try first.uniforms(stop) : [], traces: traces)
            try write(fields.include, of: pass, to: &writer, stop)
        }
        if let monteCarlo { try monteCarlo.write(to: &writer, stop) }
        try writeEnd(traces, to: &writer, stop)
        writer.endObject()
        return Answer(writer)
    }

    /// Writes what follows the passes: `exact`, `subnetworks`, `next` and the echo, as far as they are asked for.
    private func writeEnd(
        _ traces: [LayerTrace<Scalar>], to writer: inout JSONWriter, _ stop: StopFlag
    ) throws(Problem) {
        if fields.enumerates { try writeExact(traces, to: &writer, stop) }
        if fields.include.contains("next") { writer.next(draws.moved(by: fields.passes)) }
        if fields.include.contains("echo") { echo(to: &writer) }
    }

    private func echo(to writer: inout JSONWriter) {
        if network.isDrawn { writer.randomness(fields.randomness, isDrawn: draws.isSeedUsed) }
        writer.field("mode", presentation.mode.rawValue)
        writer.field("scheme", presentation.scheme.rawValue)
        writer.field("layout", presentation.layout.rawValue)
        writer.field("dtype", presentation.type.rawValue)
    }

    /// Writes `masks`, `uniforms` and `layers` of a pass if they are among `parts`.
    func write(
        _ parts: Set<String>, of pass: SampledPass<Scalar>, to writer: inout JSONWriter, _ stop: StopFlag
    ) throws(Problem) {
        if parts.contains("masks") {
            try writer.masks(
                try pass.dropouts.indices.map { index throws(Problem) in
                    try shownNoise(index, pass.dropouts, stop)?.mask
                }, format: presentation.maskFormat, form: network.form, stop)
        }
        if parts.contains(DrawnUniforms.name) {
            writer.key(DrawnUniforms.name)
            writer.beginArray()
            for uniforms in pass.uniforms { writer.uniforms(uniforms, form: network.form) }
            writer.endArray()
        }
        if parts.contains("layers") { try writeLayers(pass.traces, pass.dropouts, to: &writer, stop) }
    }

    /// The noise of a layer that is printed. Nil for a layer without dropout.
    private func shownNoise(
        _ index: Int, _ dropouts: [LayerDropout?], _ stop: StopFlag
    ) throws(Problem) -> DropoutNoise? {
        guard let drop = dropouts[index], let mask = network.masks[index] else { return nil }
        guard presentation.mode == .eval else { return drop.noise }
        return try computing { () throws(DropoutError) in try mask.evaluationNoise(stop) }
    }

    private func writeLayers(
        _ traces: [LayerTrace<Scalar>], _ dropout: [LayerDropout?], to writer: inout JSONWriter, _ stop: StopFlag
    ) throws(Problem) {
        writer.key("layers")
        writer.beginArray()
        for (index, trace) in traces.enumerated() {
            writer.beginObject()
            writer.tensorField("pre_activation", trace.preActivation, form: network.form)
            writer.tensorField("activation", trace.activation, form: network.form)
            if let drop = dropout[index], let mask = network.masks[index],
                let noise = try shownNoise(index, dropout, stop)
            {
                try writer.noise(noise, format: presentation.maskFormat, form: network.form, stop)
                writer.tensorField("output", trace.output, form: network.form)
                writer.check(try check(index, traces, drop, stop))
                writer.probability(drop.probability)
                mask.drop.variant.write(to: &writer)
                writer.granularity(mask.drop, mask.noise)
            } else {
                writer.tensorField("output", trace.output, form: network.form)
            }
            writer.endObject()
        }
        writer.endArray()
    }

    private func check(
        _ index: Int, _ traces: [LayerTrace<Scalar>], _ drop: LayerDropout, _ stop: StopFlag
    ) throws(Problem) -> ExpectedValueCheck {
        let trace = traces[index]
        return try computing("/layers/\(index)") { () throws(DropoutError) in
            guard case .connect = drop.operation else {
                return try drop.check(
                    input: trace.activation, output: trace.output, mode: presentation.mode,
                    scheme: presentation.scheme, stop: stop)
            }
            let below = index == 0 ? network.input : traces[index - 1].output
            return try drop.connectCheck(
                layer: network.dense[index], input: below, output: trace.preActivation, layout: presentation.layout,
                mode: presentation.mode, scheme: presentation.scheme, stop: stop)
        }
    }
}
