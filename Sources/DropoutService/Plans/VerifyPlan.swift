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
    /// The variant; nil for dropout itself.
    let layer: LayerDraw?
    /// What a generator would have drawn.
    let draw: SearchedDraw
    /// The derivatives by the output and those by the input. Nil if none are judged.
    let gradients: (upstream: Tensor<Scalar>, gradient: Tensor<Scalar>)?
    /// Nanoseconds that the search for near generators may take.
    private(set) var searchLimit = 0
    private(set) var price = Price.zero
    let elements: Int

    static var fields: [String] {
        ["input", "output", "outputs", "mask", "tolerance", upstreamField, gradientField, Echo.note] + DropFields.fields
            + VariantFields.fields + Randomness.fields + ShardFields.fields
            + Presentation.fields.filter { $0 != "tensor_format" }
    }

    static var upstreamField: String { "output_gradient" }
    static var gradientField: String { "gradient" }

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
        let variant = try Self.variant(question, presentation)
        let drop = DropFields(question, variant: variant, isRequired: !variant.record.isDefault)
        granularity = question.choice("granularity", Granularity.self) ?? .element
        let tolerance =
            question.number("tolerance", in: 0...0.1, "a relative error from 0 to 0.1")
            ?? presentation.tolerance
        let isNamed = Seed.isGiven(question) || question.isGiven("generator")
        if isNamed, !Seed.isGiven(question) {
            question.wrong("the generator's seed or state is required")
        }
        // Fields that nothing is compared with are checked all the same.
        let named = try Randomness(question)
        randomness = isNamed ? named : nil
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
        gradients = try Self.gradients(question, presentation, input.shape)
        let place = ShardFields(question, of: input.shape)
        let full = place?.full ?? input.shape
        if question.has("full_shape"), place == nil { try question.throwIfWrong() }
        if variant.record.isDefault {
            layer = nil
            let whole =
                drop?.noise(for: full, layout: presentation.layout, question)
                ?? NoiseShape(granularity, of: full, layout: presentation.layout)
            let shard = place?.shard(of: whole)
            draw = SearchedDraw(shard?.noise ?? whole, shard)
            randomness?.checkOrder(draw.noise, question)
        } else {
            layer = Self.layer(question, drop, input.shape, place, presentation)
            if let layer, let randomness { layer.check(randomness, question) }
            draw =
                layer.map { SearchedDraw($0.noise, $0.shard, variant: variant.record.variant, block: $0.block) }
                ?? SearchedDraw(NoiseShape(elementwise: input.shape), nil)
        }
        var mask: Mask?
        if case .mask(let given)? = given {
            if variant.record.isContinuous { question.wrong("mask", "\(variant.name) has no mask") }
            mask = try Self.mask(given, input.shape, question)
        }
        try question.throwIfWrong()
        verification = Verification(
            input: input, outputs: outputs, mask: mask, probability: drop?.probability,
            noise: layer?.maskNoise ?? draw.noise, mode: presentation.mode, scheme: presentation.scheme,
            tolerance: tolerance, half: presentation.type.half, isVariant: layer != nil)
        elements = question.elementCount
        let list = priceList
        try list.check(question.limits)
        (price, searchLimit) = withSearch(list.total, question.limits)
    }

    func compute(_ stop: StopFlag) throws(Problem) -> Answer {
        let (judgement, search) = try judge(stop)
        return answer(judgement, search)
    }

    /// The judgement of the output and of the gradient, and what a search of generators found.
    private func judge(
        _ stop: StopFlag
    ) throws(Problem) -> (judgement: Verification<Scalar>.Judgement, search: SearchResult?) {
        try computing { () throws(DropoutError) in
            guard let layer, let probability = verification.probability else {
                return try judge(try verification.judge(stop: stop), verification, stop)
            }
            let operation = try layer.prepared(stop).operation
            guard let operation else { throw .impossible("a variant is judged before it is prepared") }
            if case .scale = operation { return try judge(try verification.judge(stop: stop), verification, stop) }
            let law = try layer.record.law.map { law throws(DropoutError) in try law(probability, layer.drop.variant) }
            let variant = VariantVerification(operation, law: law, verification, probability)
            var (judgement, shown) = try variant.judge(stop: stop)
            guard law != nil, verification.mode == .train else { return try judge(judgement, shown, stop) }
            let search = try randomness.map { randomness throws(DropoutError) in
                try NoiseSearch(
                    variant, judgement, layer, randomness, draw, tolerance: verification.tolerance, limit: searchLimit,
                    stop)
            }
            judgement.findings += search?.findings ?? []
            let factors = try verification.noise.expand(try variant.unitFactors(stop: stop), stop: stop)
            judgement.findings += try gradientFindings(judgement, .each(factors), stop)
            return (judgement, search?.result)
        }
    }

    /// Adds what a generator and the gradient say to a judgement of the output.
    ///
    /// - Parameter shown: the draws that the output shows, as plain dropout.
    private func judge(
        _ judgement: Verification<Scalar>.Judgement, _ shown: Verification<Scalar>, _ stop: StopFlag
    ) throws(DropoutError) -> (judgement: Verification<Scalar>.Judgement, search: SearchResult?) {
        var judgement = judgement
        // Values that are neither kept nor dropped show no draw.
        let showsDraws = judgement.states.count == verification.input.elements.count
        let search = try (showsDraws ? randomness : nil).flatMap { randomness throws(DropoutError) in
            try GeneratorSearch(shown, judgement, randomness, draw, limit: searchLimit, stop)
        }
        judgement.findings += search?.findings ?? []
        judgement.findings += try gradientFindings(judgement, .one(gradientFactor(judgement)), stop)
        return (judgement, search?.result)
    }

    private func gradientFindings(
        _ judgement: Verification<Scalar>.Judgement, _ factor: GradientVerification<Scalar>.Factor, _ stop: StopFlag
    ) throws(DropoutError) -> [Finding] {
        guard let gradients else { return [] }
        let unknown = [ElementState](repeating: .unknown, count: verification.input.elements.count)
        return try GradientVerification(
            upstream: gradients.upstream, gradient: gradients.gradient, factor: factor,
            probability: judgement.probability ?? .half, tolerance: verification.tolerance, half: verification.half
        ).judge(judgement.states.count == unknown.count ? judgement.states : unknown, stop: stop)
    }

    /// The derivative of a kept element.
    private func gradientFactor(_ judgement: Verification<Scalar>.Judgement) -> Double {
        if let layer, let factor = layer.keptDerivative { return factor }
        if layer?.block != nil { return judgement.factor ?? 1 }
        if verification.scheme == .classic { return 1 }
        guard let probability = judgement.probability, probability.keep > 0 else { return judgement.factor ?? 1 }
        return 1 / probability.keep
    }
}

extension LayerDraw {
    /// Drop block; nil for another variant.
    var block: DropBlock? { if case .block(let block)? = operation { block } else { nil } }

    /// The derivative of a kept element's output, if it is not that of dropout.
    var keptDerivative: Double? {
        switch operation {
        case .alpha?: AlphaDropout<Double>(drop.probability).factor
        case .zoneout?: 1
        case .scale?, .multiply?, .block?, .connect?, nil: nil
        }
    }
}
