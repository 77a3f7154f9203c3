package import Stopping

extension LayerDropout {
    /// The expectation of each output element over the draws of training, or its value in evaluation.
    package func expectation(
        _ x: [Double], mode: DropoutMode, scheme: DropoutScheme, stop: StopFlag = .never
    ) throws(DropoutError) -> [Double] {
        let (keep, rate) = (probability.keep, probability.rate)
        switch (operation, mode) {
        case (.scale, .train) where keep == 0: return [Double](repeating: 0, count: x.count)
        case (.scale, _): return scheme == .inverted ? x : try x.map(stop: stop) { $0 * keep }
        case (.zoneout(let previous), _):
            try Zoneout.checkCounts(x.count, previous.count)
            return try [Double](count: x.count, stop: stop) {
                keep == 1 ? x[$0] : rate == 1 ? previous[$0] : rate * previous[$0] + keep * x[$0]
            }
        case (.connect, _), (_, .eval): return x
        case (.alpha, .train):
            let alpha = AlphaDropout<Double>(probability, arithmetic: arithmetic)
            if alpha.isIdentity { return x }
            return try x.map(stop: stop) {
                keep * ($0 * alpha.factor + alpha.keptShift) + rate * alpha.droppedValue
            }
        case (.multiply(let mean, _), .train): return try x.map(stop: stop) { $0 * mean }
        case (.block(let block), .train): return try block.expectation(x, stop: stop)
        }
    }

    /// The variance of each output element over the draws of training; nil if it has no simple form.
    package func variance(
        _ x: [Double], mode: DropoutMode, scheme: DropoutScheme, stop: StopFlag = .never
    ) throws(DropoutError) -> [Double]? {
        let (keep, rate) = (probability.keep, probability.rate)
        guard mode == .train, keep > 0 else { return [Double](repeating: 0, count: x.count) }
        switch operation {
        case .scale:
            let ratio = scheme == .inverted ? rate / keep : rate * keep
            return try x.map(stop: stop) { ratio * $0 * $0 }
        case .multiply(_, let variance): return try x.map(stop: stop) { variance * $0 * $0 }
        case .alpha:
            let alpha = AlphaDropout<Double>(probability, arithmetic: arithmetic)
            return try x.map(stop: stop) {
                let gap = $0 * alpha.factor + alpha.keptShift - alpha.droppedValue
                return keep * rate * gap * gap
            }
        case .zoneout(let previous):
            try Zoneout.checkCounts(x.count, previous.count)
            return try [Double](count: x.count, stop: stop) {
                keep * rate * (x[$0] - previous[$0]) * (x[$0] - previous[$0])
            }
        case .block, .connect: return nil
        }
    }

    /// The variance of the sum of a training pass's output.
    package func varianceOfSum(
        _ x: [Double], scheme: DropoutScheme, stop: StopFlag = .never
    ) throws(DropoutError) -> Double {
        let (keep, rate) = (probability.keep, probability.rate)
        guard keep > 0 || !isScaling else { return 0 }
        switch operation {
        case .scale:
            return (scheme == .inverted ? rate / keep : rate * keep) * (try squaredUnitSums(x.count, stop) { x[$0] })
        case .multiply(_, let variance): return variance * (try squaredUnitSums(x.count, stop) { x[$0] })
        case .alpha:
            let alpha = AlphaDropout<Double>(probability, arithmetic: arithmetic)
            return keep * rate
                * (try squaredUnitSums(x.count, stop) {
                    x[$0] * alpha.factor + alpha.keptShift - alpha.droppedValue
                })
        case .zoneout(let previous):
            try Zoneout.checkCounts(x.count, previous.count)
            return keep * rate * (try squaredUnitSums(x.count, stop) { x[$0] - previous[$0] })
        case .block(let block): return try block.moments(x, stop: stop).variance
        case .connect: return 0
        }
    }

    private var isScaling: Bool { if case .scale = operation { true } else { false } }

