/// The expected-value check: is one pass's sum what dropout at this probability would give?
///
/// The sum of the output is compared with its expectation over masks, in units of its standard deviation. Every draw
/// is judged as a draw: |z| up to 4 is consistent.
///
///     inverted: E[Σ output] = Σ x         Var = Σ over units of (Σ of the unit's x)² · rate / keep
///     classic:  E[Σ output] = keep · Σ x  Var = Σ over units of (Σ of the unit's x)² · rate · keep
///
/// Precision: float64, summed in row-major order.
/// Edge cases: an empty tensor has no means (nil); keep 0 and evaluation have standard error 0, where z is 0 if the sums
///   agree and absent otherwise; non-finite values make the sums non-finite and the check inconsistent.
package struct ExpectedValueCheck: Sendable, Equatable {
    package let expectedMean: Double?
    package let observedMean: Double?
    package let expectedSum: Double
    package let observedSum: Double
    /// The standard deviation of the sum over masks.
    package let standardError: Double
    package let zScore: Double?
    package let consistent: Bool
    /// Kept elements.
    package let kept: Int
    package let expectedKept: Double
    package let keptFraction: Double?
    /// The natural logarithm of the mask's probability; 0 in evaluation, where nothing is drawn.
    package let logProbability: Double

    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package init<Scalar: DropoutScalar>(
        input: Tensor<Scalar>, output: Tensor<Scalar>, mask: Mask?, probability: KeepProbability,
        scheme: DropoutScheme, mode: DropoutMode
    ) {
        let count = input.elements.count
        var inputSum = 0.0
        var outputSum = 0.0
        for value in input.elements { inputSum += Double(value) }
        for value in output.elements { outputSum += Double(value) }
        let factor = scheme == .inverted ? 1 : probability.keep
        let isDrawn = mode == .train && mask != nil
        // At keep 0 the output is 0 whatever the mask: there is nothing to be unbiased with.
        expectedSum = isDrawn && probability.keep == 0 ? 0 : inputSum * factor
        observedSum = outputSum
        expectedMean = count == 0 ? nil : expectedSum / Double(count)
        observedMean = count == 0 ? nil : observedSum / Double(count)
        if let mask, isDrawn {
            let ratio =
                probability.keep == 0
                ? 0 : scheme == .inverted ? probability.rate / probability.keep : probability.rate * probability.keep
            standardError = (Self.squaredUnitSums(input, mask) * ratio).squareRoot()
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
        let difference = observedSum - expectedSum
        if standardError > 0 {
            zScore = difference / standardError
        } else {
            // Evaluation rounds each element: agreement is judged to that rounding.
            let tolerance = inputSum.magnitude * Double(Scalar.ulpOfOne) * Double(max(count, 1))
            zScore = difference.magnitude <= tolerance ? 0 : nil
        }
        consistent = zScore.map { $0.magnitude <= 4 } ?? false
    }

    /// Σ over units of (Σ of the unit's values)².
    @inline(__always)
    private static func squaredUnitSums<Scalar: DropoutScalar>(_ input: Tensor<Scalar>, _ mask: Mask) -> Double {
        var total = 0.0
        if mask.noise.isElementwise {
            for value in input.elements { total += Double(value) * Double(value) }
            return total
        }
        var sums = [Double](repeating: 0, count: mask.drawn.count)
        var element = 0
        mask.noise.forEachElement { unit in
            sums[unit] += Double(input.elements[element])
            element += 1
        }
        for sum in sums { total += sum * sum }
        return total
    }
}
