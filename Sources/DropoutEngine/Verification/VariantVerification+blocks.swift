import Stopping
import TextCodecs

/// Drop block: the dropped elements are whole blocks, and the kept ones are scaled by the part that is left.
extension VariantVerification {
    func blocks(_ block: DropBlock, _ stop: StopFlag) throws(DropoutError) -> Judgement {
        guard block.shape == plain.input.shape else {
            throw .impossible("blocks of the shape \(block.shape.dimensions) are judged")
        }
        var judgement = bare([])
        for (number, output) in plain.outputs.enumerated() {
            let one = try ObservedOutput(
                input: plain.input.elements, output: output.elements, half: plain.half, stop: stop)
            judgement.kept += one.kept
            judgement.dropped += one.dropped
            if number == 0 {
                judgement.states = one.states
                judgement.factor = try one.medianFactor(stop: stop)
                judgement.shownUnits = (one.kept + one.dropped) / Self.volume(block)
            }
            if let finding = try plain.nonFinite(one, number, stop) { judgement.findings.append(finding) }
            if let mask = plain.mask {
                let places = try one.contradictions(of: mask.kept, block.shape, stop)
                if places.count > 0 {
                    judgement.findings.append(
                        Finding(.maskDiffers, "not the given mask", output: number, one.evidence(of: places)))
                }
            }
            if let finding = try scale(block, one, number, stop) { judgement.findings.append(finding) }
            if let finding = try incomplete(block, one, number, stop) {
                judgement.findings.append(finding)
                continue
            }
            judgement.findings += try fraction(block, one, number, &judgement, stop)
        }
        return judgement
    }

    /// The elements of a block.
    private static func volume(_ block: DropBlock) -> Int {
        (2..<block.shape.rank).reduce(1) { volume, _ in max(1, volume.times(block.block)) }
    }

    /// The mistake of kept elements that are not scaled by count / Σ m.
    private func scale(
        _ block: DropBlock, _ one: ObservedOutput<Scalar>, _ number: Int, _ stop: StopFlag
    ) throws(DropoutError) -> Finding? {
        guard one.kept > 0, let factor = try one.medianFactor(stop: stop) else { return nil }
        let count = Double(one.states.count)
        // An element that shows nothing may be kept or dropped.
        let hidden = count - Double(one.kept + one.dropped)
        let (least, most) = (count / (Double(one.kept) + hidden + 1e-6), count / (Double(one.kept) + 1e-6))
        let slack = 1 + 4 * plain.tolerance
        let keep = probability.keep
        let evidence: [(name: String, value: Finding.Evidence)] = [
            ("factor", .number(factor)), ("expected_factor", .number(most)), ("elements", .count(one.kept)),
        ]
        let fit = try one.fit(factor: factor, tolerance: 2 * plain.tolerance, stop: stop)
        guard fit.count == one.kept else {
            if block.shape.dimensions[0] > 1, try isScaledByExample(block, one, stop) {
                return Finding(
                    .wrongFactor,
                    "each example is scaled by its own part that is left, not by that of the whole tensor",
                    output: number, evidence)
            }
            return Finding(
                .valuesDiffer, "\(one.kept - fit.count) of \(one.kept) kept elements have another factor",
                output: number,
                [("elements", .count(one.kept - fit.count)), ("first", .index(fit.firstMisfit ?? 0))])
        }
        if block.rate == 0
            ? (factor - 1).magnitude <= plain.tolerance : factor >= least / slack && factor <= most * slack
        {
            return nil
        }
        func isFactor(_ other: Double) -> Bool { (factor - other).magnitude <= 2 * plain.tolerance * other }
        if isFactor(1) {
            return Finding(
                .notScaled, "kept elements are not scaled by the number of elements over that of the kept ones",
                output: number, evidence)
        }
        if keep > 0, isFactor(1 / keep) {
            return Finding(
                .wrongFactor, "kept elements are divided by keep, not by the part that is left", output: number,
                evidence)
        }
        let inverse = 1 / most
        if hidden == 0, isFactor(inverse) {
            return Finding(
                .wrongFactor, "kept elements are multiplied by the part that is left, not divided by it",
                output: number,
                evidence)
        }
        return Finding(
            .wrongFactor, "kept elements are the input times \(factor); \(most) expected", output: number, evidence)
    }

    /// Whether the elements of each example have the factor of that example's own part that is left.
    private func isScaledByExample(
        _ block: DropBlock, _ one: ObservedOutput<Scalar>, _ stop: StopFlag
    ) throws(DropoutError) -> Bool {
        let size = one.states.count / max(1, block.shape.dimensions[0])
        guard size > 0 else { return false }
        for start in stride(from: 0, to: one.states.count, by: size) {
            var (kept, hidden) = (0, 0)
            for range in Blocks(start..<start + size) {
                try stop.ask()
                for i in range {
                    kept += one.states[i] == .kept ? 1 : 0
                    hidden += one.states[i] == .unknown ? 1 : 0
                }
            }
            guard hidden == 0, kept > 0 else { continue }
            let factor = Double(size) / Double(kept)
            for range in Blocks(start..<start + size) {
                try stop.ask()
                for i in range where one.states[i] == .kept {
                    let found = Double(one.output[i]) / Double(one.input[i])
                    if (found - factor).magnitude > 4 * plain.tolerance * factor { return false }
                }
            }
        }
        return true
    }

