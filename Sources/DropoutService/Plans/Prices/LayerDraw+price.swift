import DropoutEngine
import TensorJSON
import TextCodecs

/// What one dropout costs besides its draw.
extension LayerDraw {
    /// Nanoseconds to make the noise of one pass out of what was drawn, and to apply it to the activation's `count` elements.
    func passPrice(_ count: Int) -> Int { record.price.pass(self, count).adding(KernelPrice.expand(givenCount)) }

    /// The elements of a given mask that are expanded in each pass.
    private var givenCount: Int {
        if case .mask(let mask)? = given { mask.expandedCount(full: maskNoise.full) } else { 0 }
    }

    /// Nanoseconds of what is computed once for all passes.
    var preparation: Int { record.price.preparation }

    /// Bytes that the noise of one pass holds, and that making it takes.
    func noiseBytes(_ count: Int) -> Int { record.price.noiseBytes(self, count).adding(givenCount) }

    /// Nanoseconds of the expected-value check of `count` elements.
    func checkPrice(_ count: Int) -> Int { record.price.check(self, count) }

    /// Bytes that the check takes.
    func checkBytes(_ count: Int) -> Int { record.price.checkBytes(self, count) }

    /// Nanoseconds of the noise of an evaluation, which is made only to be printed.
    func evaluationPrice(_ count: Int) -> Int { KernelPrice.expand(max(count, maskNoise.full.count)) }

    /// What is printed of the noise of one pass.
    func noiseText(format: MaskFormat, form: TensorForm) -> Price {
        guard record.isContinuous else { return PrintingPrice.mask(maskNoise.full, format: format, form: form) }
        return format == .none ? .zero : PrintingPrice.tensor(noise.drawn, form: form, as: .float64)
    }
}
