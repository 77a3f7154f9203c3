import TextCodecs

/// One way to scale a kept element of a tensor of 16 bits: x / divisor or x · factor in float32, then one rounding to the type.
///
/// A product of two numbers of 16 bits is exact in float32, and a quotient has more than twice their bits, so rounding it a second time
/// changes nothing.
struct HalfScaling {
    let half: HalfType
    private let number: Float
    private let divides: Bool

    /// Inverted training, as `arithmetic` scales it.
    init(_ arithmetic: DropoutArithmetic, _ half: HalfType, _ probability: KeepProbability) {
        self.half = half
        // Rounded to 0, keep would make NaN of a kept 0.
        let keep = max(half.round(Float(probability.keep)), half.leastNonzeroMagnitude)
        let complement = max(1 - Float(probability.rate), .leastNonzeroMagnitude)
        switch arithmetic.scaling {
        case .divideByKeep:
            let isWide =
                arithmetic.halfFactor == .float32 || half == .bfloat16 && arithmetic.halfFactor == .numPy
            number = isWide ? max(Float(probability.keep), .leastNonzeroMagnitude) : keep
            divides = true
        case .divideByComplement: (number, divides) = (complement, true)
        case .reciprocalOfComplement: (number, divides) = (1 / complement, false)
        case .reciprocalOfKeep, .exactReciprocal:
            let reciprocal =
                arithmetic.scaling == .exactReciprocal
                ? Float(1 / probability.keep) : 1 / max(Float(probability.keep), .leastNonzeroMagnitude)
            switch (arithmetic.halfFactor, half) {
            case (.rounded, _), (.numPy, _): (number, divides) = (half.round(reciprocal), false)
            case (.float32, _): (number, divides) = (reciprocal, false)
            case (.xla, .float16): (number, divides) = (half.round(1 / keep), false)
            case (.xla, .bfloat16): (number, divides) = (keep, true)
            }
        }
    }

    /// A product with a number of the type.
    init(_ half: HalfType, factor: Float) {
        self.half = half
        (number, divides) = (half.round(factor), false)
    }

    @inline(__always)
    func callAsFunction<Scalar: DropoutScalar>(_ x: Scalar) -> Scalar {
        Scalar(half.round(divides ? Float(x) / number : Float(x) * number))
    }
}

extension HalfType {
    /// A step of a computation, rounded to the type.
    @inline(__always)
    func round<Scalar: DropoutScalar>(_ x: Scalar) -> Scalar { Scalar(round(Float(x))) }
}
