import Stopping
import TextCodecs

extension Verification {
    /// The mistakes of one training pass.
    func training(
        _ one: ObservedOutput<Scalar>, _ number: Int, _ judgement: inout Judgement, _ stop: StopFlag
    ) throws(DropoutError) -> [Finding] {
        guard let probability = judgement.probability else { return try unscaled(one, number, stop) }
        let (keep, rate) = (probability.keep, probability.rate)
        let told = one.kept + one.dropped
        let asked = try one.units(noise, stop: stop)
        if number == 0 { judgement.shownUnits = asked.kept + asked.dropped }
        let units = Double(asked.kept + asked.dropped)
        if one.dropped == 0, told > 0, rate > 0, units * Double.log(keep) < Double.log(BinomialTail.improbable),
            try isSameAsInput(one, stop)
        {
            return [
                Finding(
                    .identity, "the output is the input: dropout was off", output: number,
                    [("elements", .count(told)), ("log_probability", .number(units * Double.log(keep)))])
            ]
        }
        var findings: [Finding] = []
        if one.kept == 0, told > 0, keep > 0, units * Double.log(rate) < Double.log(BinomialTail.improbable) {
            return [
                Finding(
                    .everythingDropped, "no element is kept", output: number,
                    [("elements", .count(told)), ("log_probability", .number(units * Double.log(rate)))])
            ]
        }
        let masked = try maskMistake(one, number, stop)
        if let masked { findings.append(masked) }
        let shared = try granularityMistake(one, number, keep: keep, stop)
        // What is in front of a tail is judged without it.
        let tail = shared.finding == nil ? try tailMistake(one, number, probability, stop) : nil
        if let tail { findings.append(tail.finding) }
        let whole = tail?.before ?? one
        let scaled = try scaleMistake(whole, number, probability, stop)
        if let scaled { findings.append(scaled) }
        let isSearched = shared.finding == nil && tail == nil
        let repeated = isSearched ? try repetition(one, number, probability, stop) : nil
        if let finding = shared.finding ?? repeated?.finding { findings.append(finding) }
        // Only what was drawn is counted.
        let part = tail?.before ?? repeated?.period
        let fitting = part.map { NoiseShape(elementwise: .vector($0.states.count)) } ?? shared.fitting
        let drawn = try (part ?? one).units(fitting, stop: stop)
        judgement.units += drawn.kept + drawn.dropped
        judgement.keptUnits += drawn.kept
        let (counted, z) = try fractionMistake(drawn.kept, drawn.kept + drawn.dropped, number, probability, stop)
        judgement.zScore = judgement.zScore ?? z
        if let counted, scaled?.mistake != .keepAndRateSwapped || counted.mistake != .keepAndRateSwapped {
            findings.append(counted)
        }
        return findings
    }

    private func isSameAsInput(_ one: ObservedOutput<Scalar>, _ stop: StopFlag) throws(DropoutError) -> Bool {
        try one.allSatisfy(stop) { one.states[$0] == .unknown || one.output[$0] == one.input[$0] }
    }

    /// The mistakes that are seen without a probability, if the scale does not give one either.
    private func unscaled(
        _ one: ObservedOutput<Scalar>, _ number: Int, _ stop: StopFlag
    ) throws(DropoutError) -> [Finding] {
        guard one.kept > 0 else {
            // Without a rate nothing says how improbable that is. At the usual 0.5 it is from 24 elements on.
            return Double(one.dropped) * Double.log(0.5) > Double.log(BinomialTail.improbable)
                ? []
                : [
                    Finding(
                        .everythingDropped, "no element is kept", output: number, [("elements", .count(one.dropped))])
                ]
        }
        guard scheme == .inverted, let factor = try one.medianFactor(stop: stop) else { return [] }
        return [
            Finding(
                .wrongFactor, "kept elements are the input times \(factor), which is below 1", output: number,
                [("factor", .number(factor))])
        ]
    }

