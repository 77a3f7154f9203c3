import DropoutEngine

/// Spatial dropout: whole channels of a feature map.
extension VariantRecord {
    static let spatial = VariantRecord(
        .spatial, fields: ["data_format"], granularities: [], knowsClassic: true,
        echo: { fields, writer in writer.field("data_format", fields.dataFormat.rawValue) },
        plan: { place in
            let channelsLast = place.fields.dataFormat == .channelsLast
            guard let noise = NoiseShape(spatial: place.shape, channelsLast: channelsLast) else {
                return place.refuse(
                    "variant", "spatial dropout takes a tensor of rank 3 to 5, not \(place.shape.rank)")
            }
            return VariantDrawing(noise, .scale, place.probability)
        },
        price: .scaling)
}
