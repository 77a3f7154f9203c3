/// The two floating-point types that the service computes in: `Float` (float32) and `Double` (float64).
///
/// The elementary functions are ours rather than libm's, so that a request has the same answer on every processor.
package protocol DropoutScalar: BinaryFloatingPoint, SIMDScalar, Codable, Sendable {
    /// A vector of the numbers that fill 16 bytes.
    associatedtype Lanes: SIMD & BitwiseCopyable where Lanes.Scalar == Self

    /// Adds factor · lanes to `sums`. Each product is rounded before it is added.
    static func add(_ factor: Self, times lanes: Lanes, to sums: inout Lanes)

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

extension Float {
    @inline(__always)
    package static func add(_ factor: Float, times lanes: SIMD4<Float>, to sums: inout SIMD4<Float>) {
        sums += factor * lanes
    }
}

extension Double {
    @inline(__always)
    package static func add(_ factor: Double, times lanes: SIMD2<Double>, to sums: inout SIMD2<Double>) {
        sums += factor * lanes
    }
}
