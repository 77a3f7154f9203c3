package import TextCodecs

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

    /// The number by which a tensor of 16 bits is multiplied or divided, of the scalings that have a choice.
    package enum HalfFactor: Sendable, CaseIterable {
        /// The number is computed in float32 and rounded to the tensor's type.
        case rounded
        /// The number keeps the bits of float32, and only the product or the quotient is rounded.
        case float32
        /// As XLA compiles x / fl(keep): x · fl(1 / fl(keep)) in float16, and the quotient itself in bfloat16.
        case xla
        /// As NumPy, which has no bfloat16 and divides it by a keep in float32. Its float16 is divided by fl(keep).
        case numPy
    }

    package let halfFactor: HalfFactor

    /// The type of the tensor if it has 16 bits. Its numbers are held in float32, and each step is rounded to the type.
    package private(set) var half: HalfType?

    package init(
        _ scaling: Scaling, keepsSignOfDropped: Bool, isFactorFloat32: Bool = false, alpha: AlphaSteps = .plain,
        halfFactor: HalfFactor = .rounded
    ) {
        self.scaling = scaling
        self.keepsSignOfDropped = keepsSignOfDropped
        self.isFactorFloat32 = isFactorFloat32
        self.alpha = alpha
        self.halfFactor = halfFactor
    }

    /// The same arithmetic for a tensor of 16 bits; nil for one of float32 or float64.
    package func rounding(to half: HalfType?) -> DropoutArithmetic {
        var rounding = self
        rounding.half = half
        return rounding
    }

    /// The distance from 1 to the next number of the tensor's type.
    func ulpOfOne<Scalar: DropoutScalar>(_ type: Scalar.Type) -> Double {
        half.map { Double($0.ulpOfOne) } ?? Double(Scalar.ulpOfOne)
    }

    /// x / fl(keep), and +0.
    package static let plain = DropoutArithmetic(.divideByKeep, keepsSignOfDropped: false)
}
