import DropoutEngine

/// A dropped path: the whole branch of an example or of the batch.
extension VariantRecord {
    static let dropPath = VariantRecord(
        .dropPath, granularities: [.sample, .batch], knowsClassic: true,
        plan: { place in
            let isBatch = place.drop.granularity == .batch
            return VariantDrawing(
                NoiseShape(pathOf: place.shape, isBatch: isBatch, layout: place.layout), .scale, place.probability)
        },
        price: .scaling)
}
