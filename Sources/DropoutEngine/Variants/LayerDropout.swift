package import Stopping
import TextCodecs

/// A dropout that is ready to be applied: the variant, its numbers, and its noise.
package struct LayerDropout: Sendable {
    package enum Operation: Sendable {
        /// Dropout, and the variants that differ from it only in the shared draws: spatial, drop path, variational.
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
    /// Shapes: elementwise. Edge cases: those of the variant. Evaluation ignores the noise. Without noise nothing is dropped in
    ///   training.
    /// - Throws: ``DropoutError/stopped``; ``DropoutError/impossible(_:)`` for noise that does not fit the variant or `x`.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func apply<Scalar: DropoutScalar>(
        _ x: Tensor<Scalar>, mode: DropoutMode, scheme: DropoutScheme, stop: StopFlag = .never
    ) throws(DropoutError) -> Tensor<Scalar> {
        switch (operation, mode) {
        case (.scale, .eval):
            return try Dropout.forward(
                x, mask: nil, probability: probability, mode: mode, scheme: scheme, arithmetic: arithmetic, stop: stop)
        case (.scale, .train):
            return try Dropout.forward(
                x, mask: try drawnMask(), probability: probability, mode: mode, scheme: scheme, arithmetic: arithmetic,
                stop: stop)
        case (.zoneout(let previous), .eval):
            return Tensor(
                like: x,
                try Zoneout.eval(
                    x.elements, previous: previous, probability: probability, half: arithmetic.half, stop: stop))
        case (.connect, _), (_, .eval): return x
        case (.alpha, .train):
            guard let mask = try drawnMask() else { return x }
            return Tensor(
                like: x, try AlphaDropout(probability, arithmetic: arithmetic).forward(x.elements, mask, stop: stop))
        case (.multiply, .train): return Tensor(like: x, try scaled(x.elements, stop))
        case (.block(let block), .train):
            guard let mask = try drawnMask(), block.rate > 0 else { return x }
            let factor: Scalar = block.scale(kept: mask.keptCount, half: arithmetic.half)
            if let half = arithmetic.half {
                return Tensor(
                    like: x, try Dropout.select(x.elements, mask, arithmetic, stop) { half.round($0 * factor) })
            }
            return Tensor(like: x, try Dropout.select(x.elements, mask, arithmetic, stop) { $0 * factor })
        case (.zoneout(let previous), .train):
            guard let mask = try drawnMask() else { return x }
            return Tensor(like: x, try Zoneout.train(x.elements, previous: previous, mask: mask, stop: stop))
        }
    }

    /// The derivatives by the activations, from `gradient`, those by the output, through the noise of a training pass.
    ///
    /// - Throws: as ``apply(_:mode:scheme:stop:)``.
    @specialized(where Scalar == Float)
    @specialized(where Scalar == Double)
    package func backward<Scalar: DropoutScalar>(
        _ gradient: Tensor<Scalar>, scheme: DropoutScheme, stop: StopFlag = .never
    ) throws(DropoutError) -> [Scalar] {
        switch operation {
        case .scale, .multiply, .block:
            return try apply(gradient, mode: .train, scheme: scheme, stop: stop).elements
        case .connect: return gradient.elements
        case .alpha:
            guard let mask = try drawnMask() else { return gradient.elements }
            return try AlphaDropout(probability, arithmetic: arithmetic).backward(gradient.elements, mask, stop: stop)
        case .zoneout:
            guard let mask = try drawnMask() else { return gradient.elements }
            return try gradient.elements.withUnsafeBufferPointer { gradient throws(DropoutError) in
                try mask.select(gradient.count, stop, kept: { gradient[$0] }, dropped: { _ in 0 })
            }
        }
    }

    /// The mask that was drawn; nil if nothing was.
    ///
    /// - Throws: ``DropoutError/impossible(_:)`` for noise that is not a mask.
    func drawnMask() throws(DropoutError) -> Mask? {
        switch noise {
        case .mask(let mask), .blocks(_, let mask): return mask
        case .none: return nil
        case .factors: throw .impossible("a variant of masks has factors")
        }
    }

    /// x · factor. A factor of 0 gives 0 even for NaN and infinities.
    private func scaled<Scalar: DropoutScalar>(_ x: [Scalar], _ stop: StopFlag) throws(DropoutError) -> [Scalar] {
        switch noise {
        case .none: return x
        case .mask, .blocks: throw .impossible("a variant of factors has a mask")
        case .factors(let units, let noise):
            let factors = try noise.expand(units, stop: stop)
            guard factors.count == x.count else {
                throw .impossible("\(factors.count) factors are applied to \(x.count) elements")
            }
            if let half = arithmetic.half {
                return try [Scalar](count: x.count, stop: stop) {
                    factors[$0] == 0 ? 0 : half.round(x[$0] * Scalar(half.round(factors[$0])))
                }
            }
            return try [Scalar](count: x.count, stop: stop) {
                factors[$0] == 0 ? 0 : x[$0] * Scalar(factors[$0])
            }
        }
    }
}

/// The noise that was drawn or given for one dropout in one pass.
package enum DropoutNoise: Sendable {
    /// The units that are kept.
    case mask(Mask)
    /// The elements that no fired anchor drops.
    case blocks(fired: [UInt8], kept: Mask)
    /// A factor for each unit of a noise shape.
    case factors([Double], NoiseShape)
    /// No noise, in evaluation.
    case none

    /// The mask; nil if the noise is not a mask.
    package var mask: Mask? {
        switch self {
        case .mask(let mask), .blocks(_, let mask): mask
        case .factors, .none: nil
        }
    }
}
