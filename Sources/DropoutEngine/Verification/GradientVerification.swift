package import Stopping
package import TextCodecs

/// Judges the gradient of a dropout's input, given that of its output.
///
/// The backward pass applies the mask and the scale of the forward pass once more: dx = g·(the factor of that element).
package struct GradientVerification<Scalar: DropoutScalar>: Sendable {
    /// The derivative of a kept element's output by its input.
    package enum Factor: Sendable {
        case one(Double)
        /// The factor of each element of the output; NaN if it shows none.
        case each([Double])
    }

    let upstream: Tensor<Scalar>
    let gradient: Tensor<Scalar>
    let factor: Factor
    let probability: KeepProbability
    let tolerance: Double
    let half: HalfType?

    /// - Parameters:
    ///   - upstream: the derivatives by the output.
    ///   - gradient: the derivatives by the input, in the same shape.
    package init(
        upstream: Tensor<Scalar>, gradient: Tensor<Scalar>, factor: Factor, probability: KeepProbability,
        tolerance: Double, half: HalfType?
    ) {
        (self.upstream, self.gradient, self.factor) = (upstream, gradient, factor)
        (self.probability, self.tolerance, self.half) = (probability, tolerance, half)
    }

    /// The mistakes of the gradient.
    ///
    /// - Parameter states: what each element of the output shows of its draw.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func judge(_ states: [ElementState], stop: StopFlag = .never) throws(DropoutError) -> [Finding] {
        let one = try ObservedOutput(input: upstream.elements, output: gradient.elements, half: half, stop: stop)
        switch factor {
        case .each(let factors): return try judge(one, factors, stop)
        case .one(let factor): return try judge(one, states, factor, stop)
        }
    }

    private func finding(
        _ mistake: Finding.Mistake, _ detail: String, _ evidence: [(name: String, value: Finding.Evidence)]
    ) -> Finding {
        Finding(mistake, detail, of: .gradient, output: 0, evidence)
    }

    // MARK: A mask

    private func judge(
        _ one: ObservedOutput<Scalar>, _ states: [ElementState], _ expected: Double, _ stop: StopFlag
    ) throws(DropoutError) -> [Finding] {
        guard states.count == one.states.count else {
            throw .impossible("a gradient of \(one.states.count) elements is judged by \(states.count)")
        }
        var findings: [Finding] = []
        var wrong = Places(upstream.shape)
        var (agree, keptDropped) = (0, 0)
        for block in Blocks(states.indices) {
            try stop.ask()
            for i in block where states[i] != .unknown && one.states[i] != .unknown {
                if states[i] == one.states[i] {
                    agree += 1
                } else {
                    wrong.add(i)
                    if states[i] == .kept { keptDropped += 1 }
                }
            }
        }
        if wrong.count > 0 {
            let evidence = wrong.evidence(ofShown: agree + wrong.count)
            // No element of the gradient is 0: nothing was dropped.
            if keptDropped == 0, one.dropped == 0 {
                findings.append(
                    finding(.gradientNotMasked, "the gradient of dropped elements is passed on", evidence))
            } else {
                let relation = try relation(one.states, states, agree, wrong.count, stop)
                findings.append(
                    finding(
                        .gradientMaskDiffers,
                        relation.map { "not the mask of the output; it is that one \($0.explanation)" }
                            ?? "the gradient is dropped elsewhere than the output",
                        evidence + (relation?.evidence ?? [])))
            }
        }
        if let scale = try scale(one, expected, stop) { findings.append(scale) }
        return findings
    }

    /// What was done to the mask of the output, if all of it is known.
    private func relation(
        _ seen: [ElementState], _ states: [ElementState], _ agree: Int, _ wrong: Int, _ stop: StopFlag
    ) throws(DropoutError) -> MaskRelation? {
        guard probability.keep > 0, probability.rate > 0 else { return nil }
        if try states.firstIndex(stop: stop, where: { $0 == .unknown }) != nil {
            // Exchanged is the one relation that needs no neighbour.
            let chance = Double.log(probability.keep * probability.keep + probability.rate * probability.rate)
            return agree == 0 && Double(wrong) * chance < Double.log(BinomialTail.improbable) ? .exchanged : nil
        }
        let kept = try states.map(stop: stop) { $0.rawValue }
        var search = try MaskRelationSearch(
            seen, kept, upstream.shape, probability: probability,
            comparisons: MaskRelationSearch.comparisons(kept.count), stop: stop)
        return try search.relation()
    }

    /// The mistake of a gradient that is not the upstream one times the factor.
    private func scale(
        _ one: ObservedOutput<Scalar>, _ expected: Double, _ stop: StopFlag
    ) throws(DropoutError) -> Finding? {
        guard one.kept > 0 else { return nil }
        func fit(_ factor: Double) throws(DropoutError) -> (count: Int, firstMisfit: Int?) {
            try one.fit(factor: factor, tolerance: 2 * tolerance, stop: stop)
        }
        let right = try fit(expected)
        if right.count == one.kept { return nil }
        let places: [(name: String, value: Finding.Evidence)] = [
            ("expected_factor", .number(expected)), ("elements", .count(one.kept - right.count)),
            ("first", .index(right.firstMisfit ?? 0)),
        ]
        let (keep, rate) = (probability.keep, probability.rate)
        let known: [(factor: Double, mistake: Finding.Mistake, detail: String)] = [
            (1, expected == 1 ? .wrongFactor : .notScaled, "the gradient is not scaled as the output is"),
            (expected * expected, .scaledTwice, "the gradient is scaled twice"),
            (rate > 0 ? 1 / rate : .infinity, .keepAndRateSwapped, "the gradient is divided by the rate"),
            (keep, .wrongFactor, "the gradient is multiplied by keep"),
            (keep > 0 ? 1 / keep : .infinity, .wrongFactor, "the gradient is divided by keep"),
        ]
        for (factor, mistake, detail) in known where factor.isFinite && factor > 0 {
            if try fit(factor).count == one.kept {
                return finding(mistake, detail, [("factor", .number(factor))] + places)
            }
        }
        if let factor = try one.medianFactor(stop: stop), try fit(factor).count == one.kept {
            return finding(
                .wrongFactor, "the gradient is the upstream one times \(factor); \(expected) expected",
                [("factor", .number(factor))] + places)
        }
        return finding(
            .valuesDiffer,
            "\(one.kept - right.count) of \(one.kept) elements are not the upstream gradient times \(expected)", places)
    }

    // MARK: Factors

    private func judge(
        _ one: ObservedOutput<Scalar>, _ factors: [Double], _ stop: StopFlag
    ) throws(DropoutError) -> [Finding] {
        guard factors.count == one.states.count else {
            throw .impossible("a gradient of \(one.states.count) elements is judged by \(factors.count) factors")
        }
        var wrong = Places(upstream.shape)
        var (shown, passed) = (0, 0)
        let least = half.map { Double($0.leastNormalMagnitude) } ?? Double(Scalar.leastNormalMagnitude)
        for block in Blocks(factors.indices) {
            try stop.ask()
            for i in block where !factors[i].isNaN && one.input[i] != 0 && one.input[i].isFinite {
                let (given, found) = (Double(one.input[i]), Double(one.output[i]))
                shown += 1
                if found == given { passed += 1 }
                let expected = given * factors[i]
                if !ElementLaw.isNear(found, expected, 4 * tolerance * expected.magnitude + least) { wrong.add(i) }
            }
        }
        guard wrong.count > 0 else { return [] }
        let evidence = wrong.evidence(ofShown: shown)
        if passed == shown {
            return [
                finding(.gradientNotMasked, "the gradient is passed on without the factors of the output", evidence)
            ]
        }
        return [finding(.gradientMaskDiffers, "the gradient has other factors than the output", evidence)]
    }
}
