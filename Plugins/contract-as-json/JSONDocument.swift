import Foundation
import Yams

/// A YAML document as one line of JSON.
struct JSONDocument {
    /// Why a document has no form in JSON.
    enum Problem: Error {
        case isEmpty
        case keyIsNoText
        case alias
    }

    private(set) var text = ""

    init(yaml: String) throws {
        guard let root = try Yams.compose(yaml: yaml) else { throw Problem.isEmpty }
        try write(root)
    }

    private mutating func write(_ node: Node) throws {
        switch node {
        case .scalar(let scalar): try write(scalar)
        case .sequence(let items):
            text += "["
            for (index, item) in items.enumerated() {
                if index > 0 { text += "," }
                try write(item)
            }
            text += "]"
        case .mapping(let members):
            text += "{"
            for (index, member) in members.enumerated() {
                guard let key = member.key.scalar?.string else { throw Problem.keyIsNoText }
                if index > 0 { text += "," }
                write(key)
                text += ":"
                try write(member.value)
            }
            text += "}"
        case .alias: throw Problem.alias
        }
    }

    /// Writes a value of YAML's core schema: null, true, a number, or else a text.
    ///
    /// `NaN` and `Infinity` are texts there, and `1_000` and `12:30` are no numbers.
    private mutating func write(_ scalar: Node.Scalar) throws {
        guard scalar.style == .plain else { return write(scalar.string) }
        switch scalar.string {
        case "", "~", "null": text += "null"
        case "true", "false": text += scalar.string
        case let string where string.first.map({ $0.isNumber || $0 == "-" }) ?? false:
            if let integer = UInt64(string) {
                text += "\(integer)"
            } else if let integer = Int64(string) {
                text += "\(integer)"
            } else if let number = Double(string), number.isFinite {
                text += "\(number)"
            } else {
                write(string)
            }
        default: write(scalar.string)
        }
    }

    private mutating func write(_ string: String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\0"..<" ": text += String(format: "\\u%04x", scalar.value)
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
