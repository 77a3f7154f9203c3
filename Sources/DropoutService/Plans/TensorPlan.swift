import DropoutEngine
import Stopping
import TensorJSON

/// `POST /forward` over one tensor: `input`, a probability, and a seed, a mask or uniforms.
struct TensorPlan<Scalar: WireScalar>: Plan {
    let input: Tensor<Scalar>
    let form: TensorForm
    private(set) var layer: LayerDraw
    let fields: PassFields
    let presentation: Presentation
    /// The tensor of an answer that is one array. Nil for an answer in JSON.
    let arrayPart: ArrayAnswer.Part?
    /// What an inference answers. Nil for any other question.
    let inference: InferenceOutputs?
    private(set) var draws: Draws
    private(set) var price = Price.zero
    let elements: Int

    /// The type to which `input` and each step are rounded.
    var type: ElementType { presentation.type }

    private static var parts: [String] { ["output", "mask", "check", "samples", "exact", "echo"] }

    /// - Throws: a 422 with every wrong field, or with the price of a question that costs too much.
    init(_ question: Question, _ presentation: Presentation) throws(Problem) {
        question.refuseUnknown(besides: ForwardRoute.fields)
        self.presentation = presentation
        fields = try PassFields(
            question, parts: Self.parts, furtherParts: [DrawnUniforms.name, "moments", PassFields.subnetworks],
            isNetwork: false)
        let variant = try VariantFields(question, Scalar.self, as: presentation.type)
        let drop = DropFields(question, variant: variant, isRequired: true)
        if presentation.scheme == .classic, !variant.record.knowsClassic {
            question.wrong("scheme", "\(variant.name) has no classic scheme")
        }
        if variant.record.isContinuous, fields.isExact {
            question.wrong("exact", "\(variant.name) has no finite number of masks")
        }
        let given = try question.givenRandomness(presentation.maskFormat)
        let input = try question.tensor("input", of: Scalar.self, as: presentation.type)
        question.require("input")
        var layer: LayerDraw?
        if let drop, let shape = input?.tensor.shape {
            let place = ShardFields(question, of: shape)
            if place != nil || !question.has("full_shape") {
                layer = LayerDraw(
                    question, drop, given: given, shape: shape, layout: presentation.layout, place: place,
                    half: presentation.type.half)
            }
            layer?.check(fields.randomness, question)
            layer?.checkUniforms(fields.include, question)
            fields.checkExact(
                units: layer?.noise.drawn.count, decided: layer?.decidedUnits(presentation.mode) ?? 0, question)
        }
        if fields.hasSamples, given != nil {
            question.wrong("samples", "a given mask or given uniforms are the same in every pass; leave `samples` out")
        }
        arrayPart = question.arrayPart(
            of: [.output, .mask], include: fields.include, maskFormat: presentation.maskFormat,
            notWith: ["samples", "exact"])
        if arrayPart == .mask, variant.record.isContinuous {
            question.wrong("include", "\(variant.name) has no mask")
        }
        inference = question.inference
        try question.throwIfWrong()
        guard let input, let layer else { throw .fault("a tensor's question has no error and no dropout") }
        self.input = input.tensor
        self.form = presentation.form ?? input.form
        self.layer = layer
        elements = question.elementCount
        draws = Draws([layer], fields.randomness, presentation.mode, isNetwork: false)
        try draws.check(passes: fields.passes)
        let list = priceList
        try list.check(question.limits)
        price = list.total
    }

    func compute(_ stop: StopFlag) throws(Problem) -> Answer {
        if layer.isPrepared { return try computePrepared(stop) }
        var plan = self
        plan.layer = try computing("/temperature") { () throws(DropoutError) in try layer.prepared(stop) }
        plan.draws = Draws([plan.layer], fields.randomness, presentation.mode, isNetwork: false)
        return try plan.computePrepared(stop)
    }

    private func computePrepared(_ stop: StopFlag) throws(Problem) -> Answer {
        let first = try firstDraw(stop)
        guard let dropout = try first.dropouts(stop).first ?? nil else {
            throw .fault("a tensor's plan has no dropout")
        }
        if let arrayPart { return .file(try arrayAnswer(arrayPart, dropout, stop)) }
        if let inference { return .inference(try inferenceAnswer(inference, dropout, stop)) }
        let monteCarlo = try fields.countedSamples.map { count throws(Problem) in
            try self.monteCarlo(count, dropout, stop)
        }
        if fields.samplesFormat == .ndjson, let monteCarlo {
            return .lines(
                isDense: monteCarlo.form == .base64,
                monteCarlo.lines(stop) { (writer: inout JSONWriter) throws(Problem) in
                    try writeEnd(to: &writer, stop)
                })
        }
        let pass = SampledPass(
            output: try apply(dropout, stop), dropouts: [dropout],
            uniforms: fields.showsUniforms ? try first.uniforms(stop) : [])
        var writer = JSONWriter(detaches: form == .file)
        writer.beginObject()
        if fields.include.contains("output") { writer.tensorField("output", pass.output, form: form, as: type) }
        try write(fields.include, of: pass, to: &writer, stop)
        if let monteCarlo { try monteCarlo.write(to: &writer, stop) }
        try writeEnd(to: &writer, stop)
        writer.endObject()
        return Answer(writer)
    }

    /// Writes what follows the passes: `exact`, `subnetworks`, `next` and the echo, as far as they are asked for.
    private func writeEnd(to writer: inout JSONWriter, _ stop: StopFlag) throws(Problem) {
        if fields.enumerates { try writeExact(to: &writer, stop) }
        if fields.include.contains("next") { writer.next(draws.moved(by: fields.passes)) }
        if fields.include.contains("echo") { echo(to: &writer) }
    }

    /// Writes `mask`, `uniforms` and `check` of a pass if they are among `parts`.
    func write(
        _ parts: Set<String>, of pass: SampledPass<Scalar>, to writer: inout JSONWriter, _ stop: StopFlag
    ) throws(Problem) {
        guard let dropout = pass.dropouts.first ?? nil else { return }
        if parts.contains("mask") {
            try writer.noise(try shownNoise(dropout, stop), format: presentation.maskFormat, form: form, stop)
        }
        if parts.contains(DrawnUniforms.name) {
            writer.key(DrawnUniforms.name)
            writer.uniforms(pass.uniforms.first ?? nil, form: form)
        }
        if parts.contains("check") {
            writer.check(
                try computing { () throws(DropoutError) in
                    try dropout.check(
                        input: input, output: pass.output, mode: presentation.mode, scheme: presentation.scheme,
                        stop: stop)
                })
        }
    }
}
