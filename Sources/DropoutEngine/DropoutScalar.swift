/// The two floating-point types that the service computes in: `Float` (float32) and `Double` (float64).
///
/// The elementary functions are ours rather than libm's, so that a request has the same answer on every processor.
package protocol DropoutScalar: BinaryFloatingPoint, SIMDScalar, Codable, Sendable {
    /// e^x.
    static func exp(_ x: Self) -> Self
    /// e^x - 1, accurate near 0.
    static func expm1(_ x: Self) -> Self
    /// The natural logarithm; NaN below 0, -infinity at 0.
    static func log(_ x: Self) -> Self
    /// log(1 + x), accurate near 0.
    static func log1p(_ x: Self) -> Self
    /// The hyperbolic tangent.
    static func tanh(_ x: Self) -> Self
    /// The error function 2/√π ∫₀ˣ e^(-t²) dt.
    static func erf(_ x: Self) -> Self
}
