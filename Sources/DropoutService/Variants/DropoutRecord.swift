import DropoutEngine

/// Dropout itself.
extension VariantRecord {
    static let dropout = VariantRecord(
        .dropout, isDefault: true, knowsClassic: true, plan: { $0.shared(.scale) }, price: .scaling)
}
