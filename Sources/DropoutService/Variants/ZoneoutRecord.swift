import DropoutEngine

/// Zoneout, see ``Zoneout``: a dropped unit keeps its previous state.
extension VariantRecord {
    static let zoneout = VariantRecord(
        .zoneout, fields: ["previous"],
        required: ("previous", "zoneout needs previous, the state that a dropped unit keeps"), knowsClassic: false,
        plan: { place in
            guard let previous = place.fields.previous else { return nil }
            guard previous.shape.dimensions == place.block.dimensions else {
                return place.refuse(
                    "previous",
                    "the shape is \(previous.shape.dimensions); \(place.block.dimensions) expected")
            }
            return place.shared(.zoneout(previous: previous.elements))
        },
        price: .selecting(.choose))
}