    /// Σ over units of (Σ of the unit's values)².
    @inline(__always)
    private func squaredUnitSums(
        _ count: Int, _ stop: StopFlag, _ value: (Int) -> Double
    ) throws(DropoutError) -> Double {
        let shape: NoiseShape
        switch noise {
        case .mask(let mask), .blocks(_, let mask): shape = mask.noise
        case .factors(_, let noise): shape = noise
        case .none: return 0
        }
        guard shape.full.count == count else {
            throw .impossible("noise of \(shape.full.count) elements has \(count) values")
        }
        var sums = [Double](repeating: 0, count: shape.drawn.count)
        var element = 0
        try shape.forEachElement(stop) { unit in
            sums[unit] += value(element)
            element += 1
        }
        var squares = 0.0
        try sums.forEach(stop: stop) { squares += $0 * $0 }
        return squares
    }

    /// The natural logarithm of the probability of what was drawn. Nil if the noise is not a mask, or if it is a given block mask
    /// without its anchors.
    package func logProbability(stop: StopFlag = .never) throws(DropoutError) -> Double? {
        switch noise {
        case .mask(let mask): return mask.logProbability(probability)
        case .factors, .none: return nil
        case .blocks(let fired, _):
            guard case .block(let block) = operation else { throw .impossible("blocks without drop block") }
            // A mask that the caller gave has no anchors.
            guard fired.count == block.anchors.count else { return nil }
            let count = try fired.sumOfBits(stop: stop)
            let rest = fired.count - count
            return (count == 0 ? 0 : Double(count) * Double.log(block.gamma))
                + (rest == 0 ? 0 : Double(rest) * Double.log1p(-block.gamma))
        }
    }

    /// The expected-value check of one pass.
    ///
    /// The variants of plain dropout are judged by ``ExpectedValueCheck/init(input:output:mask:probability:scheme:mode:stop:)``. The
    /// others have their own expectation and variance:
    ///
    ///     alpha:              E = keep·(a·x + s) + rate·d    Var of a unit = keep·rate·(Σ (a·x + s - d))²
    ///     gaussian, concrete: E = x·E[f]                     Var of a unit = Var[f]·(Σ x)²
    ///     zoneout:            E = keep·x + rate·previous     Var of a unit = keep·rate·(Σ (x - previous))²
    ///     drop block:         the moments of ``DropBlock/moments(_:)`` for the number of kept elements, that is E·s and Var·s²
    ///                         with s of ``DropBlock/share(kept:as:)``
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func check<Scalar: DropoutScalar>(
        input: Tensor<Scalar>, output: Tensor<Scalar>, mode: DropoutMode, scheme: DropoutScheme,
        stop: StopFlag = .never
    ) throws(DropoutError) -> ExpectedValueCheck {
        let isTraining = mode == .train
        let mask = isTraining ? noise.mask : nil
        if isScaling {
            return try ExpectedValueCheck(
                input: input, output: output, mask: mask, probability: probability, scheme: scheme, mode: mode,
                ulp: arithmetic.ulpOfOne(Scalar.self), stop: stop)
        }
        let x = try input.elements.map(stop: stop) { Double($0) }
        let count = x.count
        var expected = try expectation(x, mode: mode, scheme: scheme, stop: stop)
        var variance = isTraining ? try varianceOfSum(x, scheme: scheme, stop: stop) : 0
        var keptShare = probability.keep
        if case .block(let block) = operation {
            keptShare = try block.expectedKeptShare(stop: stop)
            if let mask {
                let share = block.share(kept: mask.keptCount, as: Scalar.self, half: arithmetic.half)
                expected = try expected.map(stop: stop) { $0 * share }
                variance *= share * share
            }
        }
        return try ExpectedValueCheck(
            output: try output.elements.map(stop: stop) { Double($0) },
            expectation: expected, variance: variance,
            ulp: arithmetic.ulpOfOne(Scalar.self), kept: mask?.keptCount ?? count,
            expectedKept: mask == nil ? Double(count) : Double(count) * keptShare,
            logProbability: isTraining ? try logProbability(stop: stop) : 0, stop: stop)
    }
}
