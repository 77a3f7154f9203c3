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
    /// One generator with its fields, as a request would name them.
    struct Candidate {
        let randomness: Randomness
        /// Whether keep and rate are exchanged.
        let isComplement: Bool

        /// The generator, and what it has otherwise than the one that was asked for.
        fileprivate func name(besides asked: Randomness) -> String {
            let changes = randomness.generator == asked.generator ? randomness.changes(from: asked) : []
            return randomness.generator.name
                + (changes.isEmpty ? "" : " with \(changes.joined(separator: ", "))")
                + (isComplement ? " with keep and rate exchanged" : "")
        }
    }

    private(set) var findings: [Finding] = []
    private var matches = false
    private var found: Candidate?
    private var searched = 0
    private var isTelling = false
    private var isLimited = false
    /// How the mask comes from the one that was asked for.
    private var relation: MaskRelation?

    /// What the elements of the first output show.
    private let states: [ElementState]
    private let noise: NoiseShape
    /// What the output has of the noise of a larger tensor.
    private let shard: Shard?
    private let probability: KeepProbability
    private let stop: StopFlag

    /// Nil if there is no probability to draw with, or nothing is drawn.
    ///
    /// - Parameter limit: nanoseconds that the candidates may cost together.
    init?<Scalar: WireScalar>(
        _ verification: Verification<Scalar>, _ judgement: Verification<Scalar>.Judgement, _ randomness: Randomness,
        _ shard: Shard?, limit: Int, _ stop: StopFlag
    ) throws(DropoutError) {
        guard let probability = judgement.probability, verification.mode == .train else { return nil }
        self.probability = probability
        self.stop = stop
        noise = verification.noise
        self.shard = shard
        states = judgement.states
        // A match means something only if the observed mask is unlikely by chance.
        isTelling = -Double(judgement.shownUnits) * Self.logAgreement(probability) > Self.logCertain
        searched = 1
        let kept = try draw(randomness, noise, shard, probability)
        let shape = verification.input.shape
        let places = try kept.map { kept throws(DropoutError) in try states.contradictions(of: kept, shape, stop) }
        matches = places?.count == 0
        guard !matches else {
            try noteRounding(verification, judgement, randomness)
            return
        }
        if isTelling {
            try search(randomness, limit: limit)
            if found == nil, let kept { try relate(to: kept, shape) }
        }
        var evidence = places?.evidence(ofShown: states.count { $0 != .unknown }) ?? []
        evidence += relation?.evidence ?? []
        evidence.append(("searched", .count(searched)))
        findings.append(Finding(.otherMask, explanation(randomness), output: 0, evidence))
    }

    private func explanation(_ randomness: Randomness) -> String {
        if let found { return "not this generator's mask; it is that of \(found.name(besides: randomness))" }
        if let relation { return "this generator's mask \(relation.explanation)" }
        return
            "not the mask that \(randomness.generator.name) draws from this \(randomness.seed.isState ? "state" : "seed")"
    }

    /// Looks for what was done to the right mask.
    private mutating func relate(to kept: [UInt8], _ shape: Shape) throws(DropoutError) {
        var search = try MaskRelationSearch(
            states, kept, shape, probability: probability,
            comparisons: MaskRelationSearch.comparisons(kept.count), stop: stop)
        relation = try search.relation()
    }

    /// Judges the last bits of an output whose mask is right.
    private mutating func noteRounding<Scalar: WireScalar>(
        _ verification: Verification<Scalar>, _ judgement: Verification<Scalar>.Judgement, _ randomness: Randomness
    ) throws(DropoutError) {
        let arithmetic = randomness.arithmetic(of: (shard?.whole ?? noise).full.count, probability)
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
        for candidate in Self.candidates(randomness, noise, shard) {
            spent = spent.adding(Self.price(candidate, noise, shard, elements: states.count))
            guard spent <= limit else {
                isLimited = true
                return
            }
            searched += 1
            if try firstMisfit(candidate) == .none {
                found = candidate
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

    private func firstMisfit(_ candidate: Candidate) throws(DropoutError) -> Misfit {
        let drawn = candidate.isComplement ? try KeepProbability(keep: probability.rate) : probability
        if candidate.randomness.hasStablePrefix, noise.isElementwise, shard == nil,
            noise.drawn.count > Self.prefixUnits
        {
            let prefix = NoiseShape(elementwise: .vector(Self.prefixUnits))
            let misfit = try firstMisfit(candidate.randomness, prefix, nil, drawn)
            if misfit != .none { return misfit }
        }
        return try firstMisfit(candidate.randomness, noise, shard, drawn)
    }

    /// Enough units that a wrong candidate agrees with them once in 10^9 or less, at any usual rate.
    private static let prefixUnits = 512

    /// The mask of all elements that a generator draws; nil if it cannot draw one of this shape.
    private func draw(
        _ randomness: Randomness, _ noise: NoiseShape, _ shard: Shard?, _ probability: KeepProbability
    ) throws(DropoutError) -> [UInt8]? {
        do {
            return try randomness.mask(noise, probability, shard: shard, stop).kept
        } catch {
            switch error {
            case .stopped, .impossible: throw error
            default: return nil
            }
        }
    }

    private func firstMisfit(
        _ randomness: Randomness, _ noise: NoiseShape, _ shard: Shard?, _ probability: KeepProbability
    ) throws(DropoutError) -> Misfit {
        guard let kept = try draw(randomness, noise, shard, probability) else { return .undrawable }
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

    // MARK: Candidates

    private static func candidates(
        _ randomness: Randomness, _ noise: NoiseShape, _ shard: Shard?
    ) -> [Candidate] {
        let draw = DrawSchedule.Draw(noise, probability: anyProbability, shard: shard)
        var result: [Candidate] = []
        func add(_ randomness: Randomness, isComplement: Bool = false) {
            result.append(Candidate(randomness: randomness, isComplement: isComplement))
        }
        add(randomness, isComplement: true)
        for near in randomness.near(draw) { add(near) }
        let others = Generator.all.filter { $0 != randomness.generator }
        let isKin = { (other: Generator) in other.library == randomness.generator.library }
        for generator in others.filter(isKin) + others.filter({ !isKin($0) }) {
            guard let other = randomness.with(generator) else { continue }
            add(other)
            add(other, isComplement: true)
            for near in other.near(draw) { add(near) }
        }
        return result
    }

    /// Nanoseconds of one candidate: its prefix if it has one, else its whole mask.
    private static func price(
        _ candidate: Candidate, _ noise: NoiseShape, _ shard: Shard?, elements: Int
    ) -> Int {
        let isPrefix = candidate.randomness.hasStablePrefix && noise.isElementwise && shard == nil
        let noise = isPrefix ? NoiseShape(elementwise: .vector(min(noise.drawn.count, prefixUnits))) : noise
        return candidate.randomness.price(noise, anyProbability, shard: shard).nanoseconds
            .adding(KernelPrice.compare(noise.full.count)).adding(KernelPrice.pass(1))
    }

    /// A probability for prices, if it is only known after the judgement.
    static let anyProbability = KeepProbability.half

    /// Nanoseconds of all candidates.
    static func price(
        _ randomness: Randomness, _ noise: NoiseShape, _ shard: Shard?, elements: Int
    ) -> Int {
        candidates(randomness, noise, shard).reduce(0) { $0.adding(price($1, noise, shard, elements: elements)) }
    }

    func write(to writer: inout JSONWriter) {
        writer.key("generator")
        writer.beginObject()
        writer.key("matches")
        writer.bool(matches)
        writer.key("conclusive")
        writer.bool(isTelling)
        writer.field("searched", searched)
        if isLimited {
            writer.key("search_limited")
            writer.bool(true)
        }
        writer.key("found")
        if let found {
            writer.beginObject()
            writer.randomness(found.randomness)
            writer.key("keep_and_rate_swapped")
            writer.bool(found.isComplement)
            writer.endObject()
        } else {
            writer.null()
        }
        writer.endObject()
    }
}
