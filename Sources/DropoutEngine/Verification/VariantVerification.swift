package import Stopping
import TextCodecs

/// Judges the output of a variant other than those of plain scaling: alpha, zoneout, drop block, Gaussian and concrete dropout.
///
/// The draws that the values show are judged as those of dropout: as a tensor of ones of which some are dropped, see ``shown(_:)``.
package struct VariantVerification<Scalar: DropoutScalar>: Sendable {
    package typealias Judgement = Verification<Scalar>.Judgement

    package let operation: LayerDropout.Operation
    /// The law of the factors; nil for a variant with a mask.
    package let law: NoiseLaw?
    let plain: Verification<Scalar>
    let probability: KeepProbability

    /// - Parameters:
    ///   - plain: the tensors and what is asked of them. Its scheme is the inverted one.
    ///   - probability: that of `plain`.
    package init(
        _ operation: LayerDropout.Operation, law: NoiseLaw?, _ plain: Verification<Scalar>,
        _ probability: KeepProbability
    ) {
        (self.operation, self.law, self.plain, self.probability) = (operation, law, plain, probability)
    }

    /// - Returns: the judgement, and a question about plain dropout that has the same draws, for a search of generators.
    /// - Throws: ``DropoutError/stopped``; ``DropoutError/impossible(_:)`` for tensors that do not fit the variant.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func judge(
        stop: StopFlag = .never
    ) throws(DropoutError) -> (judgement: Judgement, shown: Verification<Scalar>) {
        if plain.mode == .eval { return (try evaluated(stop), plain) }
        switch operation {
        case .alpha:
            return try chosen(
                .alpha(rate: probability.rate), ElementLaw.alphaMistakes(probability), previous: [], stop)
        case .zoneout(let previous):
            return try chosen(.zoneout, ElementLaw.zoneoutMistakes(probability), previous: previous, stop)
        case .block(let block): return (try blocks(block, stop), plain)
        case .multiply:
            guard let law else { throw .impossible("factors are judged without their law") }
            return (try factors(law, stop), plain)
        case .scale, .connect: throw .impossible("a variant is judged by values that it does not have")
        }
    }

    // MARK: Two values

    /// Judges an output whose elements have one of two values.
    private func chosen(
        _ right: ElementLaw, _ mistakes: [NamedLaw], previous: [Double], _ stop: StopFlag
    ) throws(DropoutError) -> (judgement: Judgement, shown: Verification<Scalar>) {
        var findings: [Finding] = []
        var readings: [ElementLaw.Reading] = []
        for (number, output) in plain.outputs.enumerated() {
            let y = output.elements
            var reading = try read(right, y, previous, stop)
            if reading.misfits.count > 0 {
                if let identity = try identity(y, number, stop) { return (bare([identity]), plain) }
                let wrong = try misread(mistakes, y, previous, stop)
                guard let wrong else {
                    findings.append(try unknownValues(reading, y, number, previous, stop))
                    return (bare(findings), plain)
                }
                findings.append(
                    Finding(
                        wrong.named.mistake, wrong.named.detail, output: number,
                        wrong.named.evidence + [
                            ("elements", .count(reading.misfits.count)), ("first", .index(reading.misfits.first)),
                        ]))
                reading = wrong.reading
            }
            readings.append(reading)
        }
        let shown = try shown(readings, stop)
        var judgement = try shown.judge(stop: stop)
        judgement.findings = findings + judgement.findings.map { Self.renamed($0) }
        (judgement.factor, judgement.roundings) = (nil, [])
        return (judgement, shown)
    }

    func read(
        _ law: ElementLaw, _ y: [Scalar], _ previous: [Double], endsAtMisfit: Bool = false, _ stop: StopFlag
    ) throws(DropoutError) -> ElementLaw.Reading {
        let least = plain.half.map { Double($0.leastNormalMagnitude) } ?? Double(Scalar.leastNormalMagnitude)
        let largest = plain.half == .float16 ? 65504 : Double(Scalar.greatestFiniteMagnitude)
        return try law.read(
            plain.input.elements, y, previous: previous, plain.input.shape, tolerance: plain.tolerance, least: least,
            largest: largest, endsAtMisfit: endsAtMisfit, stop)
    }

    /// The first known mistake that every element shows.
    private func misread(
        _ mistakes: [NamedLaw], _ y: [Scalar], _ previous: [Double], _ stop: StopFlag
    ) throws(DropoutError) -> (named: NamedLaw, reading: ElementLaw.Reading)? {
        var mistakes = mistakes
        if case .alpha = operation, let value = Self.commonest(y), let other = ElementLaw.alpha(droppedValue: value) {
            mistakes.append(other)
        }
        for named in mistakes {
            let reading = try read(named.law, y, previous, endsAtMisfit: true, stop)
            if reading.misfits.count == 0 { return (named, reading) }
        }
        return nil
    }

    /// The finite number that is most frequent among the first elements; nil if none is there twice.
    private static func commonest(_ y: [Scalar]) -> Double? {
        var counts: [Double: Int] = [:]
        for value in y.prefix(Blocks.size) where value.isFinite { counts[Double(value), default: 0] += 1 }
        var best: (value: Double, count: Int)?
        for value in y.prefix(Blocks.size) {
            guard let count = counts[Double(value)], count > (best?.count ?? 1) else { continue }
            best = (Double(value), count)
        }
        return best?.value
    }

    /// The mistake of an output that is the input, if it cannot be by chance.
    func identity(_ y: [Scalar], _ number: Int, _ stop: StopFlag) throws(DropoutError) -> Finding? {
        let x = plain.input.elements
        guard probability.rate > 0, try y.firstIndex(stop: stop, where: { !$0.isFinite }) == nil else { return nil }
        for block in Blocks(x.indices) {
            try stop.ask()
            for i in block where x[i] != y[i] { return nil }
        }
        return Finding(
            .identity, "the output is the input: the variant was off", output: number, [("elements", .count(x.count))])
    }

    /// The mistake of values that no known mistake gives.
    private func unknownValues(
        _ reading: ElementLaw.Reading, _ y: [Scalar], _ number: Int, _ previous: [Double], _ stop: StopFlag
    ) throws(DropoutError) -> Finding {
        let places = reading.misfits.evidence(ofShown: y.count)
        if case .zoneout = operation, try isExpectation(y, previous, probability, stop) {
            return Finding(
                .valuesDiffer, "every element is rate·previous + keep·x, as in evaluation", output: number, places)
        }
        return Finding(
            .valuesDiffer,
            "\(reading.misfits.count) of \(y.count) elements are neither what is kept nor what is dropped",
            output: number, places)
    }

    /// A judgement of values alone.
    func bare(_ findings: [Finding]) -> Judgement {
        var judgement = Judgement()
        (judgement.findings, judgement.probability) = (findings, probability)
        return judgement
    }

    /// The draws that the values show, as an output of plain dropout in the classic scheme.
    ///
    /// An element that shows nothing has the input 0.
    private func shown(
        _ readings: [ElementLaw.Reading], _ stop: StopFlag
    ) throws(DropoutError) -> Verification<Scalar> {
        var input = [Scalar](repeating: 1, count: plain.input.elements.count)
        for reading in readings {
            for block in Blocks(reading.states.indices) {
                try stop.ask()
                for i in block where reading.states[i] == .unknown { input[i] = 0 }
            }
        }
        var outputs: [Tensor<Scalar>] = []
        for reading in readings {
            outputs.append(Tensor(like: plain.input, try reading.states.map(stop: stop) { $0 == .kept ? 1 : 0 }))
        }
        return Verification(
            input: Tensor(like: plain.input, input), outputs: outputs, mask: plain.mask, probability: probability,
            noise: plain.noise, mode: .train, scheme: .classic, tolerance: plain.tolerance,
            isVariant: true)
    }

    /// A finding about the ones, in words about the variant.
    private static func renamed(_ finding: Finding) -> Finding {
        guard finding.mistake == .identity else { return finding }
        return Finding(
            .keptFractionImplausible, "no element is dropped", output: finding.output, finding.evidence)
    }

    // MARK: Evaluation

    private func evaluated(_ stop: StopFlag) throws(DropoutError) -> Judgement {
        guard case .zoneout(let previous) = operation else {
            var judgement = try plain.judge(stop: stop)
            if case .alpha = operation, !judgement.findings.isEmpty {
                for (number, output) in plain.outputs.enumerated() {
                    let reading = try read(.alpha(rate: probability.rate), output.elements, [], stop)
                    guard reading.misfits.count == 0 else { continue }
                    judgement.findings = [
                        Finding(.droppedInEval, "the output is that of training", output: number, [])
                    ]
                }
            }
            return judgement
        }
        var findings: [Finding] = []
        for (number, output) in plain.outputs.enumerated() {
            let y = output.elements
            if try isExpectation(y, previous, probability, stop) { continue }
            if try isExpectation(y, previous, try KeepProbability(keep: probability.rate), stop) {
                findings.append(
                    Finding(
                        .keepAndRateSwapped, "evaluation is keep·previous + rate·x: keep and rate are exchanged",
                        output: number, []))
            } else if try isExpectation(y, previous, try KeepProbability(keep: 1), stop) {
                findings.append(
                    Finding(
                        .evalNotScaled, "evaluation takes the new state alone, not rate·previous + keep·x",
                        output: number, []))
            } else {
                let reading = try read(.zoneout, y, previous, stop)
                let isDropped = reading.misfits.count == 0
                findings.append(
                    Finding(
                        isDropped ? .droppedInEval : .valuesDiffer,
                        isDropped
                            ? "evaluation takes the new or the previous state, not rate·previous + keep·x"
                            : "the output is not rate·previous + keep·x", output: number, []))
            }
        }
        return bare(findings)
    }

    /// Whether every element is rate·previous + keep·x.
    private func isExpectation(
        _ y: [Scalar], _ previous: [Double], _ probability: KeepProbability, _ stop: StopFlag
    ) throws(DropoutError) -> Bool {
        let x = plain.input.elements
        guard previous.count == x.count, y.count == x.count else {
            throw .impossible("\(x.count) elements have a previous state of \(previous.count)")
        }
        let least = plain.half.map { Double($0.leastNormalMagnitude) } ?? Double(Scalar.leastNormalMagnitude)
        for block in Blocks(x.indices) {
            try stop.ask()
            for i in block {
                // A weight of 0 leaves a NaN out.
                let old = probability.rate == 0 ? 0 : probability.rate * previous[i]
                let new = probability.keep == 0 ? 0 : probability.keep * Double(x[i])
                let slack = plain.tolerance * (old.magnitude + new.magnitude) + least
                if !ElementLaw.isNear(Double(y[i]), old + new, slack) { return false }
            }
        }
        return true
    }
}
