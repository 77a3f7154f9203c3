/// The laws of alpha dropout and of zoneout, and the mistakes that are made with them.
extension ElementLaw {
    /// Alpha dropout at a rate, see ``AlphaDropout``.
    ///
    /// - Parameter saturation: α', what a dropped unit becomes before the affine map, with the sign exchanged.
    static func alpha(rate: Double, saturation: Double = AlphaDropout<Double>.saturation) -> ElementLaw {
        if rate == 0 { return ElementLaw() }
        if rate == 1 { return ElementLaw(factor: 0) }
        let a = 1 / ((saturation * saturation * rate + 1) * (1 - rate)).squareRoot()
        return ElementLaw(
            factor: a, shift: saturation * a * rate, constant: -saturation * a + saturation * a * rate)
    }

    /// Zoneout: the new state, or the previous one.
    static let zoneout = ElementLaw(state: 1)

    /// Dropout itself.
    private static func plain(_ probability: KeepProbability) -> NamedLaw {
        NamedLaw(
            .otherVariant, "kept elements are divided by keep and dropped ones are 0: this is dropout itself",
            ElementLaw(factor: 1 / probability.keep), [("variant", .text(DropoutVariant.dropout.rawValue))])
    }

    /// What goes wrong with alpha dropout.
    static func alphaMistakes(_ probability: KeepProbability) -> [NamedLaw] {
        guard probability.keep > 0, probability.rate > 0 else { return [] }
        let right = alpha(rate: probability.rate)
        let saturation = AlphaDropout<Double>.saturation
        let (a, s) = (right.factor, right.shift)
        return [
            plain(probability),
            NamedLaw(
                .affineMissing, "dropped elements are -\(saturation) and kept ones the input: no affine map follows",
                ElementLaw(constant: -saturation)),
            NamedLaw(
                .affineMissing, "the affine map has no shift: \(s) is not added",
                ElementLaw(factor: a, constant: -saturation * a)),
            NamedLaw(
                .wrongDroppedValue, "a dropped element becomes 0 before the affine map, not -\(saturation)",
                ElementLaw(factor: a, shift: s, constant: s)),
            NamedLaw(
                .wrongDroppedValue, "a dropped element becomes 0 and not -\(saturation), and the map has no shift",
                ElementLaw(factor: a)),
            NamedLaw(
                .wrongDroppedValue, "dropped elements do not go through the affine map",
                ElementLaw(factor: a, shift: s, constant: -saturation)),
            NamedLaw(
                .wrongDroppedValue, "a dropped element becomes +\(saturation): the sign is wrong",
                ElementLaw(factor: a, shift: -s, constant: -right.constant)),
            NamedLaw(
                .wrongDroppedValue, "the saturation value is that of ELU, 1.6733: SELU's scale 1.0507 is missing",
                alpha(rate: probability.rate, saturation: 1.6732632423543772)),
            NamedLaw(
                .keepAndRateSwapped,
                "the constants are those of the rate \(probability.keep): keep and rate are exchanged",
                alpha(rate: probability.keep), [("rate", .number(probability.keep))]),
        ]
    }

    /// Alpha dropout at another rate, read from what dropped elements are. Nil if no alpha dropout has such a value.
    ///
    ///     d = -α'·√((1 - rate) / (α'²·rate + 1))
    static func alpha(droppedValue: Double) -> NamedLaw? {
        let saturation = AlphaDropout<Double>.saturation
        let square = (droppedValue / saturation) * (droppedValue / saturation)
        let rate = (1 - square) / (1 + square * saturation * saturation)
        guard droppedValue < 0, rate > 0, rate < 1 else { return nil }
        let shown = (rate * 1e6).rounded() / 1e6
        return NamedLaw(
            .otherRate, "the constants of the affine map are those of the rate \(shown)", alpha(rate: rate),
            [("rate", .number(shown))])
    }

    /// What goes wrong with zoneout.
    static func zoneoutMistakes(_ probability: KeepProbability) -> [NamedLaw] {
        guard probability.keep > 0, probability.rate > 0 else { return [] }
        return [
            NamedLaw(.stateNotKept, "dropped elements become 0, not the previous state", ElementLaw()),
            plain(probability),
            NamedLaw(
                .wrongFactor, "kept elements are divided by keep; zoneout does not scale",
                ElementLaw(factor: 1 / probability.keep, state: 1), [("factor", .number(1 / probability.keep))]),
            NamedLaw(
                .wrongFactor,
                "the previous state is divided by the rate and the new one by keep; zoneout does not scale",
                ElementLaw(factor: 1 / probability.keep, state: 1 / probability.rate),
                [("factor", .number(1 / probability.keep))]),
            NamedLaw(
                .wrongFactor, "the previous state is multiplied by the rate and the new one by keep, and one is taken",
                ElementLaw(factor: probability.keep, state: probability.rate), [("factor", .number(probability.keep))]),
        ]
    }
}
