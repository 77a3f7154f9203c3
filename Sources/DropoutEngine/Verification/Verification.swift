/// Judges the output of a dropout implementation: is it dropout at the given rate, and if not, which known mistake is it?
///
/// The judge reads a kept element off an output that is not 0 and a dropped one off a 0; elements whose input is 0 tell
/// nothing. What could be chance is held against an implementation only where chance is below
/// ``BinomialTail/improbable``.
package struct Verification<Scalar: DropoutScalar>: Sendable {
    package let input: Tensor<Scalar>
    package let outputs: [Tensor<Scalar>]
    /// The mask that the implementation says it used.
    package let mask: Mask?
    /// Nil: it is inferred from the scale of the kept elements.
    package let probability: KeepProbability?
    /// Which elements are said to share a draw.
    package let noise: NoiseShape
    package let mode: DropoutMode
    package let scheme: DropoutScheme
    /// The relative error of a kept element that is still rounding.
    package let tolerance: Double

    package init(
        input: Tensor<Scalar>, outputs: [Tensor<Scalar>], mask: Mask?, probability: KeepProbability?,
        noise: NoiseShape, mode: DropoutMode, scheme: DropoutScheme, tolerance: Double
    ) {
        (self.input, self.outputs, self.mask, self.probability) = (input, outputs, mask, probability)
        (self.noise, self.mode, self.scheme, self.tolerance) = (noise, mode, scheme, tolerance)
    }

    /// What is known after the judgement.
    package struct Judgement: Sendable {
        package var findings: [Finding] = []
        /// The probability that was given, or that the scale says.
        package var probability: KeepProbability?
        package var isInferred = false
        package var kept = 0
        package var dropped = 0
        package var units = 0
        package var keptUnits = 0
        /// The kept fraction's deviation in units of its standard deviation.
        package var zScore: Double?
        package var factor: Double?
        /// The roundings whose bits every kept element of every output has.
        package var roundings: [DropoutArithmetic.Scaling] = []
    }

    package func judge() -> Judgement {
        var judgement = Judgement()
        let observed = outputs.map { ObservedOutput(input: input.elements, output: $0.elements) }
        judgement.factor = observed.lazy.compactMap(\.medianFactor).first
        judgement.probability = probability ?? inferred(judgement.factor)
        judgement.isInferred = probability == nil
        for (number, one) in observed.enumerated() {
            judgement.kept += one.kept
            judgement.dropped += one.dropped
            if let finding = nonFinite(one, number) { judgement.findings.append(finding) }
            if mode == .eval {
                judgement.findings += evaluation(one, number, judgement.probability)
            } else {
                judgement.findings += training(one, number, &judgement)
            }
        }
        if mode == .train {
            if let finding = equalMasks(observed, judgement.probability) { judgement.findings.append(finding) }
            if let probability = judgement.probability, scheme == .inverted, probability.keep > 0 {
                judgement.roundings = DropoutArithmetic.Scaling.allCases.filter { scaling in
                    let arithmetic = DropoutArithmetic(scaling, keepsSignOfDropped: false)
                    return judgement.kept > 0
                        && observed.allSatisfy { $0.hasBits(of: arithmetic, probability: probability) }
                }
            }
        }
        return judgement
    }

    /// keep = 1 / factor, the scale of inverted dropout.
    private func inferred(_ factor: Double?) -> KeepProbability? {
        guard mode == .train, scheme == .inverted, let factor, factor >= 1 else { return nil }
        // Outputs of single precision say keep to 7 digits: the shortest decimal within them.
        let keep = 1 / factor
        let rounded = (keep * 1e6).rounded() / 1e6
        return try? KeepProbability(keep: (rounded - keep).magnitude <= tolerance ? rounded : keep)
    }

    /// The factor of a kept element.
    func expectedFactor(_ probability: KeepProbability) -> Double {
        scheme == .classic ? 1 : 1 / probability.keep
    }
}
