package import Stopping
package import TextCodecs

/// Judges the output of a dropout implementation: whether it is dropout at the given rate, and if not, which known mistake it shows.
///
/// ``ElementState`` says which elements are kept or dropped. An observation that could be chance is a mistake only if its
/// probability is below ``BinomialTail/improbable``.
package struct Verification<Scalar: DropoutScalar>: Sendable {
    package let input: Tensor<Scalar>
    package let outputs: [Tensor<Scalar>]
    /// The mask that the implementation says it used.
    package let mask: Mask?
    /// The given probability; nil if it is inferred from the scale of the kept elements.
    package let probability: KeepProbability?
    /// The elements that should share a draw.
    package let noise: NoiseShape
    package let mode: DropoutMode
    package let scheme: DropoutScheme
    /// The largest relative error of a kept element that counts as rounding.
    package let tolerance: Double
    /// The type of tensors of 16 bits, which are held in float32.
    package let half: HalfType?
    /// Whether a variant is judged, so that what fits may be the noise shape of another one.
    package let isVariant: Bool

    package init(
        input: Tensor<Scalar>, outputs: [Tensor<Scalar>], mask: Mask?, probability: KeepProbability?,
        noise: NoiseShape, mode: DropoutMode, scheme: DropoutScheme, tolerance: Double, half: HalfType? = nil,
        isVariant: Bool = false
    ) {
        (self.half, self.isVariant) = (half, isVariant)
        (self.input, self.outputs, self.mask, self.probability) = (input, outputs, mask, probability)
        (self.noise, self.mode, self.scheme, self.tolerance) = (noise, mode, scheme, tolerance)
    }

    /// The result of a judgement.
    package struct Judgement: Sendable {
        package var findings: [Finding] = []
        /// The given probability, or the one inferred from the scale.
        package var probability: KeepProbability?
        package var isInferred = false
        package var kept = 0
        package var dropped = 0
        package var units = 0
        package var keptUnits = 0
        /// What the elements of the first output show.
        package var states: [ElementState] = []
        /// The units of the asked noise shape whose draw the first output shows; 0 in evaluation.
        package var shownUnits = 0
        /// The kept fraction's deviation in units of its standard deviation.
        package var zScore: Double?
        package var factor: Double?
        /// The scalings whose last bits every kept element of every output has.
        package var roundings: [DropoutArithmetic.Scaling] = []
    }

    /// - Throws: ``DropoutError/stopped``; ``DropoutError/impossible(_:)`` for outputs or a mask of another size.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func judge(stop: StopFlag = .never) throws(DropoutError) -> Judgement {
        var judgement = Judgement()
        if let mask, mask.kept.count != input.elements.count {
            throw .impossible("a mask of \(mask.kept.count) elements is judged with \(input.elements.count)")
        }
        let observed = try outputs.map { output throws(DropoutError) in
            try ObservedOutput(input: input.elements, output: output.elements, half: half, stop: stop)
        }
        guard let states = observed.first?.states else { throw .impossible("no output is judged") }
        judgement.states = states
        for one in observed where judgement.factor == nil { judgement.factor = try one.medianFactor(stop: stop) }
        if let probability {
            judgement.probability = probability
        } else {
            judgement.probability = try inferred(judgement.factor)
        }
        judgement.isInferred = probability == nil
        for (number, one) in observed.enumerated() {
            judgement.kept += one.kept
            judgement.dropped += one.dropped
            if let finding = try nonFinite(one, number, stop) { judgement.findings.append(finding) }
            if mode == .eval {
                judgement.findings += try evaluation(one, number, judgement.probability, stop)
            } else {
                judgement.findings += try training(one, number, &judgement, stop)
            }
        }
        if mode == .train {
            if let finding = try equalMasks(observed, judgement.probability, stop) {
                judgement.findings.append(finding)
            }
            if let probability = judgement.probability, scheme == .inverted, probability.keep > 0, judgement.kept > 0 {
                judgement.roundings = try roundings(observed, probability, stop)
            }
        }
        return judgement
    }

    /// Whether every kept element of every output has the bits that `arithmetic` gives.
    package func hasBits(
        of arithmetic: DropoutArithmetic, probability: KeepProbability, stop: StopFlag
    ) throws(DropoutError) -> Bool {
        for output in outputs {
            let one = try ObservedOutput(input: input.elements, output: output.elements, half: half, stop: stop)
            guard try one.hasBits(of: arithmetic.rounding(to: half), probability: probability, stop: stop) else {
                return false
            }
        }
        return true
    }

    private func roundings(
        _ observed: [ObservedOutput<Scalar>], _ probability: KeepProbability, _ stop: StopFlag
    ) throws(DropoutError) -> [DropoutArithmetic.Scaling] {
        var roundings: [DropoutArithmetic.Scaling] = []
        for scaling in DropoutArithmetic.Scaling.allCases {
            // In 16 bits a scaling has several ways to round its factor.
            for factor in half == nil ? [.rounded] : DropoutArithmetic.HalfFactor.allCases
            where roundings.last != scaling {
                let arithmetic = DropoutArithmetic(scaling, keepsSignOfDropped: false, halfFactor: factor)
                var fits = true
                for one in observed where fits {
                    fits = try one.hasBits(of: arithmetic.rounding(to: half), probability: probability, stop: stop)
                }
                if fits { roundings.append(scaling) }
            }
        }
        return roundings
    }

    /// The probability inferred from the scale of inverted dropout, keep = 1 / factor.
    private func inferred(_ factor: Double?) throws(DropoutError) -> KeepProbability? {
        guard mode == .train, scheme == .inverted, let factor, factor >= 1 else { return nil }
        // Outputs in float32 give keep to 7 digits, so it is rounded to 6 decimals if it is near such a number.
        let keep = 1 / factor
        let rounded = (keep * 1e6).rounded() / 1e6
        return try KeepProbability(keep: (rounded - keep).magnitude <= tolerance ? rounded : keep)
    }

    /// The factor of a kept element.
    func expectedFactor(_ probability: KeepProbability) -> Double {
        scheme == .classic ? 1 : 1 / probability.keep
    }
}
