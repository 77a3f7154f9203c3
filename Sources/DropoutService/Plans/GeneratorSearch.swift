import DropoutEngine
import Stopping
import TensorJSON
import TextCodecs

/// Whether an output's mask is the one that a generator draws from a seed, and if not, which near one is.
///
/// The candidates have a fixed order. First come the neighbours of the draw that was asked for, see ``Randomness/near(_:)``.
/// Then come the other generators that take the seed, each with its neighbours, those of the same library first.
///
/// The prices of the candidates are added up. The search ends if the sum reaches the limit, never by a clock, and
/// `search_limited` says so. A match counts only if chance would not give it.
struct GeneratorSearch {
    private(set) var findings: [Finding] = []
    private(set) var result = SearchResult()
    /// How the mask comes from the one that was asked for.
    private var relation: MaskRelation?

    /// What the elements of the first output show.
    private let states: [ElementState]
    private let draw: SearchedDraw
    private let probability: KeepProbability
    private let stop: StopFlag

    /// Nil if there is no probability to draw with, or nothing is drawn.
    ///
    /// - Parameter limit: nanoseconds that the candidates may cost together.
    init?<Scalar: WireScalar>(
        _ verification: Verification<Scalar>, _ judgement: Verification<Scalar>.Judgement, _ randomness: Randomness,
        _ draw: SearchedDraw, limit: Int, _ stop: StopFlag
    ) throws(DropoutError) {
        guard let probability = judgement.probability, verification.mode == .train else { return nil }
        self.probability = probability
        self.stop = stop
        self.draw = draw
        states = judgement.states
        // A match means something only if the observed mask is unlikely by chance.
        result.isConclusive = -Double(judgement.shownUnits) * Self.logAgreement(probability) > Self.logCertain
        result.searched = 1
        let kept = try draw.kept(randomness, probability, stop)
        let shape = verification.input.shape
        let places = try kept.map { kept throws(DropoutError) in try states.contradictions(of: kept, shape, stop) }
        result.matches = places?.count == 0
        guard !result.matches else {
            try noteRounding(verification, judgement, randomness)
            return
        }
        let hasRule = randomness.generator.parameters.contains(.keepWhen)
        let threshold = draw.numbersPrice(randomness)
        if result.isConclusive, !hasRule, threshold <= limit, let kept, try isAtThreshold(randomness, kept) {
            relation = .atThreshold
        } else if result.isConclusive {
            try search(randomness, limit: limit - min(threshold, limit))
            if result.found == nil, hasRule, threshold <= limit, let kept, try isAtThreshold(randomness, kept) {
                relation = .atThreshold
            }
            if result.found == nil, relation == nil, let kept { try relate(to: kept, shape) }
        }
        var evidence = places?.evidence(ofShown: states.count { $0 != .unknown }) ?? []
        evidence += relation?.evidence ?? []
        evidence.append(("searched", .count(result.searched)))
        findings.append(Finding(.otherMask, explanation(randomness), output: 0, evidence))
    }

    private func explanation(_ randomness: Randomness) -> String {
        if let found = result.found {
            return "not this generator's mask; it is that of \(found.name(besides: randomness))"
        }
        if let relation { return "this generator's mask \(relation.explanation)" }
        return
            "not the mask that \(randomness.generator.name) draws from this \(randomness.seed.isState ? "state" : "seed")"
    }

    /// Whether the comparison is the one mistake. A generator with a field for it is searched with that field before.
    private func isAtThreshold(_ randomness: Randomness, _ kept: [UInt8]) throws(DropoutError) -> Bool {
        try draw.isAtThreshold(randomness, probability, states, kept, stop)
    }

    /// Looks for what was done to the right mask.
    ///
    /// Drop block's elements are not drawn one by one, so that chance would make them agree.
    private mutating func relate(to kept: [UInt8], _ shape: Shape) throws(DropoutError) {
        guard draw.block == nil else { return }
        var search = try MaskRelationSearch(
            states, kept, shape, probability: probability,
            comparisons: MaskRelationSearch.comparisons(kept.count), stop: stop)
        relation = try search.relation()
    }

    /// Judges the last bits of an output whose mask is right.
    private mutating func noteRounding<Scalar: WireScalar>(
        _ verification: Verification<Scalar>, _ judgement: Verification<Scalar>.Judgement, _ randomness: Randomness
    ) throws(DropoutError) {
        let arithmetic = randomness.arithmetic(of: draw.whole.full.count, probability)
        let scaling = arithmetic.scaling
        guard verification.scheme == .inverted, judgement.findings.isEmpty, judgement.kept > 0,
            !judgement.roundings.contains(scaling), !judgement.roundings.isEmpty,
            try !verification.hasBits(of: arithmetic, probability: probability, stop: stop)
        else { return }
        findings.append(
            Finding(
                .otherRounding,
                "the last bits are those of \(judgement.roundings.map(\.rawValue).joined(separator: ", ")); "
                    + "\(randomness.generator.library) has \(scaling.rawValue)",
                output: 0, []))
    }

    private mutating func search(_ randomness: Randomness, limit: Int) throws(DropoutError) {
        var spent = 0
        for candidate in draw.candidates(near: randomness) {
            spent = spent.adding(draw.price(candidate))
            guard spent <= limit else {
                result.isLimited = true
                return
            }
            result.searched += 1
            if try firstMisfit(candidate) == .none {
                result.found = candidate
                return
            }
        }
    }

    /// Where a candidate's mask first differs from what the output shows.
    private enum Misfit: Equatable {
        case none
        case at(Int)
        /// The generator cannot draw this mask.
        case undrawable
    }

    private func firstMisfit(_ candidate: SearchedDraw.Candidate) throws(DropoutError) -> Misfit {
        let drawn = candidate.isComplement ? try KeepProbability(keep: probability.rate) : probability
        if let prefix = draw.prefix(of: candidate.randomness) {
            let misfit = try firstMisfit(candidate.randomness, prefix, drawn)
            if misfit != .none { return misfit }
        }
        return try firstMisfit(candidate.randomness, draw, drawn)
    }

    private func firstMisfit(
        _ randomness: Randomness, _ draw: SearchedDraw, _ probability: KeepProbability
    ) throws(DropoutError) -> Misfit {
        guard let kept = try draw.kept(randomness, probability, stop) else { return .undrawable }
        var place = 0
        while place < kept.count {
            try stop.ask()
            let end = min(kept.count, place + (1 << 16))
            while place < end {
                if states[place].contradicts(kept: kept[place]) { return .at(place) }
                place += 1
            }
        }
        return .none
    }

    /// ln of how sure a match must be: one in ten million over all that is searched.
    private static let logCertain = 23.0

    /// ln of the chance that two independent units agree.
    private static func logAgreement(_ probability: KeepProbability) -> Double {
        let (keep, rate) = (probability.keep, probability.rate)
        return Double.log(keep * keep + rate * rate)
    }
}
