import DropoutEngine
import TensorJSON

/// A forward pass through dense layers, each with its own dropout.
struct NetworkForward<Scalar: WireScalar>: Sendable {
    let network: NetworkFields<Scalar>
    let randomness: Randomness
    let presentation: Presentation
    let samples: Int?
    let samplesFormat: SamplesFormat
    let isExact: Bool
    let include: Set<String>

    private static var parts: [String] { ["output", "layers", "samples", "exact", "echo"] }

    init(
        _ reader: FieldReader, _ presentation: Presentation, text: RequestText, limits: ServiceLimits
    ) throws(Problem) {
        reader.refuseUnknown(besides: ForwardRoute.fields)
        for name in DropFields.fields + VariantFields.fields + ["mask", "uniforms"] where reader.isGiven(name) {
            reader.wrong(name, "with layers this stands in each layer")
        }
        self.presentation = presentation
        randomness = Randomness(reader, limits: limits)
        if randomness.offset != 0 { reader.wrong("offset", "with layers the offset must be 0") }
        include = reader.names("include", known: Self.parts) ?? Set(Self.parts)
        samples = reader.natural("samples", upTo: UInt64(UInt32.max)).map { Int($0) }
        samplesFormat = SamplesFormat(reader)
        isExact = reader.bool("exact") ?? false
        let network = try NetworkFields<Scalar>(reader, presentation, randomness, text: text)
        if let network {
            network.limit(
                max(1, samples ?? 1), limits, randomness, reader, field: samples == nil ? "layers" : "samples")
            if isExact {
                let units = network.masks.compactMap { $0?.noise.drawn.count }.reduce(0) { $0 &+ min($1, 1 << 32) }
                if units > ExactEnumeration.maximumUnits {
                    reader.wrong("exact", "\(units) units have more than 2^\(ExactEnumeration.maximumUnits) masks")
                } else {
                    network.limit(1 << units, limits, randomness, reader, field: "exact")
                }
            }
        }
        try reader.problems.throwIfAny()
        guard let network else {
            throw Problem(unanswerable: [.init(pointer: "", detail: "the question is incomplete")])
        }
        self.network = network
    }

    func answer() throws(Problem) -> ForwardAnswer {
        let dropout = try network.dropout(randomness)
        let traces = try forward(dropout)
        let monteCarlo = samples.map { self.monteCarlo($0, shape: traces.last?.output.shape ?? .scalar) }
        if samplesFormat == .ndjson, let monteCarlo {
            return .lines(
                try monteCarlo.lines { (writer: inout JSONWriter) in
                    if include.contains("echo") { echo(to: &writer) }
                })
        }
        var writer = JSONWriter()
        writer.beginObject()
        if include.contains("output"), let last = traces.last {
            writer.tensorField("output", last.output, form: network.form)
        }
        if include.contains("layers") { try writeLayers(traces, dropout, to: &writer) }
        if let monteCarlo, include.contains("samples") { try monteCarlo.write(to: &writer) }
        if isExact, include.contains("exact") { try writeExact(to: &writer) }
        if include.contains("echo") { echo(to: &writer) }
        writer.endObject()
        return .text(writer.finish())
    }

    private func echo(to writer: inout JSONWriter) {
        if network.isDrawn { writer.randomness(randomness) }
        writer.field("mode", presentation.mode.rawValue)
        writer.field("scheme", presentation.scheme.rawValue)
        writer.field("layout", presentation.layout.rawValue)
        writer.field("dtype", presentation.type.rawValue)
    }

    private func forward(_ dropout: [LayerDropout?]) throws(Problem) -> [LayerTrace<Scalar>] {
        do {
            return try Network.forward(
                network.dense, input: network.input, dropout: dropout, layout: presentation.layout,
                scheme: presentation.scheme, mode: presentation.mode)
        } catch {
            throw Problem(unanswerable: [.init(pointer: "/layers", detail: error.explanation)])
        }
    }

    private func writeLayers(
        _ traces: [LayerTrace<Scalar>], _ dropout: [LayerDropout?], to writer: inout JSONWriter
    ) throws(Problem) {
        writer.key("layers")
        writer.beginArray()
        for (index, trace) in traces.enumerated() {
            writer.beginObject()
            writer.tensorField("pre_activation", trace.preActivation, form: network.form)
            writer.tensorField("activation", trace.activation, form: network.form)
            if let drop = dropout[index], let mask = network.masks[index] {
                if presentation.mode == .train {
                    try writer.noise(drop.noise, format: presentation.maskFormat, form: network.form)
                }
                writer.tensorField("output", trace.output, form: network.form)
                writer.check(try check(index, traces, drop))
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
        _ index: Int, _ traces: [LayerTrace<Scalar>], _ drop: LayerDropout
    ) throws(Problem) -> ExpectedValueCheck {
        let trace = traces[index]
        guard case .connect = drop.operation else {
            return try Problem.catching { () throws(DropoutError) in
                try drop.check(
                    input: trace.activation, output: trace.output, mode: presentation.mode,
                    scheme: presentation.scheme)
            }
        }
        let below = index == 0 ? network.input : traces[index - 1].output
        return try Problem.catching { () throws(DropoutError) in
            try drop.connectCheck(
                layer: network.dense[index], input: below, output: trace.preActivation, layout: presentation.layout,
                mode: presentation.mode, scheme: presentation.scheme)
        }
    }

    /// The expectation of a network's output has no closed form.
    private func monteCarlo(_ count: Int, shape: Shape) -> MonteCarlo<Scalar> {
        let isSoftmax = network.dense.last?.activation == .softmax && network.masks.last.map { $0 == nil } ?? false
        return MonteCarlo(
            count: count, shape: shape, form: network.form, expectation: nil, variance: nil,
            classLayout: isSoftmax ? presentation.layout : nil
        ) { number throws(Problem) in
            try forward(try network.dropout(randomness, pass: number)).last?.output ?? network.input
        }
    }

    private func writeExact(to writer: inout JSONWriter) throws(Problem) {
        let masks = network.masks.compactMap { $0 }
        let probabilities = masks.flatMap(\.bitProbabilities)
        let plain = try forward(try network.dropout(randomness)).last?.output ?? network.input
        let (mean, variance) = try Problem.catching { () throws(DropoutError) in
            let moments = try ExactEnumeration.moments(probabilities: probabilities, shape: plain.shape) {
                bits throws(DropoutError) in
                var rest = bits[...]
                var dropout: [LayerDropout?] = []
                for mask in network.masks {
                    guard let mask else {
                        dropout.append(nil)
                        continue
                    }
                    let units = Array(rest.prefix(mask.noise.drawn.count))
                    rest = rest.dropFirst(units.count)
                    dropout.append(try mask.dropout(bits: units, randomness))
                }
                let traces = try Network.forward(
                    network.dense, input: network.input, dropout: dropout, layout: presentation.layout,
                    scheme: presentation.scheme, mode: presentation.mode)
                return traces.last?.output ?? network.input
            }
            return (moments.mean, try moments.populationVariance())
        }
        writer.moments(
            "exact", count: ("masks", 1 << probabilities.count), mean: mean, variance: variance, shape: plain.shape)
        writer.endObject()
    }
}
