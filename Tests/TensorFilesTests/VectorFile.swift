import Foundation
import Testing

/// The files that NumPy and safetensors wrote, as JSON with base64.
enum VectorFile {
    static func decoded<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value {
        let url = try #require(Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Vectors"))
        return try JSONDecoder().decode(type, from: Data(contentsOf: url))
    }

    /// A number as Python's `float.hex` and `str` write it.
    static func number(_ text: String) throws -> Double {
        switch text {
        case "nan": .nan
        case "inf": .infinity
        case "-inf": -.infinity
        default: try #require(Double(text))
        }
    }

    static func bytes(_ base64: String) throws -> [UInt8] { Array(try #require(Data(base64Encoded: base64))) }
}

/// Compares bit patterns, so that -0 is not 0 and NaN is NaN.
func bits(_ numbers: [Double]) -> [UInt64] { numbers.map { $0.isNaN ? Double.nan.bitPattern : $0.bitPattern } }
