/// What was drawn, or given, for one dropout in one pass.
package enum DropoutNoise: Sendable {
    /// Kept or dropped.
    case mask(Mask)
    /// The elements that no fired anchor drops.
    case blocks(fired: [UInt8], kept: Mask)
    /// A factor for each unit of a noise shape: dropped, kept and all between.
    case factors([Double], NoiseShape)
    /// Evaluation.
    case none

    /// Which elements are kept; nil where the noise is not a mask.
    package var mask: Mask? {
        switch self {
        case .mask(let mask), .blocks(_, let mask): mask
        case .factors, .none: nil
        }
    }
}

/// One dropout that is ready to be applied: the variant, its numbers, and what was drawn.
package struct LayerDropout: Sendable {
    package enum Operation: Sendable {
        /// Dropout itself and its variants that only share draws otherwise: spatial, drop path, variational.
        case scale
        case alpha
        /// Gaussian and concrete: x · factor. The moments are those of one factor.
        case multiply(mean: Double, variance: Double)
        case block(DropBlock)
        /// The previous state, row-major, in the shape of the activation.
        case zoneout(previous: [Double])
        /// The mask is that of the weights.
        case connect(DropConnect)
    }

    package let operation: Operation
    package let noise: DropoutNoise
    package let probability: KeepProbability
    package let arithmetic: DropoutArithmetic

    package init(
        _ operation: Operation, noise: DropoutNoise, probability: KeepProbability,
        arithmetic: DropoutArithmetic = .plain
    ) {
        self.operation = operation
        self.noise = noise
        self.probability = probability
        self.arithmetic = arithmetic
    }

    /// Dropout by a mask.
    package init(mask: Mask, probability: KeepProbability, arithmetic: DropoutArithmetic = .plain) {
        self.init(.scale, noise: .mask(mask), probability: probability, arithmetic: arithmetic)
    }

    /// The output for activations `x`.
    ///
    /// Shapes: elementwise. Edge cases: those of the variant; in evaluation the noise is not looked at.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func apply<Scalar: DropoutScalar>(
        _ x: Tensor<Scalar>, mode: DropoutMode, scheme: DropoutScheme
    ) -> Tensor<Scalar> {
        switch (operation, mode) {
        case (.scale, _):
            return Dropout.forward(
                x, mask: noise.mask, probability: probability, mode: mode, scheme: scheme, arithmetic: arithmetic)
        case (.zoneout(let previous), .eval):
            return Tensor(like: x, Zoneout.eval(x.elements, previous: previous, probability: probability))
        case (.connect, _), (_, .eval): return x
        case (.alpha, .train):
            guard let mask = noise.mask else { return x }
            return Tensor(like: x, AlphaDropout(probability).forward(x.elements, mask))
        case (.multiply, .train): return Tensor(like: x, scaled(x.elements))
        case (.block(let block), .train):
            guard let mask = noise.mask, block.rate > 0 else { return x }
            let factor: Scalar = block.scale(kept: mask.keptCount, as: Scalar.self)
            return Tensor(like: x, Dropout.select(x.elements, mask, arithmetic) { $0 * factor })
        case (.zoneout(let previous), .train):
            guard let mask = noise.mask else { return x }
            return Tensor(like: x, Zoneout.train(x.elements, previous: previous, mask: mask))
        }
    }

    /// The derivatives by the activations, of those by the output, through the noise of a training pass.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func backward<Scalar: DropoutScalar>(_ gradient: Tensor<Scalar>, scheme: DropoutScheme) -> [Scalar] {
        switch operation {
        case .scale, .multiply, .block: return apply(gradient, mode: .train, scheme: scheme).elements
        case .connect: return gradient.elements
        case .alpha:
            guard let mask = noise.mask else { return gradient.elements }
            return AlphaDropout(probability).backward(gradient.elements, mask)
        case .zoneout:
            guard let mask = noise.mask else { return gradient.elements }
            return gradient.elements.withUnsafeBufferPointer { gradient in
                mask.select(gradient.count, kept: { gradient[$0] }, dropped: { _ in 0 })
            }
        }
    }

    /// x · factor; a factor of 0 selects away.
    private func scaled<Scalar: DropoutScalar>(_ x: [Scalar]) -> [Scalar] {
        guard case .factors(let units, let noise) = noise else { return x }
        let factors = noise.expand(units)
        return x.indices.map { factors[$0] == 0 ? 0 : x[$0] * Scalar(factors[$0]) }
    }
}
