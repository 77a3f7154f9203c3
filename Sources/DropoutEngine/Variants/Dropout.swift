package import Stopping

/// The dropout forward pass of one tensor.
package enum Dropout {
    /// Drops the elements that `mask` drops and scales as the scheme says.
    ///
    ///     inverted, train: output[i] = kept(i) ? input[i] / keep : 0
    ///     inverted, eval:  output[i] = input[i]
    ///     classic, train:  output[i] = kept(i) ? input[i] : 0
    ///     classic, eval:   output[i] = input[i] · keep
    ///
    /// Shapes: elementwise; `mask.kept.count == input.shape.count`. Evaluation takes no mask, and training without one
    ///   drops nothing.
    /// Edge cases: keep 1 returns what is kept bit for bit; keep 0 drops everything, even if a given mask keeps, and
    ///   gives +0 in classic evaluation; a dropped NaN or infinity becomes +0, since dropped values are selected away and
    ///   never multiplied by 0.
    /// Precision: one division or multiplication in the type of the tensor, as `arithmetic` says for inverted training. Tensors of
    ///   16 bits have ``HalfScaling``.
    /// Source: Srivastava et al., JMLR 15 (2014) 1929-1958; the paper's p is keep.
    /// - Throws: ``DropoutError/stopped``; ``DropoutError/impossible(_:)`` for a mask of another size.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package static func forward<Scalar: DropoutScalar>(
        _ input: Tensor<Scalar>, mask: Mask?, probability: KeepProbability, mode: DropoutMode, scheme: DropoutScheme,
        arithmetic: DropoutArithmetic = .plain, stop: StopFlag = .never
    ) throws(DropoutError) -> Tensor<Scalar> {
        // Rounded to 0, keep would make NaN of a kept 0.
        let keep = max(Scalar(probability.keep), .leastNonzeroMagnitude)
        switch (mode, scheme) {
        case (.eval, .inverted): return input
        case (.eval, .classic) where keep == 1: return input
        case (.eval, .classic) where probability.keep == 0:
            return Tensor(like: input, [Scalar](repeating: 0, count: input.elements.count))
        case (.eval, .classic):
            if let half = arithmetic.half {
                let scaling = HalfScaling(half, factor: Float(probability.keep))
                return Tensor(like: input, try input.elements.map(stop: stop) { scaling($0) })
            }
            return Tensor(like: input, try input.elements.map(stop: stop) { $0 * keep })
        case (.train, _) where probability.keep == 0 && mask != nil:
            return Tensor(like: input, try input.elements.map(stop: stop) { dropped($0, arithmetic) })
        // Multiplying or dividing by 1 would turn a signalling NaN into a quiet one.
        case (.train, .inverted) where keep == 1, (.train, .classic):
            return try selected(input, mask, arithmetic, stop) { $0 }
        case (.train, .inverted):
            if let half = arithmetic.half {
                let scaling = HalfScaling(arithmetic, half, probability)
                return try selected(input, mask, arithmetic, stop) { scaling($0) }
            }
            switch arithmetic.scaling {
            case .divideByKeep: return try selected(input, mask, arithmetic, stop) { $0 / keep }
            case .divideByComplement:
                // Rounded to 1, the rate would make NaN of a kept 0.
                let divisor = Scalar(max(1 - Float(probability.rate), .leastNonzeroMagnitude))
                return try selected(input, mask, arithmetic, stop) { $0 / divisor }
            case .reciprocalOfKeep:
                let factor =
                    arithmetic.isFactorFloat32
                    ? Scalar(1 / max(Float(probability.keep), .leastNonzeroMagnitude)) : 1 / keep
                return try selected(input, mask, arithmetic, stop) { $0 * factor }
            case .reciprocalOfComplement:
                let factor = Scalar(1 / (1 - Float(probability.rate)))
                return try selected(input, mask, arithmetic, stop) { $0 * factor }
            case .exactReciprocal:
                let factor = Scalar(1 / probability.keep)
                return try selected(input, mask, arithmetic, stop) { $0 * factor }
            }
        }
    }

    @inline(__always)
    private static func selected<Scalar: DropoutScalar>(
        _ input: Tensor<Scalar>, _ mask: Mask?, _ arithmetic: DropoutArithmetic, _ stop: StopFlag,
        _ scaled: (Scalar) -> Scalar
    ) throws(DropoutError) -> Tensor<Scalar> {
        guard let mask else { return input }
        return Tensor(like: input, try select(input.elements, mask, arithmetic, stop, scaled))
    }

    /// `scaled(x)` for a kept x, and for a dropped one 0 as `arithmetic` signs it.
    @inline(__always)
    static func select<Scalar: DropoutScalar>(
        _ input: [Scalar], _ mask: Mask, _ arithmetic: DropoutArithmetic, _ stop: StopFlag,
        _ scaled: (Scalar) -> Scalar
    ) throws(DropoutError) -> [Scalar] {
        try input.withUnsafeBufferPointer { x throws(DropoutError) in
            arithmetic.keepsSignOfDropped
                ? try mask.select(x.count, stop, kept: { scaled(x[$0]) }, dropped: { signedZero(x[$0]) })
                : try mask.select(x.count, stop, kept: { scaled(x[$0]) }, dropped: { _ in 0 })
        }
    }

    /// The value that replaces a dropped `x`.
    @inline(__always)
    private static func dropped<Scalar: DropoutScalar>(_ x: Scalar, _ arithmetic: DropoutArithmetic) -> Scalar {
        arithmetic.keepsSignOfDropped ? signedZero(x) : 0
    }

    /// 0 with the sign of `x`; +0 for NaN.
    @inline(__always)
    static func signedZero<Scalar: DropoutScalar>(_ x: Scalar) -> Scalar {
        let zero = Scalar(signOf: x, magnitudeOf: 0)
        return x == x ? zero : 0
    }
}

/// The mode in which kept elements are scaled.
package enum DropoutScheme: String, CaseIterable, Sendable {
    /// Training divides by keep, and evaluation changes nothing.
    case inverted
    /// Training only drops, and evaluation multiplies by keep (Srivastava et al. 2014).
    case classic
}

package enum DropoutMode: String, CaseIterable, Sendable {
    case train, eval
}
