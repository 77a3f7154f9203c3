/// The arithmetic of a library's layer to the last bit: how it scales kept elements, and which zero replaces dropped ones.
///
/// All scalings are x / keep in exact arithmetic. In float32 they differ in the last place: at rate 0.1 most agree, at 0.04, 0.09
/// and 0.15 they differ.
package struct DropoutArithmetic: Sendable, Hashable {
    /// `fl` rounds to the type of the tensor and `fl32` to float32, in which the libraries that need it hold the rate.
    package enum Scaling: String, Sendable, CaseIterable {
        /// x / fl(keep).
        case divideByKeep = "divide"
        /// x / (1 - fl32(rate)), the difference in float32.
        case divideByComplement = "divide-by-complement"
        /// x · fl(1 / fl(keep)).
        case reciprocalOfKeep = "reciprocal"
        /// x · fl32(1 / (1 - fl32(rate))), the difference in float32.
        case reciprocalOfComplement = "reciprocal-of-complement"
        /// x · fl(1 / keep), the reciprocal taken in float64.
        case exactReciprocal = "exact-reciprocal"
    }

    package let scaling: Scaling

    /// Whether a dropped element becomes x · 0, with its sign, and not +0. A dropped NaN or infinity becomes 0 all the same, although
    /// the library itself gives NaN.
    package let keepsSignOfDropped: Bool

    /// Whether the factor of ``Scaling/reciprocalOfKeep`` is computed in float32 for float64 tensors too.
    package let isFactorFloat32: Bool

    /// The steps of ``AlphaDropout``.
    package enum AlphaSteps: Sendable {
        /// Each constant is computed in float64 and rounded once.
        case plain
        /// The same, and PyTorch's steps at both ends of the rate.
        case torch
        /// As Keras: a dropped element is a constant too, to which the affine map is applied in the tensor's type.
        case keras
    }

    package let alpha: AlphaSteps

    package init(
        _ scaling: Scaling, keepsSignOfDropped: Bool, isFactorFloat32: Bool = false, alpha: AlphaSteps = .plain
    ) {
        self.scaling = scaling
        self.keepsSignOfDropped = keepsSignOfDropped
        self.isFactorFloat32 = isFactorFloat32
        self.alpha = alpha
    }

    /// x / fl(keep), and +0.
    package static let plain = DropoutArithmetic(.divideByKeep, keepsSignOfDropped: false)
}
