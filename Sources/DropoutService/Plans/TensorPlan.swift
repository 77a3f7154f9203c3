import DropoutEngine
import Stopping
import TensorJSON

/// `POST /forward` over one tensor: `input`, a probability, and a seed, a mask or uniforms.
struct TensorPlan<Scalar: WireScalar>: Plan {
    let input: Tensor<Scalar>
    let form: TensorForm
    private(set) var layer: LayerDraw
    let randomness: Randomness
    let presentation: Presentation
    let samples: Int?
    let samplesFormat: SamplesFormat
    let isExact: Bool
    let include: Set<String>
    let concurrency: Concurrency
    private(set) var draws: Draws
    private(set) var price = Price.zero
    let elements: Int

    private static var parts: [String] { ["output", "mask", "check", "samples", "exact", "echo"] }
    private static var furtherParts: [String] { ["next"] }

    /// - Throws: a 422 with every wrong field, or with the price of a question that costs too much.
    init(_ question: Question, _ presentation: Presentation) throws(Problem) {
        question.refuseUnknown(besides: ForwardRoute.fields)
        self.presentation = presentation
        concurrency = question.concurrency
        randomness = try Randomness(question)
        include = question.names("include", known: Self.parts + Self.furtherParts) ?? Set(Self.parts)
        samples = question.passes("samples")
        samplesFormat = SamplesFormat(question)
        isExact = question.bool("exact") ?? false
        let variant = try VariantFields(question, Scalar.self)
        let drop = DropFields(question, variant: variant, isRequired: true)
        if presentation.scheme == .classic, !variant.record.knowsClassic {
            question.wrong("scheme", "\(variant.name) has no classic scheme")
        }
        if variant.record.isContinuous, isExact {
            question.wrong("exact", "\(variant.name) has no finite number of masks")
        }
        let given = try question.givenRandomness(presentation.maskFormat)
        let input = try question.tensor("input", of: Scalar.self)
        question.require("input")
        var layer: LayerDraw?
        if let drop, let shape = input?.tensor.shape {
            layer = LayerDraw(question, drop, given: given, shape: shape, layout: presentation.layout)
            layer?.check(randomness, question)
            if isExact, let units = layer?.noise.drawn.count, units > ExactEnumeration.maximumUnits {
                question.wrong("exact", "\(units) units have more than 2^\(ExactEnumeration.maximumUnits) masks")
            }
        }
        if samples != nil, given != nil {
            question.wrong("samples", "a given mask or given uniforms are the same in every pass")
        }
        try question.throwIfWrong()
        guard let input, let layer else { throw .fault("a tensor's question has no error and no dropout") }
        self.input = input.tensor
        self.form = presentation.form ?? input.form
        self.layer = layer
        elements = question.elementCount
        draws = Draws([layer], randomness, presentation.mode, isNetwork: false)
        try draws.check(passes: max(1, samples ?? 1))
        let list = priceList
        try list.check(question.limits)
        price = list.total
    }

    func compute(_ stop: StopFlag) throws(Problem) -> Answer {
        if layer.isPrepared { return try computePrepared(stop) }
        var plan = self
        plan.layer = try computing("/temperature") { () throws(DropoutError) in try layer.prepared(stop) }
        plan.draws = Draws([plan.layer], randomness, presentation.mode, isNetwork: false)
        return try plan.computePrepared(stop)
    }

    private func computePrepared(_ stop: StopFlag) throws(Problem) -> Answer {
        let dropout = try firstDropout(stop)
        let monteCarlo = try countedSamples.map { count throws(Problem) in
            try self.monteCarlo(count, dropout, stop)
        }
        if samplesFormat == .ndjson, let monteCarlo {
            return .lines(
                monteCarlo.lines(stop) { (writer: inout JSONWriter) in
                    if include.contains("echo") { echo(to: &writer) }
                })
        }
        let output = try apply(dropout, stop)
        var writer = JSONWriter()
        writer.beginObject()
        if include.contains("output") { writer.tensorField("output", output, form: form) }
        if include.contains("mask") {
            try writer.noise(try shownNoise(dropout, stop), format: presentation.maskFormat, form: form, stop)
        }
        if include.contains("check") {
            writer.check(
                try computing { () throws(DropoutError) in
                    try dropout.check(
                        input: input, output: output, mode: presentation.mode, scheme: presentation.scheme, stop: stop)
                })
        }
        if let monteCarlo { try monteCarlo.write(to: &writer, stop) }
        if isExact, include.contains("exact") { try writeExact(to: &writer, stop) }
        if include.contains("next") { writer.next(draws.moved(by: samples ?? 1)) }
        if include.contains("echo") { echo(to: &writer) }
        writer.endObject()
        return .text(writer.finish())
    }
}
