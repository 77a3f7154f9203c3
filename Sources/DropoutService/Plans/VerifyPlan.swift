import DropoutEngine
import Stopping
import TensorJSON
import TextCodecs

/// `POST /verify`: is this output dropout at that rate, and if not, which known mistake does it show?
struct VerifyPlan<Scalar: WireScalar>: Plan {
    let verification: Verification<Scalar>
    let layout: Layout
    let granularity: Granularity
    /// Nil where no generator and no seed was given.
    let randomness: Randomness?
    /// Nanoseconds that the search for near generators may take.
    private(set) var searchLimit = 0
    private(set) var price = Price.zero
    let elements: Int

    static var fields: [String] {
        ["input", "output", "outputs", "mask", "tolerance", Echo.note] + DropFields.fields + Randomness.fields
            + Presentation.fields.filter { $0 != "tensor_format" }
    }

    /// - Throws: a 422 with every wrong field, or with the price of a question that costs too much.
    init(
        _ reader: FieldReader, _ presentation: Presentation, text: RequestText, limits: ServiceLimits
    ) throws(Problem) {
        reader.refuseUnknown(besides: Self.fields)
        layout = presentation.layout
        if reader.has("output"), reader.has("outputs") {
            reader.wrong("outputs", "output and outputs exclude each other")
        } else if !reader.has("output"), !reader.has("outputs") {
            reader.problems.add(reader.pointer, "output, or outputs of several passes, is required")
        }
        reader.require("input")
        let drop = DropFields(reader, variant: .plain, isRequired: false)
        granularity = reader.choice("granularity", Granularity.self) ?? .element
        // Single precision where the numbers were written with fewer digits.
        let tolerance =
            reader.number("tolerance", in: 0...0.1, "a relative error from 0 to 0.1")
            ?? (presentation.type == .float32 ? 1e-6 : 1e-5)
        let isNamed = Seed.isGiven(reader) || reader.isGiven("generator")
        if isNamed, !Seed.isGiven(reader) {
            reader.problems.add(reader.pointer, "the generator's seed or state is required")
        }
        randomness = isNamed ? try Randomness(reader, text: text) : nil
        let input = try reader.tensor("input", of: Scalar.self, text: text)?.tensor
        let outputs = try Self.outputs(reader, text: text)
        let given = try reader.givenRandomness(presentation.maskFormat, text: text)
        guard let input else {
            try reader.problems.throwIfAny()
            throw .fault("a verification has no error and no input")
        }
        for (index, output) in outputs.enumerated() where output.shape.dimensions != input.shape.dimensions {
            reader.problems.add(
                reader.has("outputs") ? reader.pointer(to: "outputs") + "/\(index)" : reader.pointer(to: "output"),
                "the shape is \(output.shape.dimensions); the input's \(input.shape.dimensions) expected")
        }
        let noise =
            drop?.noise(for: input.shape, layout: presentation.layout)
            ?? NoiseShape(granularity, of: input.shape, layout: presentation.layout)
        randomness?.checkOrder(noise, reader)
        var mask: Mask?
        if case .mask(let given)? = given { mask = try Self.mask(given, input.shape, reader, text) }
        try reader.problems.throwIfAny()
        verification = Verification(
            input: input, outputs: outputs, mask: mask, probability: drop?.probability, noise: noise,
            mode: presentation.mode, scheme: presentation.scheme, tolerance: tolerance)
        elements = reader.elements.value
        let list = priceList
        try list.check(limits)
        (price, searchLimit) = withSearch(list.total, limits)
    }

    /// The mask of all elements; nil with an entry if it does not fit.
    private static func mask(
        _ given: GivenMask, _ shape: Shape, _ reader: FieldReader, _ text: RequestText
    ) throws(Problem) -> Mask? {
        if let misfit = given.misfit(full: shape, drawn: shape) {
            reader.wrong("mask", misfit)
            return nil
        }
        do {
            let (bits, ownShape) = try given.bits(full: shape, drawn: shape, stop: text.stop)
            return try Mask(given: bits, shape: ownShape, noise: NoiseShape(elementwise: shape), stop: text.stop)
        } catch {
            switch error {
            case .stopped, .impossible: throw Problem(error, at: reader.pointer(to: "mask"))
            default:
                reader.wrong("mask", error.explanation)
                return nil
            }
        }
    }

    /// One output, or the list of several.
    private static func outputs(_ reader: FieldReader, text: RequestText) throws(Problem) -> [Tensor<Scalar>] {
        if let output = try reader.tensor("output", of: Scalar.self, text: text)?.tensor { return [output] }
        guard let value = reader.object["outputs"] else { return [] }
        if case .array(let items) = value {
            // Tensors in the flat or the base64 form.
            var outputs: [Tensor<Scalar>] = []
            for (index, item) in items.prefix(64).enumerated() {
                let one = FieldReader(item: item, at: index, of: "outputs", in: reader)
                if let tensor = try one.tensor("\(index)", of: Scalar.self, text: text)?.tensor {
                    outputs.append(tensor)
                }
            }
            if items.count > 64 { reader.wrong("outputs", "at most 64 outputs expected, \(items.count) found") }
            return outputs
        }
        guard let all = try reader.tensor("outputs", of: Scalar.self, text: text)?.tensor else { return [] }
        guard let count = all.shape.dimensions.first, (1...64).contains(count) else {
            reader.wrong("outputs", "a list of 1 to 64 outputs expected")
            return []
        }
        let size = all.elements.count / count
        return (0..<count).compactMap { index in
            guard let shape = try? Shape(Array(all.shape.dimensions.dropFirst())) else { return nil }
            return try? Tensor(Array(all.elements[index * size..<(index + 1) * size]), shape: shape)
        }
    }

