/// The activation functions of a dense layer, by their names on the wire.
///
/// Softmax works on the units of one example, all others on each element. NaN gives NaN.
package enum Activation: String, CaseIterable, Sendable {
    /// x
    case identity
    /// max(x, 0)
    case relu
    /// x, or 0.01·x below 0
    case leaky_relu
    /// x, or e^x - 1 below 0
    case elu
    /// 1.0507…·(x, or 1.6732…·(e^x - 1) below 0); Klambauer et al. 2017
    case selu
    /// x·Φ(x) with the normal distribution function, by erf; Hendrycks and Gimpel 2016
    case gelu
    /// log(1 + e^x)
    case softplus
    /// 1 / (1 + e^-x)
    case sigmoid
    case tanh
    /// e^x / Σ e^x over the units of one example
    case softmax

    static let leakySlope = 0.01
    static let seluAlpha = 1.6732632423543772848170429916717
    static let seluScale = 1.0507009873554804934193349852946
    static let oneOverSqrt2 = 0.70710678118654752440084436210485
    static let oneOverSqrt2Pi = 0.39894228040143267793994605993438
}

extension Activation {
    /// The value at `x`; `x` itself for softmax, which is not a function of one element.
    @inline(__always)
    func value<Scalar: DropoutScalar>(_ x: Scalar) -> Scalar {
        switch self {
        case .identity, .softmax: return x
        case .relu: return x < 0 ? 0 : x
        case .leaky_relu: return x < 0 ? x * Scalar(Self.leakySlope) : x
        case .elu: return x < 0 ? Scalar.expm1(x) : x
        case .selu: return Scalar(Self.seluScale) * (x < 0 ? Scalar(Self.seluAlpha) * Scalar.expm1(x) : x)
        case .gelu: return x * Self.normalDistribution(x)
        case .softplus:
            // Stable on both sides: max(x, 0) + log(1 + e^-|x|).
            return (x < 0 ? 0 : x) + Scalar.log1p(Scalar.exp(-x.magnitude))
        case .sigmoid: return Self.sigmoid(x)
        case .tanh: return Scalar.tanh(x)
        }
    }

    /// The derivative at `x`, where the value is `y`. At 0 it is 0 for relu, as in common frameworks, and the derivative from the
    /// right for the other functions with a kink.
    @inline(__always)
    func derivative<Scalar: DropoutScalar>(_ x: Scalar, _ y: Scalar) -> Scalar {
        switch self {
        case .identity, .softmax: return 1
        case .relu: return x > 0 ? 1 : x.isNaN ? x : 0
        case .leaky_relu: return x < 0 ? Scalar(Self.leakySlope) : 1
        case .elu: return x < 0 ? Scalar.exp(x) : 1
        case .selu: return Scalar(Self.seluScale) * (x < 0 ? Scalar(Self.seluAlpha) * Scalar.exp(x) : 1)
        case .gelu:
            let density = Scalar(Self.oneOverSqrt2Pi) * Scalar.exp(-x * x / 2)
            return Self.normalDistribution(x) + (density == 0 ? 0 : x * density)
        case .softplus: return Self.sigmoid(x)
        case .sigmoid: return y * (1 - y)
        case .tanh: return 1 - y * y
        }
    }

    /// 1 / (1 + e^-x) without overflow on either side.
    @inline(__always)
    static func sigmoid<Scalar: DropoutScalar>(_ x: Scalar) -> Scalar {
        let e = Scalar.exp(-x.magnitude)
        return x < 0 ? e / (1 + e) : 1 / (1 + e)
    }

    @inline(__always)
    private static func normalDistribution<Scalar: DropoutScalar>(_ x: Scalar) -> Scalar {
        (1 + Scalar.erf(x * Scalar(oneOverSqrt2))) / 2
    }
}
