import DropoutEngine
import TensorJSON

/// A forward pass over one tensor: `input`, a probability, and a seed, a mask or uniforms.
struct TensorForward<Scalar: WireScalar>: Sendable {
    let input: Tensor<Scalar>
    let form: TensorForm
    let layer: LayerDraw
    let randomness: Randomness
    let presentation: Presentation
    let samples: Int?
    let samplesFormat: SamplesFormat
    let isExact: Bool
    let include: Set<String>
    let limits: ServiceLimits

    private static var parts: [String] { ["output", "mask", "check", "samples", "exact", "echo"] }

    init(
        _ reader: FieldReader, _ presentation: Presentation, text: RequestText, limits: ServiceLimits
    ) throws(Problem) {
        reader.refuseUnknown(besides: ForwardRoute.fields)
        self.presentation = presentation
        self.limits = limits
        randomness = Randomness(reader, limits: limits)
        include = reader.names("include", known: Self.parts) ?? Set(Self.parts)
        samples = reader.natural("samples", upTo: UInt64(UInt32.max)).map { Int($0) }
        samplesFormat = SamplesFormat(reader)
        isExact = reader.bool("exact") ?? false
        let variant = try VariantFields(reader, Scalar.self, text: text)
        let drop = DropFields(reader, variant: variant, isRequired: true)
        if presentation.scheme == .classic, !variant.knowsClassic {
            reader.wrong("scheme", "\(variant.variant.rawValue) has no classic scheme")
        }
        if variant.isContinuous, isExact {
            reader.wrong("exact", "\(variant.variant.rawValue) has no finite number of masks")
        }
        let given = try reader.givenRandomness(text: text)
        let input = try reader.tensor("input", of: Scalar.self, text: text)
        if !reader.has("input") { reader.problems.add(reader.pointer, "input is required") }
        var layer: LayerDraw?
        if let drop, let shape = input?.tensor.shape {
            layer = LayerDraw(
                drop, given: given, shape: shape, layout: presentation.layout, reader: reader)
            layer?.check(randomness)
            if include.contains("check"), presentation.mode == .train, let steps = layer?.checkSteps,
                steps > limits.maximumOperations / 4
            {
                reader.wrong(
                    "block_size",
                    "the check of blocks of this size takes more than \(limits.maximumOperations / 4) steps; "
                        + "leave check out with include")
            }
            let passes = max(samples ?? 1, isExact ? 1 << min(layer?.noise.drawn.count ?? 0, 32) : 1)
            if isExact, let units = layer?.noise.drawn.count, units > ExactEnumeration.maximumUnits {
                reader.wrong("exact", "\(units) units have more than 2^\(ExactEnumeration.maximumUnits) masks")
            } else {
                let (product, overflow) = passes.multipliedReportingOverflow(by: max(shape.count, 1))
                let entry = randomness.entrySteps(passes: passes, unitsPerPass: layer?.noise.drawn.count ?? 0)
                let (steps, sumOverflow) = product.addingReportingOverflow(entry)
                if overflow || sumOverflow || steps > limits.maximumOperations {
                    reader.wrong(
                        isExact ? "exact" : "samples",
                        "\(passes) passes over \(shape.count) elements are more than \(limits.maximumOperations) steps")
                }
            }
        }
        if samples != nil, given != nil {
            reader.wrong("samples", "a given mask or given uniforms are the same in every pass")
        }
        try reader.problems.throwIfAny()
        guard let input, let layer else {
            throw Problem(unanswerable: [.init(pointer: "", detail: "the question is incomplete")])
        }
        self.input = input.tensor
        self.form = presentation.form ?? input.form
        self.layer = layer
    }

    func answer() throws(Problem) -> ForwardAnswer {
        let dropout = try dropout(pass: 0)
        var monteCarlo: MonteCarlo<Scalar>?
        if let samples { monteCarlo = try self.monteCarlo(samples, dropout) }
        if samplesFormat == .ndjson, let monteCarlo {
            return .lines(
                try monteCarlo.lines { (writer: inout JSONWriter) in
                    if include.contains("echo") { echo(to: &writer) }
                })
        }
        let output = try apply(dropout)
        var writer = JSONWriter()
        writer.beginObject()
        if include.contains("output") { writer.tensorField("output", output, form: form) }
        if include.contains("mask") {
            try writer.noise(dropout.noise, format: presentation.maskFormat, form: form)
        }
        if include.contains("check") {
            writer.check(
                try Problem.catching { () throws(DropoutError) in
                    try dropout.check(
                        input: input, output: output, mode: presentation.mode, scheme: presentation.scheme)
                })
        }
        if let monteCarlo, include.contains("samples") { try monteCarlo.write(to: &writer) }
        if isExact, include.contains("exact") { try writeExact(to: &writer) }
        if include.contains("echo") { echo(to: &writer) }
        writer.endObject()
        return .text(writer.finish())
    }

    private func dropout(pass: Int) throws(Problem) -> LayerDropout {
        presentation.mode == .train
            ? try layer.dropout(randomness, pass: pass) : layer.evaluation(randomness)
    }

    private func apply(_ dropout: LayerDropout) throws(Problem) -> Tensor<Scalar> {
        try Problem.catching { () throws(DropoutError) in
            try dropout.apply(input, mode: presentation.mode, scheme: presentation.scheme)
        }
    }

    private func monteCarlo(_ count: Int, _ first: LayerDropout) throws(Problem) -> MonteCarlo<Scalar> {
        let x = input.elements.map { Double($0) }
        let (expectation, variance) = try Problem.catching { () throws(DropoutError) in
            (
                try first.expectation(x, mode: presentation.mode, scheme: presentation.scheme),
                try first.variance(x, mode: presentation.mode, scheme: presentation.scheme)
            )
        }
        return MonteCarlo(
            count: count, shape: input.shape, form: form, expectation: expectation, variance: variance,
            classLayout: nil
        ) { number throws(Problem) in try apply(try dropout(pass: number)) }
    }

    private func writeExact(to writer: inout JSONWriter) throws(Problem) {
        let probabilities = layer.bitProbabilities
        let (mean, variance) = try Problem.catching { () throws(DropoutError) in
            let moments = try ExactEnumeration.moments(probabilities: probabilities, shape: input.shape) {
                bits throws(DropoutError) in
                let dropout =
                    presentation.mode == .train
                    ? try layer.dropout(bits: bits, randomness) : layer.evaluation(randomness)
                return try dropout.apply(input, mode: presentation.mode, scheme: presentation.scheme)
            }
            return (moments.mean, try moments.populationVariance())
        }
        writer.moments(
            "exact", count: ("masks", 1 << probabilities.count), mean: mean, variance: variance, shape: input.shape)
        writer.endObject()
    }

    private func echo(to writer: inout JSONWriter) {
        writer.probability(layer.drop.probability)
        if layer.given == nil { writer.randomness(randomness) }
        writer.field("mode", presentation.mode.rawValue)
        writer.field("scheme", presentation.scheme.rawValue)
        layer.drop.variant.write(to: &writer)
        writer.granularity(layer.drop, layer.noise)
        writer.field("layout", presentation.layout.rawValue)
        writer.field("dtype", presentation.type.rawValue)
    }
}
