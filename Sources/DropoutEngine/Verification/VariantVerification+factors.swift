package import Stopping
import TextCodecs

/// Gaussian and concrete dropout, whose noise is a factor for each unit.
extension VariantVerification {
    /// The factors of the units that an output shows, NaN for a unit that shows none, and the first element that differs from
    /// another one of its unit.
    private func seen(
        _ y: [Scalar], _ stop: StopFlag
    ) throws(DropoutError) -> (units: [Double], firstSplit: Int?) {
        let x = plain.input.elements
        let least = plain.half.map { Double($0.leastNormalMagnitude) } ?? Double(Scalar.leastNormalMagnitude)
        guard y.count == x.count, plain.noise.full.count == x.count else {
            throw .impossible("an output of \(y.count) elements is judged by an input of \(x.count)")
        }
        var units = [Double](repeating: .nan, count: plain.noise.drawn.count)
        var (element, split) = (0, nil as Int?)
        try plain.noise.forEachElement(stop) { unit in
            let (given, found) = (Double(x[element]), Double(y[element]))
            // A product near the smallest number has too few bits for a factor.
            if given.isFinite, found.isFinite, given.magnitude > 1024 * least {
                let factor = found / given
                if units[unit].isNaN {
                    units[unit] = factor
                } else if split == nil, !isNear(units[unit], factor) {
                    split = element
                }
            }
            element += 1
        }
        return (units, split)
    }

    /// Whether two factors are the same but for rounding. Outputs below the smallest normal number have fewer bits.
    package func isNear(_ a: Double, _ b: Double) -> Bool {
        (a - b).magnitude <= 2 * plain.tolerance * max(a.magnitude, b.magnitude) + plain.tolerance / 1024
    }

    /// The factors of the units of the first output; NaN for a unit that shows none.
    package func unitFactors(stop: StopFlag) throws(DropoutError) -> [Double] {
        guard let output = plain.outputs.first else { throw .impossible("no output is judged") }
        return try seen(output.elements, stop).units
    }

    func factors(_ law: NoiseLaw, _ stop: StopFlag) throws(DropoutError) -> Judgement {
        var judgement = bare([])
        var first: [Double] = []
        for (number, output) in plain.outputs.enumerated() {
            let one = try ObservedOutput(
                input: plain.input.elements, output: output.elements, half: plain.half, stop: stop)
            if let finding = try plain.nonFinite(one, number, stop) { judgement.findings.append(finding) }
            let (units, split) = try seen(output.elements, stop)
            var shown: [Double] = []
            try units.forEach(stop: stop) { if !$0.isNaN { shown.append($0) } }
            judgement.kept += one.kept
            judgement.dropped += one.dropped
            judgement.units += shown.count
            judgement.keptUnits += shown.count
            if number == 0 { judgement.shownUnits = shown.count }
            if let split {
                judgement.findings.append(
                    Finding(
                        .wrongGranularity, "elements that should share a factor differ", output: number,
                        [("first", .index(split))]))
                continue
            }
            guard !shown.isEmpty else { continue }
            let factors = try SeenFactors(shown, tolerance: 2 * plain.tolerance, stop: stop)
            judgement.factor = judgement.factor ?? factors.mean
            let wrong: Finding?
            switch law {
            case .gaussian(let deviation):
                if number == 0, deviation > 0 {
                    judgement.zScore = (factors.mean - 1) * Double(shown.count).squareRoot() / deviation
                }
                wrong = try gaussian(factors, deviation, number, stop)
            case .concrete(let noise): wrong = try concrete(factors, noise, number, stop)
            }
            // Rounding may hide a factor near 1, so that the law decides first.
            if let wrong { judgement.findings.append(try identity(output.elements, number, stop) ?? wrong) }
            if number == 0 {
                first = units
            } else if shown.count > 1, probability.rate > 0, probability.keep > 0, try isSame(first, units, stop) {
                judgement.findings.append(
                    Finding(
                        .masksEqual, "outputs 0 and \(number) have the same factors", output: number,
                        [("units", .count(shown.count))]))
            }
        }
        return judgement
    }

    /// Whether two outputs have the same factors. Independent ones are never the same.
    private func isSame(_ a: [Double], _ b: [Double], _ stop: StopFlag) throws(DropoutError) -> Bool {
        guard a.count == b.count else { return false }
        for block in Blocks(a.indices) {
            try stop.ask()
            for i in block where !(a[i].isNaN && b[i].isNaN) && !isNear(a[i], b[i]) { return false }
        }
        return true
    }