    /// The mistake of zeros at other places than the given mask.
    private func maskMistake(
        _ one: ObservedOutput<Scalar>, _ number: Int, _ stop: StopFlag
    ) throws(DropoutError) -> Finding? {
        guard let mask else { return nil }
        let places = try one.contradictions(of: mask.kept, input.shape, stop)
        guard places.count > 0 else { return nil }
        var search = try MaskRelationSearch(
            one.states, mask.kept, input.shape, probability: probability ?? .half,
            comparisons: MaskRelationSearch.comparisons(mask.kept.count), stop: stop)
        let relation = try search.relation()
        let detail =
            relation.map { "not the given mask; it is that one \($0.explanation)" }
            ?? (mask.kept[places.first] == 1
                ? "the mask keeps this element and the output is 0"
                : "the mask drops this element and the output is not 0")
        return Finding(
            .maskDiffers, detail, output: number, one.evidence(of: places) + (relation?.evidence ?? []))
    }

    /// The mistake of kept elements whose factor is not 1 / keep (1 in the classic scheme).
    private func scaleMistake(
        _ one: ObservedOutput<Scalar>, _ number: Int, _ probability: KeepProbability, _ stop: StopFlag
    ) throws(DropoutError) -> Finding? {
        guard one.kept > 0 else { return nil }
        let (keep, rate) = (probability.keep, probability.rate)
        let expected = expectedFactor(probability)
        let right = try one.fit(factor: expected, tolerance: tolerance, stop: stop)
        if right.count == one.kept { return nil }
        func finding(_ mistake: Finding.Mistake, _ detail: String, _ factor: Double) -> Finding {
            Finding(
                mistake, detail, output: number,
                [
                    ("factor", .number(factor)), ("expected_factor", .number(expected)),
                    ("elements", .count(one.kept)), ("first", .index(right.firstMisfit ?? 0)),
                ])
        }
        func fits(_ factor: Double) throws(DropoutError) -> Bool {
            guard factor.isFinite else { return false }
            return try one.fit(factor: factor, tolerance: tolerance, stop: stop).count == one.kept
        }
        if scheme == .inverted {
            if try fits(1) { return finding(.notScaled, "kept elements are not divided by keep", 1) }
            if try fits(1 / (keep * keep)) {
                return finding(.scaledTwice, "kept elements are divided by keep twice", 1 / (keep * keep))
            }
            if rate > 0, try fits(1 / rate) {
                return finding(.keepAndRateSwapped, "kept elements are divided by the rate", 1 / rate)
            }
        } else if keep > 0, try fits(1 / keep) {
            return finding(
                .wrongFactor, "the classic scheme does not scale in training; this divides by keep", 1 / keep)
        }
        if let factor = try one.medianFactor(stop: stop), try fits(factor) {
            let isFactor = { (other: Double) in (factor - other).magnitude <= tolerance * factor.magnitude }
            let known = [(keep, "keep"), (rate, "the rate"), (1 / (1 + rate), "1 / (1 + rate)")].first {
                isFactor($0.0)
            }
            // Two roundings may give the same factor.
            let rounded = Self.roundedFactors(probability).filter { isFactor($0.factor) }.map(\.name)
            let names = known.map { [$0.1] } ?? rounded
            let name = names.isEmpty ? "" : " (\(names.joined(separator: ", or ")))"
            return finding(.wrongFactor, "kept elements are the input times \(factor)\(name)", factor)
        }
        if let rounded = try precisionMistake(one, number, factor: expected, stop) { return rounded }
        let wrong = one.kept - right.count
        return Finding(
            .valuesDiffer, "\(wrong) of \(one.kept) kept elements are not the input times \(expected)", output: number,
            [("elements", .count(wrong)), ("first", .index(right.firstMisfit ?? 0))])
    }

    /// The factors of inverted dropout if keep or the rate was rounded to a smaller type.
    private static func roundedFactors(_ probability: KeepProbability) -> [(factor: Double, name: String)] {
        let types: [(name: String, round: (Double) -> Double)] = [
            ("float32", { Double(Float($0)) }), ("float16", { Double(HalfType.float16.round($0)) }),
            ("bfloat16", { Double(HalfType.bfloat16.round($0)) }),
        ]
        return types.flatMap { name, round in
            [
                (1 / (1 - round(probability.rate)), "1 / keep, with the rate rounded to \(name)"),
                (1 / round(probability.keep), "1 / keep, with keep rounded to \(name)"),
            ]
        }
    }

