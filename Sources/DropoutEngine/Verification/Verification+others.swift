extension Verification {
    /// NaN and infinities that show through a dropped place, or come from nowhere.
    func nonFinite(_ one: ObservedOutput<Scalar>, _ number: Int) -> Finding? {
        var leaked: [Int] = []
        var created: [Int] = []
        var ambiguous = 0
        for i in one.input.indices where !one.output[i].isFinite {
            if one.input[i].isFinite {
                // A kept element near the end of the range overflows by its scale; NaN never comes of that.
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
        let all = one.input.count { $0.isNaN }
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

    /// The mistakes of one evaluation.
    func evaluation(_ one: ObservedOutput<Scalar>, _ number: Int, _ probability: KeepProbability?) -> [Finding] {
        if one.dropped > 0, one.kept > 0 || probability.map({ $0.keep > 0 }) ?? true {
            let first = one.states.firstIndex(of: .dropped) ?? 0
            return [
                Finding(
                    .droppedInEval, "elements are dropped in evaluation", output: number,
                    [("elements", .count(one.dropped)), ("first", .index(first))])
            ]
        }
        guard one.kept > 0 else { return [] }
        let keep = probability?.keep ?? 1
        let expected = scheme == .inverted ? 1 : keep
        let right = one.fit(factor: expected, tolerance: tolerance)
        if right.count == one.kept { return [] }
        func fits(_ factor: Double) -> Bool { one.fit(factor: factor, tolerance: tolerance).count == one.kept }
        let place: [(name: String, value: Finding.Evidence)] = [
            ("expected_factor", .number(expected)), ("first", .index(right.firstMisfit ?? 0)),
        ]
        if scheme == .classic, fits(1) {
            return [
                Finding(
                    .evalNotScaled, "the classic scheme multiplies by keep in evaluation; this does not",
                    output: number, [("factor", .number(1))] + place)
            ]
        }
        if let factor = one.medianFactor, fits(factor) {
            let name =
                (factor - keep).magnitude <= tolerance
                ? " (keep)"
                : (factor * keep - 1).magnitude <= tolerance ? " (1 / keep)" : ""
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

    /// Passes that dropped the same elements where chance would not.
    func equalMasks(_ observed: [ObservedOutput<Scalar>], _ probability: KeepProbability?) -> Finding? {
        guard observed.count > 1, let probability, probability.keep > 0, probability.rate > 0 else { return nil }
        let agree = probability.keep * probability.keep + probability.rate * probability.rate
        for later in 1..<observed.count {
            for earlier in 0..<later {
                let (a, b) = (observed[earlier].states, observed[later].states)
                guard a == b else { continue }
                let units = noise.isElementwise ? a.count { $0 != .unknown } : noise.drawn.count
                guard Double(units) * Double.log(agree) < Double.log(BinomialTail.improbable) else { continue }
                return Finding(
                    .masksEqual, "outputs \(earlier) and \(later) have the same mask", output: later,
                    [("units", .count(units)), ("log_probability", .number(Double(units) * Double.log(agree)))])
            }
        }
        return nil
    }
}
