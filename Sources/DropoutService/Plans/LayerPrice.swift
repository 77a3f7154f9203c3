import DropoutEngine

/// What one dropout costs besides its draw.
extension LayerDraw {
    private var variant: DropoutVariant { drop.variant.variant }

    /// Nanoseconds to make the noise of one pass out of what was drawn, and to apply it to the activation's `count` elements.
    func passPrice(_ count: Int) -> Int { noisePrice(count).adding(KernelPrice.expand(givenCount)) }

    /// The elements of a given mask that are expanded in each pass.
    private var givenCount: Int {
        if case .mask(let mask)? = given { mask.expandedCount(full: maskNoise.full) } else { 0 }
    }

    private func noisePrice(_ count: Int) -> Int {
        let units = noise.drawn.count
        let expanding = noise.isElementwise ? 0 : KernelPrice.expand(count)
        switch variant {
        case .dropout, .spatial, .dropPath, .variational: return expanding.adding(KernelPrice.scale(count))
        case .alpha: return expanding.adding(KernelPrice.affine(count))
        case .zoneout: return expanding.adding(KernelPrice.choose(count))
        case .gaussian:
            return expanding.adding(KernelPrice.gaussianFactor(units)).adding(KernelPrice.multiply(count))
        case .concrete:
            return expanding.adding(KernelPrice.concreteFactor(units)).adding(KernelPrice.multiply(count))
        case .dropBlock:
            return KernelPrice.widenBlock(count.times(max(1, shape.rank - 2))).adding(KernelPrice.scale(count))
        // The weights are drawn; they are thinned once for the batch, or for each example.
        case .dropConnect: return KernelPrice.thin(units).adding(KernelPrice.layer(4))
        }
    }

    /// Nanoseconds of what is computed once for all passes.
    var preparation: Int { variant == .concrete ? KernelPrice.concreteMoments(1) : 0 }

    /// Bytes that the noise of one pass holds, and that making it takes.
    func noiseBytes(_ count: Int) -> Int {
        let units = noise.drawn.count
        let expanded = noise.isElementwise ? 0 : count
        let bytes =
            switch variant {
            case .dropout, .spatial, .dropPath, .variational, .alpha, .zoneout: units.adding(expanded)
            case .gaussian, .concrete: units.times(16).adding(expanded.times(8))
            case .dropBlock: units.adding(count.times(3))
            case .dropConnect: units.times(9)
            }
        return bytes.adding(givenCount)
    }

    /// Nanoseconds of the expected-value check of `count` elements.
    func checkPrice(_ count: Int) -> Int {
        switch variant {
        case .dropout, .spatial, .dropPath, .variational:
            return noise.isElementwise ? KernelPrice.check(count) : KernelPrice.checkUnits(count)
        case .alpha, .gaussian, .concrete, .zoneout: return KernelPrice.checkMoments(count)
        case .dropBlock:
            // Blocks that never or always start have no variance.
            let isDecided = decidedUnits == noise.drawn.count
            return KernelPrice.checkMoments(count).adding(isDecided ? 0 : KernelPrice.checkBlockPair(checkSteps))
        case .dropConnect: return KernelPrice.checkMoments(noise.full.count)
        }
    }

    /// Bytes that the check takes.
    func checkBytes(_ count: Int) -> Int {
        switch variant {
        case .dropout, .spatial, .dropPath, .variational: return noise.isElementwise ? 0 : noise.drawn.count.times(8)
        case .alpha, .gaussian, .concrete, .zoneout: return count.times(40)
        case .dropBlock: return count.times(64)
        case .dropConnect: return count.times(24)
        }
    }

    /// Nanoseconds of the noise of an evaluation, which is made only to be printed.
    func evaluationPrice(_ count: Int) -> Int { KernelPrice.expand(max(count, maskNoise.full.count)) }

    /// What is printed of the noise of one pass.
    func noiseText(format: MaskFormat, form: TensorForm) -> Price {
        switch variant {
        case .gaussian, .concrete:
            return format == .none ? .zero : PrintingPrice.tensor(noise.drawn, form: form, of: Double.self)
        case .dropBlock: return PrintingPrice.mask(shape, format: format, form: form)
        default: return PrintingPrice.mask(noise.full, format: format, form: form)
        }
    }
}
