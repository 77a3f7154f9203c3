import Stopping
import TextCodecs

/// Mistakes of loops that go over a tensor in tiles.
extension Verification {
    /// The mistake of a last part in which nothing is dropped, or everything, and the output before it.
    ///
    /// The part is found if a draw would give it at most once in 10^7 for all places at which it may begin, and if the kept
    /// fraction before it is right: keep^m · n, or rate^m · n for the elements that are 0.
    func tailMistake(
        _ one: ObservedOutput<Scalar>, _ number: Int, _ probability: KeepProbability, _ stop: StopFlag
    ) throws(DropoutError) -> (finding: Finding, before: ObservedOutput<Scalar>)? {
        guard noise.isElementwise, probability.keep > 0, probability.rate > 0 else { return nil }
        for (state, other, chance) in [
            (ElementState.kept, ElementState.dropped, probability.keep),
            (.dropped, .kept, probability.rate),
        ] {
            guard let last = try one.states.lastIndex(of: other, stop), last + 1 < one.states.count else { continue }
            var count = 0
            for block in Blocks(last + 1..<one.states.count) {
                try stop.ask()
                for i in block where ElementState.showsBoth(input: one.input[i]) && one.states[i] != .unknown {
                    count += 1
                }
            }
            let logChance = Double(count) * Double.log(chance)
            guard logChance + Double.log(Double(one.states.count)) < Double.log(BinomialTail.improbable) else {
                continue
            }
            let before = try one.prefix(last + 1, stop)
            let units = try before.units(NoiseShape(elementwise: .vector(last + 1)), stop: stop)
            guard
                try BinomialTail.probability(
                    successes: units.kept, of: units.kept + units.dropped, probability: probability.keep, stop: stop)
                    >= BinomialTail.improbable
            else { continue }
            let finding = Finding(
                state == .kept ? .tailNotDropped : .tailNotWritten,
                state == .kept
                    ? "no element is dropped in the last part of the tensor"
                    : "all elements are 0 in the last part of the tensor",
                output: number,
                [
                    ("first", .index(last + 1)), ("elements", .count(one.states.count - last - 1)),
                    ("log_probability", .number(logChance)),
                ])
            return (finding, before)
        }
        return nil
    }

    /// The mistake of a mask that begins again after some elements, and the output up to there.
    ///
    /// Elements drawn one by one agree with those before them by chance keep² + rate² each.
    func repetition(
        _ one: ObservedOutput<Scalar>, _ number: Int, _ probability: KeepProbability, _ stop: StopFlag
    ) throws(DropoutError) -> (finding: Finding, period: ObservedOutput<Scalar>)? {
        guard noise.isElementwise, probability.keep > 0, probability.rate > 0, one.kept > 0, one.dropped > 0 else {
            return nil
        }
        let agree = Double.log(probability.keep * probability.keep + probability.rate * probability.rate)
        var comparisons = MaskRelationSearch.comparisons(one.states.count)
        for period in RepeatedMask.periods(of: input.shape) {
            guard let pairs = try RepeatedMask.agreeingPairs(one, every: period, &comparisons, stop) else { continue }
            let logChance = Double(pairs) * agree + Double.log(Double(one.states.count))
            guard logChance < Double.log(BinomialTail.improbable) else { continue }
            let finding = Finding(
                .maskRepeated, "the mask begins again after every \(period) elements", output: number,
                [("period", .count(period)), ("elements", .count(pairs)), ("log_probability", .number(logChance))])
            return (finding, try one.prefix(period, stop))
        }
        return try tiledRepetition(one, number, agree, stop)
    }

    /// The mistake of a mask that begins again along an axis, and the first tile: the columns of a matrix in tiles.
    private func tiledRepetition(
        _ one: ObservedOutput<Scalar>, _ number: Int, _ agree: Double, _ stop: StopFlag
    ) throws(DropoutError) -> (finding: Finding, period: ObservedOutput<Scalar>)? {
        var comparisons = MaskRelationSearch.comparisons(one.states.count)
        for axis in input.shape.dimensions.indices.dropFirst() {
            let extent = input.shape.dimensions[axis]
            for period in stride(from: 1, through: extent / 2, by: 1) {
                let pairs = try RepeatedMask.agreeingPairs(
                    one, of: input.shape, along: axis, every: period, &comparisons, stop)
                guard let pairs else { continue }
                let logChance = Double(pairs) * agree + Double.log(Double(one.states.count))
                guard logChance < Double.log(BinomialTail.improbable) else { continue }
                let finding = Finding(
                    .maskRepeated, "the mask begins again after every \(period) places of axis \(axis)",
                    output: number,
                    [
                        ("period", .count(period)), ("axis", .count(axis)), ("elements", .count(pairs)),
                        ("log_probability", .number(logChance)),
                    ])
                let inner = input.shape.dimensions[(axis + 1)...].reduce(1, *)
                return (finding, try one.part(stop) { $0 / inner % extent < period })
            }
        }
        return nil
    }

    /// The mistake of kept elements that are right, but in a type of 16 bits.
    func precisionMistake(
        _ one: ObservedOutput<Scalar>, _ number: Int, factor: Double, _ stop: StopFlag
    ) throws(DropoutError) -> Finding? {
        guard half == nil else { return nil }
        for type in [HalfType.float16, .bfloat16] {
            // The input, the factor and the product are rounded, each by half a unit of the last place.
            let fit = try one.fit(
                factor: factor, tolerance: 2 * Double(type.ulpOfOne), leastNormal: Double(type.leastNormalMagnitude),
                stop: stop)
            guard fit.count == one.kept,
                try one.allSatisfy(stop, { one.states[$0] != .kept || isNumber(one.output[$0], of: type) })
            else { continue }
            let name = type == .float16 ? "float16" : "bfloat16"
            return Finding(
                .otherPrecision, "kept elements are the input times \(factor), rounded to \(name)", output: number,
                [("agrees_in", .text(name)), ("factor", .number(factor)), ("elements", .count(one.kept))])
        }
        return nil
    }

    /// Whether a number has no more digits than the shortest text of a number of the type, or is one exactly.
    ///
    /// A text of 5 digits tells all numbers of float16 apart, and one of 4 all of bfloat16.
    private func isNumber(_ number: Scalar, of type: HalfType) -> Bool {
        let magnitude = Double(number).magnitude
        if Double(type.round(magnitude)) == magnitude { return true }
        let limit = type == .float16 ? 1e5 : 1e4
        var scaled = magnitude
        while scaled < limit / 10 { scaled *= 10 }
        while scaled >= limit { scaled /= 10 }
        return (scaled - (scaled + 0x1p52 - 0x1p52)).magnitude <= 1e-6
    }
}
