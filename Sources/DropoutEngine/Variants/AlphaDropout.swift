package import Stopping

/// Alpha dropout: a dropped unit takes SELU's saturation value and an affine map restores mean 0 and variance 1.
///
///     α' = 1.7580993408473766,  a = 1 / √((α'²·rate + 1)·keep)
///     kept:     y = x·a + α'·a·rate
///     dropped:  y = -α'·a + α'·a·rate
///
/// For x of mean 0 and variance 1 the output has mean 0 and variance 1 as well.
/// Precision: PyTorch's steps, so that float32 has its bits: each constant is computed in float64 and rounded once; a kept
///   element takes one multiplication and one addition. In a type of 16 bits each of the two is rounded.
/// Edge cases: keep 1 returns the input bit for bit; keep 0 gives 0 everywhere, even if a given mask keeps; a dropped NaN
///   or infinity is selected away. With PyTorch's arithmetic keep 0 gives zeros with the sign of x, and a rate above 0 adds
///   α'·a·rate also where it is so small that keep is 1. Keras' arithmetic applies the affine map to -α' in the tensor's type.
/// Source: Klambauer et al., "Self-normalizing neural networks", 2017; pytorch/pytorch `aten/src/ATen/native/Dropout.cpp`; keras-team/keras
///   `keras/src/layers/regularization/alpha_dropout.py` (3.15.1).
package struct AlphaDropout<Scalar: DropoutScalar>: Sendable {
    /// α', what a dropped unit becomes before the affine map, with the sign exchanged.
    static var saturation: Double { 1.7580993408473766 }

    package let probability: KeepProbability
    /// a, by which a kept element is multiplied.
    package let factor: Scalar
    /// What is then added to it.
    package let keptShift: Scalar
    /// What a dropped element becomes.
    package let droppedValue: Scalar

    /// Whether nothing is dropped and nothing added.
    package let isIdentity: Bool
    private let arithmetic: DropoutArithmetic

    package init(_ probability: KeepProbability, arithmetic: DropoutArithmetic = .plain) {
        self.probability = probability
        self.arithmetic = arithmetic
        isIdentity = arithmetic.alpha == .torch ? probability.rate == 0 : probability.keep == 1
        guard probability.keep > 0, !isIdentity else {
            (factor, keptShift, droppedValue) = (probability.keep == 1 ? 1 : 0, 0, 0)
            return
        }
        let rate = probability.rate
        let a = 1 / ((Self.saturation * Self.saturation * rate + 1) * (1 - rate)).squareRoot()
        if let half = arithmetic.half {
            (factor, keptShift) = (half.round(Scalar(a)), Scalar(half.round(Float(Self.saturation * a * rate))))
            let saturated =
                arithmetic.alpha == .keras
                ? half.round(factor * Scalar(half.round(Float(-Self.saturation))))
                : -Scalar(half.round(Float(Self.saturation * a)))
            droppedValue = half.round(saturated + keptShift)
            return
        }
        factor = Scalar(a)
        keptShift = Scalar(Self.saturation * a * rate)
        droppedValue =
            arithmetic.alpha == .keras
            ? Scalar(a) * Scalar(-Self.saturation) + keptShift : -Scalar(Self.saturation * a) + keptShift
    }

    package func forward(_ x: [Scalar], _ mask: Mask, stop: StopFlag = .never) throws(DropoutError) -> [Scalar] {
        if isIdentity { return x }
        if probability.keep == 0 { return try zeros(x, stop) }
        return try x.withUnsafeBufferPointer { x throws(DropoutError) in
            if let half = arithmetic.half {
                return try mask.select(
                    x.count, stop, kept: { half.round(half.round(x[$0] * factor) + keptShift) },
                    dropped: { _ in droppedValue })
            }
            return try mask.select(x.count, stop, kept: { x[$0] * factor + keptShift }, dropped: { _ in droppedValue })
        }
    }

    /// The derivatives by the input, of those by the output.
    package func backward(
        _ gradient: [Scalar], _ mask: Mask, stop: StopFlag = .never
    ) throws(DropoutError) -> [Scalar] {
        if probability.keep == 0 { return try zeros(gradient, stop) }
        return try gradient.withUnsafeBufferPointer { gradient throws(DropoutError) in
            try mask.select(gradient.count, stop, kept: { gradient[$0] * factor }, dropped: { _ in 0 })
        }
    }

    private func zeros(_ x: [Scalar], _ stop: StopFlag) throws(DropoutError) -> [Scalar] {
        arithmetic.alpha == .torch
            ? try x.map(stop: stop) { Dropout.signedZero($0) } : [Scalar](repeating: 0, count: x.count)
    }
}
