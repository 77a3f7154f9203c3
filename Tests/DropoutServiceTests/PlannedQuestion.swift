import Foundation
import Testing

/// A question of one kind of plan.
struct PlannedQuestion: Sendable, CustomTestStringConvertible {
    let name: String
    let target: String
    let body: String

    init(_ name: String, _ target: String, _ body: String = "") {
        (self.name, self.target, self.body) = (name, target, body)
    }

    var testDescription: String { name }

    /// A tensor of ones in the base64 form.
    static func ones(_ shape: [Int]) -> String {
        let numbers = [Double](repeating: 1, count: shape.reduce(1, *))
        return base64(numbers, shape)
    }

    static func base64(_ numbers: [Double], _ shape: [Int]) -> String {
        let text = numbers.withUnsafeBytes { Data($0) }.base64EncodedString()
        return "{\"shape\":\(shape),\"dtype\":\"float64\",\"base64\":\"\(text)\"}"
    }
}