    /// The mistake of other elements that share a draw than those of the question, and the noise shape that fits.
    private func granularityMistake(
        _ one: ObservedOutput<Scalar>, _ number: Int, keep: Double, _ stop: StopFlag
    ) throws(DropoutError) -> (finding: Finding?, fitting: NoiseShape) {
        let asked = try one.units(noise, stop: stop)
        var coarser: [NamedNoise] = []
        for candidate in NamedNoise.all(of: input.shape, hasVariants: isVariant)
        where candidate.noise != noise {
            if try one.units(candidate.noise, stop: stop).firstSplit == nil { coarser.append(candidate) }
        }
        if let split = asked.firstSplit {
            // The coarsest noise shape that fits says most.
            let fitting = coarser.min { $0.noise.drawn.count < $1.noise.drawn.count }
            let name = fitting?.name ?? "element"
            return (
                Finding(
                    .wrongGranularity, "elements that should share a draw differ; what fits is \(name)", output: number,
                    [("first", .index(split)), ("fits", .text(name))]),
                fitting?.noise ?? NoiseShape(elementwise: input.shape)
            )
        }
        guard keep > 0, keep < 1, one.dropped > 0, one.kept > 0 else { return (nil, noise) }
        // Elements that agree more often than by chance share a draw although they should not.
        var suspects: [NamedNoise] = []
        for candidate in coarser where candidate.noise.drawn.count < noise.drawn.count {
            let asCandidate = try one.logChanceOfAgreement(candidate.noise, keep: keep, stop: stop)
            let asAsked = try one.logChanceOfAgreement(noise, keep: keep, stop: stop)
            if asCandidate < asAsked + Double.log(BinomialTail.improbable) { suspects.append(candidate) }
        }
        guard let fitting = suspects.min(by: { $0.noise.drawn.count < $1.noise.drawn.count }) else {
            return (nil, noise)
        }
        return (
            Finding(
                .wrongGranularity,
                "elements that should have draws of their own share one; what fits is \(fitting.name)",
                output: number,
                [
                    ("fits", .text(fitting.name)),
                    ("log_probability", .number(try one.logChanceOfAgreement(fitting.noise, keep: keep, stop: stop))),
                ]),
            fitting.noise
        )
    }

    /// The mistake of an improbable kept fraction, and the z-score of the fraction.
    private func fractionMistake(
        _ kept: Int, _ units: Int, _ number: Int, _ probability: KeepProbability, _ stop: StopFlag
    ) throws(DropoutError) -> (Finding?, Double?) {
        guard units > 0 else { return (nil, nil) }
        let (keep, rate) = (probability.keep, probability.rate)
        let deviation = (Double(units) * keep * rate).squareRoot()
        let z = deviation > 0 ? (Double(kept) - Double(units) * keep) / deviation : nil
        guard
            try BinomialTail.probability(successes: kept, of: units, probability: keep, stop: stop)
                < BinomialTail.improbable
        else { return (nil, z) }
        var evidence: [(name: String, value: Finding.Evidence)] = [
            ("kept", .count(kept)), ("units", .count(units)),
            ("kept_fraction", .number(Double(kept) / Double(units))), ("expected", .number(keep)),
        ]
        if let z { evidence.append(("z_score", .number(z))) }
        let isSwapped =
            try BinomialTail.probability(successes: kept, of: units, probability: rate, stop: stop)
            >= BinomialTail.improbable
        return (
            Finding(
                isSwapped ? .keepAndRateSwapped : .keptFractionImplausible,
                isSwapped
                    ? "the share that is kept is the rate: keep and rate are exchanged"
                    : "the kept fraction is \(Double(kept) / Double(units)); \(keep) expected", output: number, evidence
            ),
            z
        )
    }
}
