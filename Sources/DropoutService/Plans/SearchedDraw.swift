import DropoutEngine
import Stopping
import TextCodecs

/// What a generator would have drawn for an output that is judged.
struct SearchedDraw {
    /// One generator with its fields, as a request would name them.
    struct Candidate {
        let randomness: Randomness
        /// Whether keep and rate are exchanged.
        let isComplement: Bool

        /// The generator, and what it has otherwise than the one that was asked for.
        func name(besides asked: Randomness) -> String {
            let changes = randomness.generator == asked.generator ? randomness.changes(from: asked) : []
            return randomness.generator.name
                + (changes.isEmpty ? "" : " with \(changes.joined(separator: ", "))")
                + (isComplement ? " with keep and rate exchanged" : "")
        }
    }

    let noise: NoiseShape
    /// What the output has of the noise of a larger tensor.
    let shard: Shard?
    let variant: DropoutVariant
    /// Drop block, whose anchors are drawn.
    let block: DropBlock?

    init(_ noise: NoiseShape, _ shard: Shard?, variant: DropoutVariant = .dropout, block: DropBlock? = nil) {
        (self.noise, self.shard, self.variant, self.block) = (noise, shard, variant, block)
    }

    /// The noise of the whole tensor.
    var whole: NoiseShape { shard?.whole ?? noise }

    /// A probability for prices, if it is only known after the judgement.
    static let anyProbability = KeepProbability.half

    func draw(_ probability: KeepProbability, kind: DrawSchedule.Draw.Kind = .units) -> DrawSchedule.Draw {
        DrawSchedule.Draw(noise, probability: probability, variant: variant, kind: kind, shard: shard)
    }

    /// The draw, ready to be carried out.
    func pending(
        _ randomness: Randomness, _ probability: KeepProbability, kind: DrawSchedule.Draw.Kind = .units,
        _ stop: StopFlag
    ) throws(DropoutError) -> PendingDraw {
        var cursor = DrawCursor(randomness, DrawSchedule(draws: [draw(probability, kind: kind)]))
        return try cursor.next(stop: stop)
    }

    /// The mask of all elements that a generator draws; nil if it cannot draw one of this shape.
    func kept(
        _ randomness: Randomness, _ probability: KeepProbability, _ stop: StopFlag
    ) throws(DropoutError) -> [UInt8]? {
        do {
            guard let block else { return try pending(randomness, probability, stop).mask(noise, stop: stop).kept }
            let fired = try pending(randomness, try block.anchorProbability, stop).mask(noise, stop: stop).kept
            return try block.kept(fired, stop: stop)
        } catch {
            switch error {
            case .stopped, .impossible: throw error
            default: return nil
            }
        }
    }

    /// The first units of the draw, if they do not depend on how many follow, and if there are more.
    func prefix(of randomness: Randomness) -> SearchedDraw? {
        guard randomness.hasStablePrefix, noise.isElementwise, shard == nil, block == nil,
            noise.drawn.count > Self.prefixUnits
        else { return nil }
        return SearchedDraw(NoiseShape(elementwise: .vector(Self.prefixUnits)), nil, variant: variant)
    }

    /// Enough units that a wrong candidate agrees with them once in 10^9 or less, at any usual rate.
    static let prefixUnits = 512

    /// Whether all elements that contradict a mask, and some do, have drawn exactly the number with which the generator compares.
    func isAtThreshold(
        _ randomness: Randomness, _ probability: KeepProbability, _ states: [ElementState], _ kept: [UInt8],
        _ stop: StopFlag
    ) throws(DropoutError) -> Bool {
        guard shard == nil, block == nil, let comparison = randomness.comparison(of: draw(probability)) else {
            return false
        }
        let units = try pending(randomness, probability, stop).drawnUniforms(noise, stop: stop)
        let numbers = try noise.expand(units, stop: stop)
        guard numbers.count == states.count, kept.count == states.count else { return false }
        let bound = comparison.bound(probability)
        var contradictions = 0
        var place = 0
        while place < states.count {
            try stop.ask()
            let end = min(states.count, place + (1 << 14))
            while place < end {
                if states[place].contradicts(kept: kept[place]) {
                    guard numbers[place] == bound else { return false }
                    contradictions += 1
                }
                place += 1
            }
        }
        return contradictions > 0
    }

    /// Nanoseconds of drawing the numbers behind the mask and comparing them.
    func numbersPrice(_ randomness: Randomness) -> Int {
        randomness.price(noise, Self.anyProbability, shard: shard).nanoseconds
            .adding(KernelPrice.convert(whole.drawn.count.times(3))).adding(KernelPrice.compare(noise.full.count))
    }

    // MARK: Candidates

    /// The neighbours of a draw, and those of the other generators that take the seed.
    func candidates(near randomness: Randomness) -> [Candidate] {
        let draw = draw(Self.anyProbability)
        var result: [Candidate] = []
        func add(_ randomness: Randomness, isComplement: Bool = false) {
            // The anchors of drop block have a probability of their own.
            if isComplement, block != nil { return }
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
    func price(_ candidate: Candidate) -> Int {
        let isPrefix = candidate.randomness.hasStablePrefix && noise.isElementwise && shard == nil && block == nil
        let noise = isPrefix ? NoiseShape(elementwise: .vector(min(noise.drawn.count, Self.prefixUnits))) : noise
        let widening = block.map { KernelPrice.widenBlock($0.shape.count.times($0.shape.rank)) } ?? 0
        return candidate.randomness.price(noise, Self.anyProbability, shard: shard).nanoseconds
            .adding(KernelPrice.compare(noise.full.count)).adding(KernelPrice.pass(1)).adding(widening)
    }

    /// Nanoseconds of all candidates.
    func price(near randomness: Randomness) -> Int {
        candidates(near: randomness).reduce(0) { $0.adding(price($1)) }
    }
}