    /// The mistake of factors that are 0 or 1 / keep: a mask rather than a number.
    private func hard(_ factors: SeenFactors, _ number: Int, _ stop: StopFlag) throws(DropoutError) -> Finding? {
        let keep = probability.keep
        let isSoft = { (f: Double) in f != 0 && (f * keep - 1).magnitude > 2 * factors.tolerance }
        guard keep > 0, factors.sorted.count > 1, try factors.sorted.firstIndex(stop: stop, where: isSoft) == nil else {
            return nil
        }
        return Finding(
            .otherVariant, "each factor is 0 or 1 / keep: this is dropout itself", output: number,
            [("variant", .text(DropoutVariant.dropout.rawValue)), ("units", .count(factors.sorted.count))])
    }

    private func gaussian(
        _ factors: SeenFactors, _ deviation: Double, _ number: Int, _ stop: StopFlag
    ) throws(DropoutError) -> Finding? {
        let expected = deviation * deviation
        if try factors.isNormal(variance: expected, stop) { return nil }
        if let hard = try hard(factors, number, stop) { return hard }
        let (keep, rate) = (probability.keep, probability.rate)
        let known: [(variance: Double, name: String)] = [
            (rate, "the variance is the rate"),
            (expected * expected, "rate / keep is taken for the standard deviation"),
            (rate * rate, "the rate is taken for the standard deviation"),
            (rate * keep, "the variance is rate·keep, that of a mask"), (keep / rate, "keep and rate are exchanged"),
            (1, "the variance is 1: the noise is not scaled"), (deviation, "the standard deviation was rooted twice"),
        ]
        var names: [String] = []
        for (variance, name) in known where (variance - expected).magnitude > 1e-9 * expected {
            if try factors.isNormal(variance: variance, stop) { names.append(name) }
        }
        if names.isEmpty, factors.mean.magnitude < 0.5, let centred = try centred(factors, expected, stop) {
            names.append(centred)
        }
        let named = names.isEmpty ? "" : ": " + names.joined(separator: ", or ")
        return Finding(
            .wrongNoise,
            "the factors are not normal numbers of mean 1 and variance \(expected)\(named)", output: number,
            [
                ("mean", .number(factors.mean)), ("variance", .number(factors.variance)),
                ("expected_variance", .number(expected)), ("units", .count(factors.sorted.count)),
            ])
    }

    /// The name of factors that lack the 1 of 1 + σ·n.
    private func centred(
        _ factors: SeenFactors, _ variance: Double, _ stop: StopFlag
    ) throws(DropoutError) -> String? {
        let moved = try SeenFactors(
            try factors.sorted.map(stop: stop) { $0 + 1 }, tolerance: factors.tolerance, stop: stop)
        return try moved.isNormal(variance: variance, stop) ? "their mean is 0: the 1 of 1 + noise is missing" : nil
    }

    private func concrete(
        _ factors: SeenFactors, _ noise: ConcreteNoise, _ number: Int, _ stop: StopFlag
    ) throws(DropoutError) -> Finding? {
        let law = NoiseLaw.concrete(noise)
        if probability.keep == 0 { return nil }
        if try factors.isNear(stop, { law.cumulative($0) }) { return nil }
        if let hard = try hard(factors, number, stop) { return hard }
        let (keep, rate, temperature) = (probability.keep, probability.rate, noise.temperature)
        // What a factor says about the relaxed mask 1 - z, and with which rate and temperature it is made.
        let known:
            [(mask: (Double) -> Double, rate: Double, temperature: Double, mistake: Finding.Mistake, name: String)] = [
                ({ $0 }, rate, temperature, .notScaled, "the relaxed mask is not divided by keep"),
                ({ $0 * keep }, rate, 1, .wrongNoise, "the temperature is 1"),
                ({ $0 * keep }, rate, 1 / temperature, .wrongNoise, "the logits are multiplied by the temperature"),
                ({ $0 * keep }, keep, temperature, .keepAndRateSwapped, "keep and rate are exchanged"),
                ({ $0 }, rate, 1, .notScaled, "the relaxed mask is not divided by keep, and the temperature is 1"),
            ]
        var evidence: [(name: String, value: Finding.Evidence)] = [
            ("mean", .number(factors.mean)), ("units", .count(factors.sorted.count)),
            ("distance", .number(try factors.distance(stop) { law.cumulative($0) })),
        ]
        for one in known {
            guard let other = try? ConcreteNoise(try KeepProbability(rate: one.rate), temperature: one.temperature),
                try factors.isNear(stop, { NoiseLaw.concrete(one.mask($0), other) })
            else { continue }
            evidence.append(("temperature", .number(one.temperature)))
            return Finding(
                one.mistake, "\(one.name); the factors have another law than asked", output: number, evidence)
        }
        return Finding(
            .wrongNoise, "the factors are not those of concrete dropout at this rate and temperature", output: number,
            evidence)
    }
}
