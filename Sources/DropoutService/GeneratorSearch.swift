import DropoutEngine
import TensorJSON

/// Whether an output's mask is the one that a generator draws from a seed, and if not, which near one is.
///
/// The search is bounded: every generator that takes the seed, the seeds beside it, the first calls, steps and places in
/// the stream after it, and the other types of draw. A match is believed only where chance would not give it.
struct GeneratorSearch {
    /// One generator with its fields, as a request would name them.
    struct Candidate {
        let randomness: Randomness
        /// Whether keep and rate are exchanged.
        let isComplement: Bool
    }

    private(set) var findings: [Finding] = []
    private var matches = false
    private var found: Candidate?
    private var searched = 0
    private var isTelling = false

    /// Nil where there is no probability to draw with, or nothing is drawn.
    init?<Scalar: WireScalar>(
        _ verification: Verification<Scalar>, _ judgement: Verification<Scalar>.Judgement, _ randomness: Randomness,
        layout: Layout, limits: ServiceLimits
    ) {
        guard let probability = judgement.probability, verification.mode == .train else { return nil }
        let states = Self.states(verification)
        let noise = verification.noise
        func agrees(_ candidate: Candidate) -> Int? {
            let drawn =
                candidate.isComplement ? (try? KeepProbability(keep: probability.rate)) : probability
            guard let drawn else { return -1 }
            let draw = DrawSchedule.Draw(noise, probability: drawn)
            let schedule = DrawSchedule(draws: [draw], isNetwork: false)
            guard
                let mask = try? candidate.randomness.mask(noise, pass: 0, draw: 0, schedule: schedule)
            else { return -1 }
            return states.indices.first { states[$0] < 2 && (states[$0] == 1) != (mask.kept[$0] == 1) }
        }
        // How unlikely the observed mask is by chance: what a match means.
        let told = noise.isElementwise ? states.count { $0 < 2 } : noise.drawn.count
        let surprise = -Double(told) * Self.logAgreement(probability)
        searched = 1
        let own = Candidate(randomness: randomness, isComplement: false)
        let misfit = agrees(own)
        matches = misfit == nil
        isTelling = surprise > Self.logCertain
        if matches {
            let scaling = randomness.arithmetic.scaling
            if verification.scheme == .inverted, judgement.findings.isEmpty, judgement.kept > 0,
                !judgement.roundings.contains(scaling), !judgement.roundings.isEmpty
            {
                findings.append(
                    Finding(
                        .otherRounding,
                        "the last bits are those of \(judgement.roundings.map(\.rawValue).joined(separator: ", ")); "
                            + "\(randomness.generator.profile.library) has \(scaling.rawValue)",
                        output: 0, []))
            }
            return
        }
        let candidates = Self.candidates(randomness, limits: limits)
        let cost = candidates.count.multipliedReportingOverflow(by: max(1, states.count))
        if isTelling, !cost.overflow, cost.partialValue <= limits.maximumOperations / 8 {
            for candidate in candidates {
                searched += 1
                if agrees(candidate) == nil {
                    found = candidate
                    break
                }
            }
        }
        var evidence: [(name: String, value: Finding.Evidence)] = []
        if let misfit, misfit >= 0 { evidence.append(("first", .index(misfit))) }
        evidence.append(("searched", .count(searched)))
        findings.append(
            Finding(
                .otherMask,
                found.map { "not this generator's mask; it is that of \($0.name)" }
                    ?? "not the mask that \(randomness.generator.rawValue) draws from this seed", output: 0, evidence))
    }

    /// ln of how sure a match must be: one in ten million over all that is searched.
    private static let logCertain = 23.0

    /// ln of the chance that two independent units agree.
    private static func logAgreement(_ probability: KeepProbability) -> Double {
        let (keep, rate) = (probability.keep, probability.rate)
        return Double.log(keep * keep + rate * rate)
    }

    /// 0 dropped, 1 kept, 2 unknown, of the first output.
    private static func states<Scalar: WireScalar>(_ verification: Verification<Scalar>) -> [UInt8] {
        guard let output = verification.outputs.first else { return [] }
        return zip(verification.input.elements, output.elements).map { x, y in
            if x == 0 || !x.isFinite || !y.isFinite { return 2 }
            return y == 0 ? 0 : 1
        }
    }

    private static func candidates(_ randomness: Randomness, limits: ServiceLimits) -> [Candidate] {
        var result: [Candidate] = []
        func add(_ randomness: Randomness) { result.append(Candidate(randomness: randomness, isComplement: false)) }
        result.append(Candidate(randomness: randomness, isComplement: true))
        for near in randomness.near { add(near) }
        for name in GeneratorName.allCases where name != randomness.generator {
            guard let other = randomness.with(name) else { continue }
            add(other)
            result.append(Candidate(randomness: other, isComplement: true))
            for near in other.near { add(near) }
        }
        return result
    }

    func write(to writer: inout JSONWriter) {
        writer.key("generator")
        writer.beginObject()
        writer.key("matches")
        writer.bool(matches)
        writer.key("conclusive")
        writer.bool(isTelling)
        writer.field("searched", searched)
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

extension GeneratorSearch.Candidate {
    fileprivate var name: String {
        randomness.generator.rawValue + (isComplement ? " with keep and rate exchanged" : "")
    }
}
