import DropoutEngine
import TensorJSON

/// A forward pass over one tensor: `input`, a probability, and a seed, a mask or uniforms.
struct TensorForward<Scalar: WireScalar> {
    let input: Tensor<Scalar>
    let form: TensorForm
    let layer: LayerMask
    let randomness: Randomness
    let presentation: Presentation
    let samples: Int?
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
        isExact = reader.bool("exact") ?? false
        let drop = DropFields(reader, isRequired: true)
        let given = try reader.givenRandomness(text: text)
        let input = try reader.tensor("input", of: Scalar.self, text: text)
        if !reader.has("input") { reader.problems.add(reader.pointer, "input is required") }
        var layer: LayerMask?
        if let drop, let shape = input?.tensor.shape {
            layer = LayerMask(
                drop, given: given, shape: shape, layout: presentation.layout, reader: reader)
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

    func answer() throws(Problem) -> JSONText {
        let isTraining = presentation.mode == .train
        let mask = isTraining ? try layer.mask(randomness) : nil
        let output = forward(mask)
        var writer = JSONWriter()
        writer.beginObject()
        if include.contains("output") { writer.tensorField("output", output, form: form) }
        if include.contains("mask"), let mask { writer.mask(mask, format: presentation.maskFormat, form: form) }
        if include.contains("check") {
            writer.check(
                ExpectedValueCheck(
                    input: input, output: output, mask: mask, probability: layer.drop.probability,
                    scheme: presentation.scheme, mode: presentation.mode))
        }
        if let samples, include.contains("samples") { try writeSamples(samples, to: &writer) }
        if isExact, include.contains("exact") { writeExact(to: &writer) }
        if include.contains("echo") { echo(to: &writer) }
        writer.endObject()
        return writer.finish()
    }

    private func forward(_ mask: Mask?) -> Tensor<Scalar> {
        Dropout.forward(
            input, mask: mask, probability: layer.drop.probability, mode: presentation.mode,
            scheme: presentation.scheme, arithmetic: randomness.arithmetic)
    }

    private func writeSamples(_ count: Int, to writer: inout JSONWriter) throws(Problem) {
        var moments = SampleMoments<Scalar>(shape: input.shape)
        for pass in 0..<count {
            moments.add(forward(presentation.mode == .train ? try layer.mask(randomness, pass: pass) : nil))
        }
        let factor = presentation.scheme == .classic ? layer.drop.probability.keep : 1
        writer.moments(
            "samples", count: ("count", count), mean: moments.mean, variance: moments.sampleVariance,
            shape: input.shape)
        writer.field(
            "max_abs_z", moments.maximumAbsoluteZ(expectation: input.elements.map { Double($0) * factor }))
        writer.endObject()
    }

    private func writeExact(to writer: inout JSONWriter) {
        let units = layer.noise.drawn.count
        let moments = ExactEnumeration.moments(
            probabilities: [KeepProbability](repeating: layer.drop.probability, count: units), shape: input.shape
        ) { bits in
            forward((try? Mask(given: bits, shape: layer.noise.drawn, noise: layer.noise)))
        }
        writer.moments(
            "exact", count: ("masks", 1 << units), mean: moments.mean, variance: moments.populationVariance,
            shape: input.shape)
        writer.endObject()
    }

    private func echo(to writer: inout JSONWriter) {
        writer.probability(layer.drop.probability)
        if layer.given == nil { writer.randomness(randomness) }
        writer.field("mode", presentation.mode.rawValue)
        writer.field("scheme", presentation.scheme.rawValue)
        writer.granularity(layer.drop, layer.noise)
        writer.field("layout", presentation.layout.rawValue)
        writer.field("dtype", presentation.type.rawValue)
    }
}
