import DropoutEngine
import TextCodecs

/// Drop connect, see ``DropConnect``. The weights are drawn. They are thinned once for the batch, or for each example.
extension VariantRecord {
    static let dropConnect = VariantRecord(
        .dropConnect, granularities: [.batch, .sample], knowsClassic: true, dropsWeights: true,
        plan: { place throws(DropoutError) in
            guard let weights = place.weights else {
                return place.refuse("variant", "drop_connect drops weights, so it needs layers")
            }
            let connect = DropConnect(isPerExample: place.drop.granularity == .sample)
            let batch = place.shape.dimensions[place.layout == .columns ? 1 : 0]
            let drawn = try connect.shape(out: weights.dimensions[0], inputs: weights.dimensions[1], batch: batch)
            return VariantDrawing(NoiseShape(elementwise: drawn), .connect(connect), place.probability)
        },
        price: VariantPrice(
            pass: { layer, _ in KernelPrice.thin(layer.noise.drawn.count).adding(KernelPrice.layer(4)) },
            noiseBytes: { layer, _ in layer.noise.drawn.count.times(9) },
            check: { layer, _ in KernelPrice.checkMoments(layer.noise.full.count) },
            checkBytes: { $1.times(24) }))
}
