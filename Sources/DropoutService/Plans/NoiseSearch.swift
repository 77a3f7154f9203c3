import DropoutEngine
import Stopping
import TensorJSON
import TextCodecs

/// Whether the factors of Gaussian or concrete dropout are those that a generator draws from a seed, and if not, what they are.
///
/// As ``GeneratorSearch``, but for numbers. A factor on the same side of its median as another is taken for the same bit, so
/// that ``MaskRelationSearch`` finds what was done to them.
struct NoiseSearch<Scalar: WireScalar> {
    private(set) var findings: [Finding] = []
    private(set) var result = SearchResult()

    private let verification: VariantVerification<Scalar>
    private let judgement: Verification<Scalar>.Judgement
    private let layer: LayerDraw
    private let draw: SearchedDraw
    /// The factors of the units; NaN for a unit that shows none.
    private let seen: [Double]
    private let stop: StopFlag

    /// - Parameter limit: nanoseconds that the candidates may cost together.
    init(
        _ verification: VariantVerification<Scalar>, _ judgement: Verification<Scalar>.Judgement, _ layer: LayerDraw,
        _ randomness: Randomness, _ draw: SearchedDraw, tolerance: Double, limit: Int, _ stop: StopFlag
    ) throws(DropoutError) {
        (self.verification, self.judgement, self.layer) = (verification, judgement, layer)
        (self.draw, self.stop) = (draw, stop)
        seen = try verification.unitFactors(stop: stop)
        // Another number is as near by chance in some 8 tolerances of all cases.
        let logNear = Double.log(max(8 * tolerance, 1e-15))
        result.isConclusive = -Double(judgement.shownUnits) * min(logNear, 0) > 23
        result.searched = 1
        let expected = try factors(randomness, draw)
        result.matches = try isSame(expected)
        guard !result.matches else { return }
        var name: String?
        var evidence: [(name: String, value: Finding.Evidence)] = []
        if result.isConclusive {
            let relation = try relation(expected)
            if relation.isSameDraw {
                noteLaw(expected, randomness)
                return
            }
            try search(randomness, limit: limit)
            if let found = result.found {
                name = "; they are those of \(found.name(besides: randomness))"
            } else if let relation = relation.relation {
                name = ": they are its factors \(relation.explanation)"
                evidence = relation.evidence
            }
        }
        findings.append(
            Finding(
                .otherNoise,
                "not the factors that \(randomness.generator.name) draws from this "
                    + "\(randomness.seed.isState ? "state" : "seed")\(name ?? "")",
                output: 0, evidence + [("searched", .count(result.searched))]))
    }

    /// The factors that a generator draws.
    private func factors(_ randomness: Randomness, _ draw: SearchedDraw) throws(DropoutError) -> [Double] {
        guard let factors = layer.record.factors else { throw .impossible("a mask is searched by factors") }
        let probability = layer.drop.probability
        let uniforms = try draw.pending(randomness, probability, kind: .uniforms, stop).uniforms(stop: stop)
        return try factors(uniforms, probability, layer.drop.variant, stop)
    }

    /// Whether factors, or the first of them, are those that were seen.
    private func isSame(_ expected: [Double]) throws(DropoutError) -> Bool {
        for (place, factor) in expected.enumerated() {
            if place % (1 << 14) == 0 { try stop.ask() }
            let one = seen[place]
            if !one.isNaN, !verification.isNear(one, factor) { return false }
        }
        return true
    }

    private mutating func search(_ randomness: Randomness, limit: Int) throws(DropoutError) {
        var spent = 0
        let few = min(draw.noise.drawn.count, SearchedDraw.prefixUnits)
        let prefix =
            draw.shard == nil ? SearchedDraw(NoiseShape(elementwise: .vector(few)), nil, variant: draw.variant) : draw
        for near in randomness.near(draw.draw(SearchedDraw.anyProbability)) {
            spent = spent.adding(price(near, prefix))
            guard spent <= limit else {
                result.isLimited = true
                return
            }
            result.searched += 1
            guard try isSame(try factors(near, prefix)), try isSame(try factors(near, draw)) else { continue }
            result.found = SearchedDraw.Candidate(randomness: near, isComplement: false)
            return
        }
    }

    private func price(_ randomness: Randomness, _ draw: SearchedDraw) -> Int {
        Self.price(randomness, draw, layer)
    }

    /// Nanoseconds of drawing and comparing the factors of one candidate.
    static func price(_ randomness: Randomness, _ draw: SearchedDraw, _ layer: LayerDraw) -> Int {
        let units = draw.noise.drawn.count
        let schedule = DrawSchedule(draws: [draw.draw(layer.drop.probability, kind: .uniforms)])
        return randomness.price(of: schedule, passes: 1).nanoseconds
            .adding(layer.record.price.pass(layer, units)).adding(KernelPrice.compare(units)).adding(
                KernelPrice.pass(1))
    }

    // MARK: Relations

    /// What the sides of the factors say: that they are those of the draw itself, or what was done to them.
    private func relation(
        _ expected: [Double]
    ) throws(DropoutError) -> (isSameDraw: Bool, relation: MaskRelation?) {
        // The factor of the uniform that makes the relaxed mask 1/2, or the mean of the normal numbers.
        let keep = layer.drop.probability.keep
        let (middle, probability) =
            if case .gaussian? = verification.law { (1.0, KeepProbability.half) } else {
                (0.5 / max(keep, 1e-300), layer.drop.probability)
            }
        var states: [ElementState] = []
        var bits: [UInt8] = []
        var isSameDraw = true
        for (place, factor) in expected.enumerated() {
            if place % (1 << 14) == 0 { try stop.ask() }
            bits.append(factor > middle ? 1 : 0)
            let one = seen[place]
            let isClear = !one.isNaN && !verification.isNear(one, middle)
            states.append(!isClear ? .unknown : one > middle ? .kept : .dropped)
            if isClear, !verification.isNear(factor, middle), (one > middle) != (factor > middle) { isSameDraw = false }
        }
        // Fewer agree by chance.
        if isSameDraw { return (judgement.shownUnits >= 40, nil) }
        guard draw.noise.isElementwise, draw.shard == nil else { return (false, nil) }
        var search = try MaskRelationSearch(
            states, bits, draw.noise.full, probability: probability,
            comparisons: MaskRelationSearch.comparisons(bits.count), stop: stop)
        return (false, try search.relation())
    }

    /// Notes that the draws are right and their law is not.
    private mutating func noteLaw(_ expected: [Double], _ randomness: Randomness) {
        let isNamed = judgement.findings.contains {
            $0.mistake == .wrongNoise || $0.mistake == .notScaled || $0.mistake == .keepAndRateSwapped
        }
        guard !isNamed else { return }
        var evidence: [(name: String, value: Finding.Evidence)] = []
        if case .gaussian(let deviation)? = verification.law,
            let place = expected.indices.prefix(1 << 14).first(where: {
                !seen[$0].isNaN && (expected[$0] - 1).magnitude > 0.5 * deviation
            })
        {
            let observed = deviation * (seen[place] - 1) / (expected[place] - 1)
            evidence = [("deviation", .number(observed)), ("expected_deviation", .number(deviation))]
        }
        findings.append(
            Finding(
                .wrongNoise,
                "the draws are those of \(randomness.generator.name), and the factors that are made of them are not",
                output: 0, evidence))
    }
}
