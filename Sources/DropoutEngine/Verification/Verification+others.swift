import Stopping

extension Verification {
    /// The mistake of a NaN or an infinity at a dropped place, or of one that a finite input became.
    func nonFinite(
        _ one: ObservedOutput<Scalar>, _ number: Int, _ stop: StopFlag
    ) throws(DropoutError) -> Finding? {
        var leaked: [Int] = []
        var created: [Int] = []
        var ambiguous = 0
        for block in Blocks(one.input.indices) {
            try stop.ask()
            for i in block where !one.output[i].isFinite {
                if one.input[i].isFinite {
                    // A kept element near the end of the range overflows by its scale, but never becomes NaN.
                    if one.output[i].isNaN || one.input[i].magnitude < Scalar.greatestFiniteMagnitude / 1024 {
                        created.append(i)
                    }
                } else if one.output[i].isNaN, !one.input[i].isNaN || mask?.kept[i] == 0 {
                    leaked.append(i)
                } else if mask?.kept[i] == 0 {
                    leaked.append(i)
                } else if one.input[i].isNaN, mask == nil {
                    ambiguous += 1
                }
            }
        }
        if let first = leaked.first {
            return Finding(
                .nonFiniteLeaked,
                "a NaN or infinity shows at a dropped place: it was multiplied by 0, not selected away",
                output: number, [("elements", .count(leaked.count)), ("first", .index(first))])
        }
        if let first = created.first {
            return Finding(
                .nonFiniteCreated, "a finite input became NaN or infinite", output: number,
                [("elements", .count(created.count)), ("first", .index(first))])
        }
        var all = 0
        try one.input.forEach(stop: stop) { all += $0.isNaN ? 1 : 0 }
        let keep = probability?.keep ?? 0.5
        if mode == .train, ambiguous == all, keep < 1,
            Double(all) * Double.log(keep) < Double.log(BinomialTail.improbable)
        {
            return Finding(
                .nonFiniteLeaked, "every NaN shows, as many as dropout would not keep", output: number,
                [("elements", .count(all))])
        }
        return nil
    }

    private func firstDropped(_ one: ObservedOutput<Scalar>, _ stop: StopFlag) throws(DropoutError) -> Int {
        guard let first = try one.states.firstIndex(stop: stop, where: { $0 == .dropped }) else {
            throw .impossible("\(one.dropped) elements are dropped, and none is found")
        }
        return first
    }

    /// The mistakes of one evaluation.
    func evaluation(
        _ one: ObservedOutput<Scalar>, _ number: Int, _ probability: KeepProbability?, _ stop: StopFlag
    ) throws(DropoutError) -> [Finding] {
        if one.dropped > 0, one.kept > 0 || probability.map({ $0.keep > 0 }) ?? true {
            let first = try firstDropped(one, stop)
            return [
                Finding(
                    .droppedInEval, "elements are dropped in evaluation", output: number,
                    [("elements", .count(one.dropped)), ("first", .index(first))])
            ]
        }
        guard one.kept > 0 else { return [] }
        let keep = probability?.keep ?? 1
        let expected = scheme == .inverted ? 1 : keep
        let right = try one.fit(factor: expected, tolerance: tolerance, stop: stop)
        if right.count == one.kept { return [] }
        func fits(_ factor: Double) throws(DropoutError) -> Bool {
            try one.fit(factor: factor, tolerance: tolerance, stop: stop).count == one.kept
        }
        let place: [(name: String, value: Finding.Evidence)] = [
            ("expected_factor", .number(expected)), ("first", .index(right.firstMisfit ?? 0)),
        ]
        if scheme == .classic, try fits(1) {
            return [
                Finding(
                    .evalNotScaled, "the classic scheme multiplies by keep in evaluation; this does not",
                    output: number, [("factor", .number(1))] + place)
            ]
        }
        if let factor = try one.medianFactor(stop: stop), try fits(factor) {
            let name =
                (factor - keep).magnitude <= tolerance
                ? " (keep)"
                : (factor * keep - 1).magnitude <= tolerance
                    ? " (1 / keep)"
                    : (factor - (probability?.rate ?? 0)).magnitude <= tolerance
                        ? " (the rate, the probability to drop)" : ""
            return [
                Finding(
                    .evalScaled, "evaluation multiplies by \(factor)\(name)", output: number,
                    [("factor", .number(factor))] + place)
            ]
        }
        return [
            Finding(
                .valuesDiffer, "\(one.kept - right.count) of \(one.kept) elements are not the input times \(expected)",
                output: number, [("elements", .count(one.kept - right.count))] + place)
        ]
    }

    /// The mistake of passes that dropped the same elements, although that is improbable.
    func equalMasks(
        _ observed: [ObservedOutput<Scalar>], _ probability: KeepProbability?, _ stop: StopFlag
    ) throws(DropoutError) -> Finding? {
        guard observed.count > 1, let probability, probability.keep > 0, probability.rate > 0 else { return nil }
        let agree = probability.keep * probability.keep + probability.rate * probability.rate
        for later in 1..<observed.count {
            for earlier in 0..<later {
                let (a, b) = (observed[earlier].states, observed[later].states)
                guard a.count == b.count,
                    try observed[later].allSatisfy(stop, { a[$0] == b[$0] })
                else { continue }
                var units = noise.drawn.count
                if noise.isElementwise { units = observed[later].kept + observed[later].dropped }
                guard Double(units) * Double.log(agree) < Double.log(BinomialTail.improbable) else { continue }
                return Finding(
                    .masksEqual, "outputs \(earlier) and \(later) have the same mask", output: later,
                    [("units", .count(units)), ("log_probability", .number(Double(units) * Double.log(agree)))])
            }
        }
        return nil
    }
}
