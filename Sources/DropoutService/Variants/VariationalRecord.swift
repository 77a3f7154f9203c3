import DropoutEngine

/// Variational dropout: one mask for all time steps.
extension VariantRecord {
    static let variational = VariantRecord(
        .variational, granularities: [], knowsClassic: true,
        plan: { place in
            guard let noise = NoiseShape(variational: place.shape) else {
                return place.refuse(
                    "variant",
                    "variational dropout takes [batch, time, features] or [time, features], not rank \(place.shape.rank)"
                )
            }
            return VariantDrawing(noise, .scale, place.probability)
        },
        price: .scaling)
}
