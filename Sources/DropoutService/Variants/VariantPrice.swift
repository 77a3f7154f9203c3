import DropoutEngine
import TextCodecs

/// What one dropout of a variant costs besides its draw. `count` is the number of the activation's elements.
struct VariantPrice: Sendable {
    typealias Amount = @Sendable (LayerDraw, Int) -> Int

    /// Nanoseconds to make the noise of one pass out of what was drawn, and to apply it.
    let pass: Amount
    /// Bytes that the noise of one pass holds, and that making it takes.
    let noiseBytes: Amount
    /// Nanoseconds of the expected-value check.
    let check: Amount
    /// Bytes that the check takes.
    let checkBytes: Amount
    /// Nanoseconds of what is computed once for all passes.
    let preparation: Int

    init(
        pass: @escaping Amount, noiseBytes: @escaping Amount, check: @escaping Amount, checkBytes: @escaping Amount,
        preparation: Int = 0
    ) {
        (self.pass, self.noiseBytes, self.check, self.checkBytes) = (pass, noiseBytes, check, checkBytes)
        self.preparation = preparation
    }
}

extension VariantPrice {
    /// A mask whose kept elements are scaled.
    static let scaling = VariantPrice(
        pass: { expanding($0, $1).adding(KernelPrice.scale($1)) },
        noiseBytes: { maskBytes($0, $1) },
        check: { $0.noise.isElementwise ? KernelPrice.check($1) : KernelPrice.checkUnits($1) },
        checkBytes: { layer, _ in layer.noise.isElementwise ? 0 : layer.noise.drawn.count.times(8) })

    /// A mask that selects, with an expectation and a variance of the variant's own.
    static func selecting(_ applying: KernelPrice) -> VariantPrice {
        VariantPrice(
            pass: { expanding($0, $1).adding(applying($1)) }, noiseBytes: { maskBytes($0, $1) },
            check: { KernelPrice.checkMoments($1) }, checkBytes: { $1.times(40) })
    }

    /// A factor for each unit.
    static func multiplying(_ factor: KernelPrice, preparation: Int = 0) -> VariantPrice {
        VariantPrice(
            pass: { expanding($0, $1).adding(factor($0.noise.drawn.count)).adding(KernelPrice.multiply($1)) },
            noiseBytes: { $0.noise.drawn.count.times(16).adding(($0.noise.isElementwise ? 0 : $1).times(8)) },
            check: { KernelPrice.checkMoments($1) }, checkBytes: { $1.times(40) }, preparation: preparation)
    }

    private static func expanding(_ layer: LayerDraw, _ count: Int) -> Int {
        layer.noise.isElementwise ? 0 : KernelPrice.expand(count)
    }

    private static func maskBytes(_ layer: LayerDraw, _ count: Int) -> Int {
        layer.noise.drawn.count.adding(layer.noise.isElementwise ? 0 : count)
    }
}
