extension LayerDropout {
    /// The expectation of each output element over the draws of training, or its value in evaluation.
    package func expectation(_ x: [Double], mode: DropoutMode, scheme: DropoutScheme) -> [Double] {
        let (keep, rate) = (probability.keep, probability.rate)
        switch (operation, mode) {
        case (.scale, .train) where keep == 0: return [Double](repeating: 0, count: x.count)
        case (.scale, _): return scheme == .inverted ? x : x.map { $0 * keep }
        case (.zoneout(let previous), _):
            return x.indices.map { keep == 1 ? x[$0] : rate == 1 ? previous[$0] : rate * previous[$0] + keep * x[$0] }
        case (.connect, _), (_, .eval): return x
        case (.alpha, .train):
            let alpha = AlphaDropout<Double>(probability)
            if keep == 1 { return x }
            return x.map { keep * ($0 * alpha.factor + alpha.keptShift) + rate * alpha.droppedValue }
        case (.multiply(let mean, _), .train): return x.map { $0 * mean }
        case (.block(let block), .train): return block.expectation(x)
        }
    }

    /// The variance of each output element over the draws of training; nil where it has no simple form.
    package func variance(_ x: [Double], mode: DropoutMode, scheme: DropoutScheme) -> [Double]? {
        let (keep, rate) = (probability.keep, probability.rate)
        guard mode == .train, keep > 0 else { return [Double](repeating: 0, count: x.count) }
        switch operation {
        case .scale:
            let ratio = scheme == .inverted ? rate / keep : rate * keep
            return x.map { ratio * $0 * $0 }
        case .multiply(_, let variance): return x.map { variance * $0 * $0 }
        case .alpha:
            let alpha = AlphaDropout<Double>(probability)
            return x.map {
                let gap = $0 * alpha.factor + alpha.keptShift - alpha.droppedValue
                return keep * rate * gap * gap
            }
        case .zoneout(let previous): return zip(x, previous).map { keep * rate * ($0 - $1) * ($0 - $1) }
        case .block, .connect: return nil
        }
    }

    /// The variance of the sum of a training pass's output.
    package func varianceOfSum(_ x: [Double], scheme: DropoutScheme) -> Double {
        let (keep, rate) = (probability.keep, probability.rate)
        guard keep > 0 || !isScaling else { return 0 }
        switch operation {
        case .scale: return (scheme == .inverted ? rate / keep : rate * keep) * squaredUnitSums(x)
        case .multiply(_, let variance): return variance * squaredUnitSums(x)
        case .alpha:
            let alpha = AlphaDropout<Double>(probability)
            return keep * rate * squaredUnitSums(x.map { $0 * alpha.factor + alpha.keptShift - alpha.droppedValue })
        case .zoneout(let previous):
            return keep * rate * squaredUnitSums(zip(x, previous).map { $0 - $1 })
        case .block(let block): return block.moments(x).variance
        case .connect: return 0
        }
    }

    private var isScaling: Bool { if case .scale = operation { true } else { false } }

    /// Σ over units of (Σ of the unit's values)².
    private func squaredUnitSums(_ values: [Double]) -> Double {
        let shape: NoiseShape
        switch noise {
        case .mask(let mask), .blocks(_, let mask): shape = mask.noise
        case .factors(_, let noise): shape = noise
        case .none: return 0
        }
        var sums = [Double](repeating: 0, count: shape.drawn.count)
        var element = 0
        shape.forEachElement { unit in
            sums[unit] += values[element]
            element += 1
        }
        return sums.reduce(0) { $0 + $1 * $1 }
    }

    /// The natural logarithm of the probability of what was drawn; nil where the noise is not a mask, or a block mask was
    /// given without the anchors behind it.
    package var logProbability: Double? {
        switch noise {
        case .mask(let mask): return mask.logProbability(probability)
        case .factors, .none: return nil
        case .blocks(let fired, _):
            guard case .block(let block) = operation, fired.count == block.anchors.count else { return nil }
            let count = fired.reduce(0) { $0 + Int($1) }
            let rest = fired.count - count
            return (count == 0 ? 0 : Double(count) * Double.log(block.gamma))
                + (rest == 0 ? 0 : Double(rest) * Double.log1p(-block.gamma))
        }
    }

    /// The expected-value check of one pass.
    ///
    /// The variants of plain dropout are judged by ``ExpectedValueCheck/init(input:output:mask:probability:scheme:mode:)``;
    /// the others bring their own expectation and variance:
    ///
    ///     alpha:              E = keep·(a·x + s) + rate·d    Var of a unit = keep·rate·(Σ (a·x + s - d))²
    ///     gaussian, concrete: E = x·E[f]                     Var of a unit = Var[f]·(Σ x)²
    ///     zoneout:            E = keep·x + rate·previous     Var of a unit = keep·rate·(Σ (x - previous))²
    ///     drop block:         ``DropBlock/moments(_:)``
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func check<Scalar: DropoutScalar>(
        input: Tensor<Scalar>, output: Tensor<Scalar>, mode: DropoutMode, scheme: DropoutScheme
    ) -> ExpectedValueCheck {
        let isTraining = mode == .train
        if isScaling {
            return ExpectedValueCheck(
                input: input, output: output, mask: isTraining ? noise.mask : nil, probability: probability,
                scheme: scheme, mode: mode)
        }
        let x = input.elements.map { Double($0) }
        let count = x.count
        let keptShare: Double =
            if case .block(let block) = operation { block.expectedKeptShare } else { probability.keep }
        let isMask = isTraining && noise.mask != nil
        return ExpectedValueCheck(
            output: output.elements.map { Double($0) }, expectation: expectation(x, mode: mode, scheme: scheme),
            variance: isTraining ? varianceOfSum(x, scheme: scheme) : 0, ulp: Double(Scalar.ulpOfOne),
            kept: isMask ? noise.mask?.keptCount ?? count : count,
            expectedKept: isMask ? Double(count) * keptShare : Double(count),
            logProbability: isTraining ? logProbability : 0)
    }
}
