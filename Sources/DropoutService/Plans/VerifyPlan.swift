import DropoutEngine
import Stopping
import TensorJSON
import TextCodecs

/// `POST /verify`: is this output dropout at that rate, and if not, which known mistake does it show?
struct VerifyPlan<Scalar: WireScalar>: Plan {
    let verification: Verification<Scalar>
    let layout: Layout
    let granularity: Granularity
    /// Nil if neither a generator nor a seed was given.
    let randomness: Randomness?
    /// What the input has of the noise of a larger tensor.
    private let shard: Shard?
    /// Nanoseconds that the search for near generators may take.
    private(set) var searchLimit = 0
    private(set) var price = Price.zero
    let elements: Int

    static var fields: [String] {
        ["input", "output", "outputs", "mask", "tolerance", Echo.note] + DropFields.fields + Randomness.fields
            + ShardFields.fields + Presentation.fields.filter { $0 != "tensor_format" }
    }

    /// - Throws: a 422 with every wrong field, or with the price of a question that costs too much.
    init(_ question: Question, _ presentation: Presentation) throws(Problem) {
        question.refuseUnknown(besides: Self.fields)
        layout = presentation.layout
        if question.has("output"), question.has("outputs") {
            question.wrong("outputs", "give `output` or `outputs`, not both")
        } else if !question.has("output"), !question.has("outputs") {
            question.wrong("`output`, or `outputs` of several passes, is required")
        }
        question.require("input")
        let drop = DropFields(question, variant: .plain, isRequired: false)
        granularity = question.choice("granularity", Granularity.self) ?? .element
        let tolerance =
            question.number("tolerance", in: 0...0.1, "a relative error from 0 to 0.1")
            ?? presentation.tolerance
        let isNamed = Seed.isGiven(question) || question.isGiven("generator")
        if isNamed, !Seed.isGiven(question) {
            question.wrong("the generator's seed or state is required")
        }
        randomness = isNamed ? try Randomness(question) : nil
        let input = try question.tensor("input", of: Scalar.self, as: presentation.type)?.tensor
        let outputs = try Self.outputs(question, presentation.type)
        let given = try question.givenRandomness(presentation.maskFormat)
        guard let input else {
            try question.throwIfWrong()
            throw .fault("a verification has no error and no input")
        }
        for (index, output) in outputs.enumerated() where output.shape.dimensions != input.shape.dimensions {
            question.note(
                question.has("outputs")
                    ? question.pointer(to: "outputs") + "/\(index)" : question.pointer(to: "output"),
                "the shape is \(output.shape.dimensions); the input's \(input.shape.dimensions) expected")
        }
        let place = ShardFields(question, of: input.shape)
        let full = place?.full ?? input.shape
        if question.has("full_shape"), place == nil { try question.throwIfWrong() }
        let whole =
            drop?.noise(for: full, layout: presentation.layout, question)
            ?? NoiseShape(granularity, of: full, layout: presentation.layout)
        shard = place?.shard(of: whole)
        let noise = shard?.noise ?? whole
        randomness?.checkOrder(noise, question)
        var mask: Mask?
        if case .mask(let given)? = given { mask = try Self.mask(given, input.shape, question) }
        try question.throwIfWrong()
        verification = Verification(
            input: input, outputs: outputs, mask: mask, probability: drop?.probability, noise: noise,
            mode: presentation.mode, scheme: presentation.scheme, tolerance: tolerance, half: presentation.type.half)
        elements = question.elementCount
        let list = priceList
        try list.check(question.limits)
        (price, searchLimit) = withSearch(list.total, question.limits)
    }

    /// The mask of all elements; nil with an entry if it does not fit.
    private static func mask(
        _ given: GivenMask, _ shape: Shape, _ question: Question
    ) throws(Problem) -> Mask? {
        if let misfit = given.misfit(full: shape, drawn: shape) {
            question.wrong("mask", misfit)
            return nil
        }
        do {
            let (bits, ownShape) = try given.bits(full: shape, drawn: shape, stop: question.stop)
            return try Mask(given: bits, shape: ownShape, noise: NoiseShape(elementwise: shape), stop: question.stop)
        } catch {
            switch error {
            case .stopped, .impossible: throw Problem(error, at: question.pointer(to: "mask"))
            default:
                question.wrong("mask", error.explanation)
                return nil
            }
        }
    }

    /// One output, or the list of several.
    private static func outputs(_ question: Question, _ type: ElementType) throws(Problem) -> [Tensor<Scalar>] {
        if let output = try question.tensor("output", of: Scalar.self, as: type)?.tensor { return [output] }
        guard question.has("outputs") else { return [] }
        if case .array(let items)? = question.fields["outputs"] {
            // Tensors in the flat or the base64 form.
            var outputs: [Tensor<Scalar>] = []
            for (index, item) in items.prefix(64).enumerated() {
                let one = question.part(item, index, of: "outputs")
                if let tensor = try one.tensor("\(index)", of: Scalar.self, as: type)?.tensor {
                    outputs.append(tensor)
                }
            }
            if items.count > 64 { question.wrong("outputs", "at most 64 outputs expected, \(items.count) found") }
            return outputs
        }
        guard let all = try question.tensor("outputs", of: Scalar.self, as: type)?.tensor else { return [] }
        guard let count = all.shape.dimensions.first, (1...64).contains(count) else {
            question.wrong("outputs", "a list of 1 to 64 outputs expected, \(question.shortText("outputs")) found")
            return []
        }
        let size = all.elements.count / count
        return (0..<count).compactMap { index in
            guard let shape = try? Shape(Array(all.shape.dimensions.dropFirst())) else { return nil }
            return try? Tensor(Array(all.elements[index * size..<(index + 1) * size]), shape: shape)
        }
    }

    func compute(_ stop: StopFlag) throws(Problem) -> Answer {
        var judgement = try computing { () throws(DropoutError) in try verification.judge(stop: stop) }
        let search = try computing { () throws(DropoutError) in
            try randomness.flatMap { randomness throws(DropoutError) in
                try GeneratorSearch(verification, judgement, randomness, shard, limit: searchLimit, stop)
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
            case .shape(let numbers): writer.shape(numbers)
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
        let rounding = verification.half == nil ? 0 : KernelPrice.roundHalf(count.times(15))
        let judging: KernelPrice = verification.mode == .eval ? .judgeEvaluation : .judge
        list.compute(
            KernelPrice.judgement(1).adding(judging(count)).adding(rounding).times(passes),
            for: passes > 1 ? "/outputs" : "/output")
        // What was done to the right mask, see MaskRelationSearch.
        let relating = KernelPrice.compare(MaskRelationSearch.comparisons(count).adding(count))
        if verification.mask != nil { list.compute(relating.times(passes), for: "/mask") }
        // Periods of the mask, see RepeatedMask.
        if verification.mode == .train {
            list.compute(relating.times(passes), for: passes > 1 ? "/outputs" : "/output")
        }
        list.hold(count.times(Scalar.byteCount).times(passes + 1).adding(count.times(40).times(passes)))
        guard let randomness, verification.mode == .train else { return list }
        list.add(randomness.seed.price, for: "/\(GeneratorState.field)")
        list.draw(randomness, verification.noise, GeneratorSearch.anyProbability, shard: shard, for: "/output")
        list.compute(KernelPrice.compare(count).adding(relating), for: "/output")
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
            randomness, verification.noise, shard, elements: verification.input.elements.count)
        var price = judging
        price.nanoseconds = price.nanoseconds.adding(min(search, left))
        return (price, left)
    }
}
