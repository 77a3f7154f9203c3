import DropoutEngine
import Testing

/// One elementary function in both types, its table and the error that its documentation promises.
enum ElementaryFunction: String, CaseIterable {
    case exp, expm1, log, log1p, tanh, erf

    func callAsFunction<Scalar: DropoutScalar>(_ x: Scalar) -> Scalar {
        switch self {
        case .exp: Scalar.exp(x)
        case .expm1: Scalar.expm1(x)
        case .log: Scalar.log(x)
        case .log1p: Scalar.log1p(x)
        case .tanh: Scalar.tanh(x)
        case .erf: Scalar.erf(x)
        }
    }

    var table: String {
        switch self {
        case .exp: ReferenceVectors.exp
        case .expm1: ReferenceVectors.expm1
        case .log: ReferenceVectors.log
        case .log1p: ReferenceVectors.log1p
        case .tanh: ReferenceVectors.tanh
        case .erf: ReferenceVectors.erf
        }
    }

    var promisedError: Double {
        switch self {
        case .exp, .log, .expm1, .log1p, .tanh: 0.52
        case .erf: 0.7
        }
    }
}

@Suite("Elementary functions")
struct ElementaryTests {
    @Test("float64 results lie within the promised part of an ulp", arguments: ElementaryFunction.allCases)
    func double(_ function: ElementaryFunction) {
        let points = ReferenceVectors.points(function.table)
        #expect(points.count > 200)
        for point in points {
            // A subnormal result is rounded twice.
            let limit = point.nearest.magnitude < 0x1p-1022 ? 1 : function.promisedError
            let value = function(point.x)
            #expect(point.error(of: value) < limit, "\(function)(\(point.x)) = \(value), nearest \(point.nearest)")
        }
    }

    @Test("float32 results are the nearest float32", arguments: ElementaryFunction.allCases)
    func float(_ function: ElementaryFunction) {
        let points = ReferenceVectors.floats(function.rawValue)
        #expect(points.count == 40)
        for point in points { #expect(function(point.x) == point.nearest, "\(function)(\(point.x))") }
    }

    @Test("NaN gives NaN", arguments: ElementaryFunction.allCases)
    func notANumber(_ function: ElementaryFunction) {
        #expect(function(Double.nan).isNaN)
        #expect(function(Float.nan).isNaN)
    }

    @Test("zeros keep their sign", arguments: [ElementaryFunction.expm1, .log1p, .tanh, .erf])
    func signedZero(_ function: ElementaryFunction) {
        for zero in [0.0, -0.0] { #expect(function(zero).bitPattern == zero.bitPattern) }
        for zero in [Float(0), -0.0] { #expect(function(zero).bitPattern == zero.bitPattern) }
    }

    @Test("odd functions are odd to the last bit", arguments: [ElementaryFunction.tanh, .erf])
    func odd(_ function: ElementaryFunction) {
        for point in ReferenceVectors.points(function.table) { #expect(function(-point.x) == -function(point.x)) }
    }

    static let ends: [(function: ElementaryFunction, x: Double, value: Double)] = [
        (.exp, 0, 1), (.exp, -0.0, 1), (.exp, .infinity, .infinity), (.exp, -.infinity, 0),
        (.exp, 709.782712893384, 0x1.fffffffffff2ap1023), (.exp, 709.782712893385, .infinity),
        (.exp, .greatestFiniteMagnitude, .infinity), (.exp, -.greatestFiniteMagnitude, 0), (.exp, -746, 0),
        (.exp, -745, 0x1p-1074), (.exp, .leastNonzeroMagnitude, 1),
        (.expm1, .infinity, .infinity), (.expm1, -.infinity, -1), (.expm1, 710, .infinity), (.expm1, -1e300, -1),
        (.log, 1, 0), (.log, 0, -.infinity), (.log, -0.0, -.infinity), (.log, .infinity, .infinity),
        (.log1p, -1, -.infinity), (.log1p, .infinity, .infinity),
        (.tanh, .infinity, 1), (.tanh, -.infinity, -1), (.tanh, 1000, 1), (.tanh, -1000, -1),
        (.erf, .infinity, 1), (.erf, -.infinity, -1), (.erf, 6, 1), (.erf, -1e300, -1),
    ]

    @Test("the ends of the ranges are exact", arguments: ends)
    func end(_ row: (function: ElementaryFunction, x: Double, value: Double)) {
        #expect(row.function(row.x) == row.value)
    }

    @Test("outside the domain the answer is NaN", arguments: [-1.5, -5e300, -.infinity])
    func outside(_ x: Double) {
        #expect(Double.log(x).isNaN)
        #expect(Double.log1p(x).isNaN)
        #expect(Double.log(-.leastNonzeroMagnitude).isNaN)
    }

    @Test("float32 overflows where float32 ends")
    func floatOverflow() {
        #expect(Float.exp(88.72283) < .infinity)
        #expect(Float.exp(88.72284) == .infinity)
        #expect(Float.exp(-104) == 0)
        #expect(Float.exp(-103) == Float.leastNonzeroMagnitude)
    }
}
