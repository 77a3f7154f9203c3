/// What was drawn, or given, for one dropout in one pass.
package enum DropoutNoise: Sendable {
    /// Kept or dropped.
    case mask(Mask)
    /// The elements that no fired anchor drops.
    case blocks(fired: [UInt8], kept: Mask)
    /// A factor for each unit of a noise shape: dropped, kept and all between.
    case factors([Double], NoiseShape)
    /// Evaluation.
    case none

    /// Which elements are kept; nil where the noise is not a mask.
    package var mask: Mask? {
        switch self {
        case .mask(let mask), .blocks(_, let mask): mask
        case .factors, .none: nil
        }
    }
}