    func answer(_ stop: StopFlag) throws(Problem) -> Answer {
        var judgement = try computing { () throws(DropoutError) in try verification.judge(stop: stop) }
        let search = try computing { () throws(DropoutError) in
            try randomness.flatMap { randomness throws(DropoutError) in
                try GeneratorSearch(verification, judgement, randomness, limit: searchLimit, stop)
            }
        }
        if let search { judgement.findings += search.findings }
        var writer = JSONWriter()
        writer.beginObject()
        writer.key("is_dropout")
        writer.bool(judgement.findings.isEmpty)
        writer.field("verdict", judgement.findings.first?.mistake.rawValue ?? "dropout")
        writer.key("findings")
        writer.beginArray()
        for finding in judgement.findings { write(finding, to: &writer) }
        writer.endArray()
        if let probability = judgement.probability {
            writer.probability(probability)
        } else {
            writer.field("keep_prob", nil as Double?)
            writer.field("rate", nil as Double?)
        }
        writer.key("rate_inferred")
        writer.bool(judgement.isInferred)
        writer.field("kept", judgement.kept)
        writer.field("dropped", judgement.dropped)
        writer.field("kept_units", judgement.keptUnits)
        writer.field("units", judgement.units)
        writer.field("z_score", judgement.zScore)
        writer.field("factor", judgement.factor)
        writer.key("rounding")
        writer.beginObject()
        writer.key("scalings")
        writer.beginArray()
        for scaling in judgement.roundings { writer.string(scaling.rawValue) }
        writer.endArray()
        writer.key("libraries")
        writer.beginArray()
        for library in Self.libraries(judgement.roundings) { writer.string(library) }
        writer.endArray()
        writer.endObject()
        if let search { search.write(to: &writer) }
        writer.endObject()
        return .text(writer.finish())
    }

    /// The libraries whose way to scale is among `scalings`.
    private static func libraries(_ scalings: [DropoutArithmetic.Scaling]) -> [String] {
        var names: [String] = []
        for generator in Generator.all
        where scalings.contains(generator.arithmetic.scaling) && !names.contains(generator.library) {
            names.append(generator.library)
        }
        return names
    }

    private func write(_ finding: Finding, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.field("mistake", finding.mistake.rawValue)
        writer.field("detail", finding.detail)
        writer.field("output", finding.output)
        writer.key("evidence")
        writer.beginObject()
        for (name, value) in finding.evidence {
            writer.key(name)
            switch value {
            case .count(let count): writer.integer(Int64(count))
            case .number(let number): writer.number(number)
            case .text(let text): writer.string(text)
            case .index(let index): writer.shape(place(index))
            }
        }
        writer.endObject()
        writer.endObject()
    }

    /// The coordinates of an element.
    private func place(_ index: Int) -> [Int] {
        var rest = index
        var place: [Int] = []
        for extent in verification.input.shape.dimensions.reversed() {
            place.append(extent > 0 ? rest % extent : 0)
            rest /= max(extent, 1)
        }
        return place.reversed()
    }

    // MARK: Prices

    /// The judgement and the draw of the mask that was asked for. The search takes what is left of the limit.
    private var priceList: PriceList {
        let count = verification.input.elements.count
        var list = PriceList()
        let passes = verification.outputs.count
        let judging: KernelPrice = verification.mode == .eval ? .judgeEvaluation : .judge
        list.compute(
            KernelPrice.judgement(1).adding(judging(count)).times(passes),
            for: passes > 1 ? "/outputs" : "/output")
        list.hold(count.times(Scalar.byteCount).times(passes + 1).adding(count.times(40).times(passes)))
        guard let randomness, verification.mode == .train else { return list }
        list.add(randomness.seed.price, for: "/\(GeneratorState.field)")
        list.draw(randomness, verification.noise, GeneratorSearch.anyProbability, for: "/output")
        list.compute(KernelPrice.compare(count), for: "/output")
        return list
    }

    /// The price with that of the search.
    ///
    /// The search may take five times what the judgement takes, and a small question's at least 5 ms, within the limit of a
    /// request.
    private func withSearch(_ judging: Price, _ limits: ServiceLimits) -> (price: Price, limit: Int) {
        guard let randomness, verification.mode == .train else { return (judging, 0) }
        let left = min(
            limits.maximumNanoseconds - judging.nanoseconds, max(5_000_000, judging.nanoseconds.times(5)))
        let search = GeneratorSearch.price(
            randomness, verification.noise, elements: verification.input.elements.count)
        var price = judging
        price.nanoseconds = price.nanoseconds.adding(min(search, left))
        return (price, left)
    }
}