    /// The mistake of dropped elements that no whole block holds.
    private func incomplete(
        _ block: DropBlock, _ one: ObservedOutput<Scalar>, _ number: Int, _ stop: StopFlag
    ) throws(DropoutError) -> Finding? {
        guard block.rate > 0, one.dropped > 0, let alone = try outside(block, block.block, one, stop) else {
            return nil
        }
        var fits = 1
        for smaller in stride(from: min(block.block - 1, 8), to: 1, by: -1) {
            if try outside(block, smaller, one, stop) == nil {
                fits = smaller
                break
            }
        }
        return Finding(
            .blocksMissing,
            fits == 1
                ? "dropped elements are not whole blocks of \(block.block) on each axis: what is drawn is used as the mask"
                : "dropped elements are not whole blocks of \(block.block) on each axis, but of \(fits)",
            output: number, [("first", .index(alone)), ("block_size", .count(fits))])
    }

    /// The first dropped element that is in no block of `side` without a kept element; nil if there is none.
    private func outside(
        _ block: DropBlock, _ side: Int, _ one: ObservedOutput<Scalar>, _ stop: StopFlag
    ) throws(DropoutError) -> Int? {
        let of = try DropBlock(block.shape, blockSize: side, rate: 0)
        let kept = try one.states.map(stop: stop) { $0 == .kept ? UInt8(1) : 0 }
        let closed = try of.anchorsReaching(kept, stop: stop)
        let left = try of.kept(try closed.map(stop: stop) { 1 - $0 }, stop: stop)
        for range in Blocks(left.indices) {
            try stop.ask()
            for i in range where one.states[i] == .dropped && left[i] == 1 { return i }
        }
        return nil
    }

    /// The mistake of too many or too few dropped elements.
    ///
    /// Elements that are a block apart share no anchor. So those at a corner of the lattice, which A anchors reach, are independent and
    /// kept with (1 - γ)^A each.
    private func fraction(
        _ block: DropBlock, _ one: ObservedOutput<Scalar>, _ number: Int, _ judgement: inout Judgement, _ stop: StopFlag
    ) throws(DropoutError) -> [Finding] {
        let (lattice, anchors) = block.independentPlaces()
        guard block.rate > 0, !lattice.isEmpty else { return [] }
        let size = block.shape.dimensions[2...].reduce(1, *)
        var (kept, units) = (0, 0)
        for map in stride(from: 0, to: one.states.count, by: max(1, size)) {
            try stop.ask()
            for place in lattice where one.states[map + place] != .unknown {
                guard ElementState.showsBoth(input: one.input[map + place]) else { continue }
                units += 1
                kept += one.states[map + place] == .kept ? 1 : 0
            }
        }
        func chance(_ gamma: Double) throws(DropoutError) -> Double {
            let share = gamma >= 1 ? 0 : Double.exp(Double(anchors) * Double.log1p(-gamma))
            return try BinomialTail.probability(successes: kept, of: units, probability: share, stop: stop)
        }
        let share = block.gamma >= 1 ? 0 : Double.exp(Double(anchors) * Double.log1p(-block.gamma))
        let deviation = (Double(units) * share * (1 - share)).squareRoot()
        let z = deviation > 0 ? (Double(kept) - Double(units) * share) / deviation : nil
        judgement.units += units
        judgement.keptUnits += kept
        judgement.zScore = judgement.zScore ?? z
        guard try chance(block.gamma) < BinomialTail.improbable else { return [] }
        if one.dropped == 0, try identity(one.output, number, stop) != nil {
            return [Finding(.identity, "the output is the input: the variant was off", output: number, [])]
        }
        var evidence: [(name: String, value: Finding.Evidence)] = [
            ("kept", .count(kept)), ("units", .count(units)),
            ("kept_fraction", .number(units > 0 ? Double(kept) / Double(units) : 0)), ("expected", .number(share)),
        ]
        if let z { evidence.append(("z_score", .number(z))) }
        if try chance(block.rate) >= BinomialTail.improbable {
            return [
                Finding(
                    .keptFractionImplausible,
                    "a block starts with the probability \(block.rate), the rate, not with \(block.gamma)",
                    output: number,
                    evidence)
            ]
        }
        if let swapped = try? DropBlock(block.shape, blockSize: block.block, rate: probability.keep),
            try chance(swapped.gamma) >= BinomialTail.improbable
        {
            return [
                Finding(
                    .keepAndRateSwapped, "blocks start as at the rate \(probability.keep): keep and rate are exchanged",
                    output: number, evidence)
            ]
        }
        return [
            Finding(
                .keptFractionImplausible,
                "the kept fraction is \(units > 0 ? Double(kept) / Double(units) : 0); \(share) expected",
                output: number,
                evidence)
        ]
    }
}
