import DropoutEngine

/// Alpha dropout, see ``AlphaDropout``.
extension VariantRecord {
    static let alpha = VariantRecord(
        .alpha, knowsClassic: false, plan: { $0.shared(.alpha) }, price: .selecting(.affine))
}
