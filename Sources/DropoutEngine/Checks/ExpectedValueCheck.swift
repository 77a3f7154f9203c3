package import Stopping

/// The expected-value check of one pass: whether its sum is what dropout at this probability would give.
///
/// The sum of the output is compared with its expectation over masks, in units of its standard deviation. |z| up to 4 is
/// consistent.
///
///     inverted: E[Σ output] = Σ x         Var = Σ over units of (Σ of the unit's x)² · rate / keep
///     classic:  E[Σ output] = keep · Σ x  Var = Σ over units of (Σ of the unit's x)² · rate · keep
///
/// Precision: float64, summed in row-major order.
/// Edge cases: the means of an empty tensor are nil. Keep 0 and evaluation have standard error 0. If the standard error is within
///   the rounding of the sums, z is 0 if they agree to that rounding, else nil. Values that are not finite make the sums not
///   finite, z nil and the check inconsistent.
package struct ExpectedValueCheck: Sendable, Equatable {
    package let expectedMean: Double?
    package let observedMean: Double?
    package let expectedSum: Double
    package let observedSum: Double
    /// The standard deviation of the sum over masks.
    package let standardError: Double
    package let zScore: Double?
    package let consistent: Bool
    /// The number of kept elements.
    package let kept: Int
    package let expectedKept: Double
    package let keptFraction: Double?
    /// The natural logarithm of the mask's probability. It is 0 in evaluation, which draws nothing, and nil if the noise is not a
    /// mask.
    package let logProbability: Double?

    /// The check of a variant that brings its own expectation.
    ///
    /// - Parameters:
    ///   - expectation: The expectation of each element of the output.
    ///   - variance: The variance of the output's sum.
    ///   - ulp: The unit in the last place of 1, in the type of the output.
    init(
        output: [Double], expectation: [Double], variance: Double, ulp: Double, kept: Int, expectedKept: Double,
        logProbability: Double?, stop: StopFlag = .never
    ) throws(DropoutError) {
        let count = output.count
        let sums = try PassSums(expectation, output, stop: stop)
        let (expected, observed) = (sums.input, sums.output)
        (expectedSum, observedSum) = (expected, observed)
        expectedMean = count == 0 ? nil : expected / Double(count)
        observedMean = count == 0 ? nil : observed / Double(count)
        standardError = variance.squareRoot()
        self.kept = kept
        self.expectedKept = expectedKept
        self.logProbability = logProbability
        keptFraction = count == 0 ? nil : Double(kept) / Double(count)
        zScore = Self.zScore(
            observed - expected, standardError: standardError, magnitude: sums.magnitude, count: count, ulp: ulp)
        consistent = zScore.map { $0.magnitude <= 4 } ?? false
    }

    private static func zScore(
        _ difference: Double, standardError: Double, magnitude: Double, count: Int, ulp: Double
    ) -> Double? {
        // Each element is rounded in its type and each addition in float64.
        let rounding = min(magnitude, .greatestFiniteMagnitude) * (ulp + Double(count) * Double.ulpOfOne)
        if !difference.isFinite || !standardError.isFinite { return nil }
        if standardError > rounding { return difference / standardError }
        // The sums agree if they differ by no more than a consistent draw and the rounding.
        return difference.magnitude <= 4 * standardError + rounding ? 0 : nil
    }

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package init<Scalar: DropoutScalar>(
        input: Tensor<Scalar>, output: Tensor<Scalar>, mask: Mask?, probability: KeepProbability,
        scheme: DropoutScheme, mode: DropoutMode, ulp: Double? = nil, stop: StopFlag = .never
    ) throws(DropoutError) {
        let count = input.elements.count
        let sums = try PassSums(input.elements, output.elements, stop: stop)
        let factor = scheme == .inverted ? 1 : probability.keep
        let isDrawn = mode == .train && mask != nil
        // At keep 0 the output is 0 for every mask, so its expectation is not that of the input.
        expectedSum = isDrawn && probability.keep == 0 ? 0 : sums.input * factor
        observedSum = sums.output
        expectedMean = count == 0 ? nil : expectedSum / Double(count)
        observedMean = count == 0 ? nil : observedSum / Double(count)
        if let mask, isDrawn {
            let ratio =
                probability.keep == 0
                ? 0 : scheme == .inverted ? probability.rate / probability.keep : probability.rate * probability.keep
            standardError = try Self.deviation(input, mask, squares: sums.squares, ratio: ratio, stop)
            kept = mask.keptCount
            expectedKept = Double(count) * probability.keep
            logProbability = mask.logProbability(probability)
        } else {
            standardError = 0
            kept = count
            expectedKept = Double(count)
            logProbability = 0
        }
        keptFraction = count == 0 ? nil : Double(kept) / Double(count)
        zScore = Self.zScore(
            observedSum - expectedSum, standardError: standardError, magnitude: sums.magnitude, count: count,
            ulp: ulp ?? Double(Scalar.ulpOfOne))
        consistent = zScore.map { $0.magnitude <= 4 } ?? false
    }

    /// √(ratio · Σ over units of (Σ of the unit's values)²), even if the squares overflow or vanish.
    ///
    /// - Parameter squares: Σ x², which is the sum over units of one element.
    @inline(__always)
    private static func deviation<Scalar: DropoutScalar>(
        _ input: Tensor<Scalar>, _ mask: Mask, squares: Double, ratio: Double, _ stop: StopFlag
    ) throws(DropoutError) -> Double {
        guard ratio > 0 else { return 0 }
        let squares = mask.noise.isElementwise ? squares : try squaredUnitSums(input, mask, scale: 1, stop)
        let variance = squares * ratio
        if variance.isNormal { return variance.squareRoot() }
        if squares.isNaN { return squares }
        var largest = 0.0
        try input.elements.forEach(stop: stop) { largest = max(largest, Double($0).magnitude) }
        guard largest > 0 else { return 0 }
        guard largest.isFinite else { return largest }
        let scale = Double(sign: .plus, exponent: min(1000, -Int(largest.exponent)), significand: 1)
        return (try squaredUnitSums(input, mask, scale: scale, stop) * ratio).squareRoot() / scale
    }

    /// Σ over units of (scale · Σ of the unit's values)².
    ///
    /// - Parameter scale: A power of two.
    @inline(__always)
    private static func squaredUnitSums<Scalar: DropoutScalar>(
        _ input: Tensor<Scalar>, _ mask: Mask, scale: Double, _ stop: StopFlag
    ) throws(DropoutError) -> Double {
        var sums = [Double](repeating: 0, count: mask.drawn.count)
        try input.elements.withUnsafeBufferPointer { input throws(DropoutError) in
            try sums.withUnsafeMutableBufferPointer { sums throws(DropoutError) in
                try mask.noise.forEachRun(stop) { unit, step, elements in
                    if step == 0 {
                        var sum = sums[unit]
                        for element in elements { sum += Double(input[element]) * scale }
                        sums[unit] = sum
                    } else {
                        for place in 0..<elements.count {
                            sums[unit &+ place] += Double(input[elements.lowerBound &+ place]) * scale
                        }
                    }
                }
            }
        }
        var squares = 0.0
        try sums.forEach(stop: stop) { squares += $0 * $0 }
        return squares
    }
}
