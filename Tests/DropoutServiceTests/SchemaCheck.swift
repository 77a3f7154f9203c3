import Foundation
import Yams

/// A JSON value whose numbers and booleans are told apart.
enum JSONNode: Decodable, Equatable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSONNode])
    case object([String: JSONNode])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let bool = try? container.decode(Bool.self) {
            self = .bool(bool)
        } else if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let string = try? container.decode(String.self) {
            self = .string(string)
        } else if let array = try? container.decode([JSONNode].self) {
            self = .array(array)
        } else {
            self = .object(try container.decode([String: JSONNode].self))
        }
    }

    /// A node of a YAML document; nil for an alias or a key that is no text.
    init?(_ node: Yams.Node) {
        switch node {
        case .scalar(let scalar):
            if let bool = Bool.construct(from: scalar) {
                self = .bool(bool)
            } else if scalar.style == .plain, scalar.string.contains(where: \.isNumber),
                let number = Double(scalar.string)
            {
                self = .number(number)
            } else if scalar.style == .plain, scalar.string == "null" {
                self = .null
            } else {
                self = .string(scalar.string)
            }
        case .sequence(let items):
            self = .array(items.compactMap { JSONNode($0) })
        case .mapping(let members):
            self = .object(
                Dictionary(
                    members.compactMap { key, value in
                        key.scalar.flatMap { key in JSONNode(value).map { (key.string, $0) } }
                    }, uniquingKeysWith: { $1 }))
        case .alias: return nil
        }
    }

    func member(_ path: String...) -> JSONNode? { path.reduce(self as JSONNode?) { $0?[$1] } }

    subscript(_ name: String) -> JSONNode? { if case .object(let members) = self { members[name] } else { nil } }

    var items: [JSONNode] { if case .array(let items) = self { items } else { [] } }
    var members: [String: JSONNode] { if case .object(let members) = self { members } else { [:] } }
    var text: String? { if case .string(let text) = self { text } else { nil } }
    var value: Double { if case .number(let number) = self { number } else { .nan } }
}

/// The keywords of JSON Schema that openapi.yaml has for questions.
enum SchemaCheck {
    /// openapi.yaml; null if it cannot be read, which no test passes with.
    static let contract: JSONNode = {
        let node = try? Yams.compose(yaml: ask("/openapi.yaml").text)
        return node.flatMap { JSONNode($0) } ?? .null
    }()

    /// A keyword that is not known here.
    struct UnknownKeyword: Error { let name: String }

    static func accepts(_ value: JSONNode, _ schema: JSONNode) throws -> Bool {
        try schema.members.allSatisfy { name, keyword in try accepts(value, name, keyword, schema) }
    }

    private static func accepts(
        _ value: JSONNode, _ name: String, _ keyword: JSONNode, _ schema: JSONNode
    ) throws -> Bool {
        switch (name, value) {
        case ("description", _), ("default", _), ("contentEncoding", _), ("format", _), ("then", _): return true
        case ("$ref", _):
            let path = (keyword.text ?? "").split(separator: "/").dropFirst()
            guard let target = path.reduce(contract as JSONNode?, { $0?[String($1)] }) else {
                throw UnknownKeyword(name: keyword.text ?? "$ref")
            }
            return try accepts(value, target)
        case ("type", _):
            return (keyword.text.map { [$0] } ?? keyword.items.compactMap(\.text)).contains { has(value, type: $0) }
        case ("enum", _): return keyword.items.contains(value)
        case ("const", _): return keyword == value
        case ("anyOf", _): return try keyword.items.contains { try accepts(value, $0) }
        case ("not", _): return try !accepts(value, keyword)
        case ("if", _): return try !accepts(value, keyword) || accepts(value, schema["then"] ?? .null)
        case ("minimum", .number(let number)): return number >= keyword.value
        case ("maximum", .number(let number)): return number <= keyword.value
        case ("exclusiveMinimum", .number(let number)): return number > keyword.value
        case ("exclusiveMaximum", .number(let number)): return number < keyword.value
        case ("multipleOf", .number(let number)): return number.remainder(dividingBy: keyword.value) == 0
        case ("pattern", .string(let text)):
            return text.range(of: keyword.text ?? "", options: .regularExpression) != nil
        case ("minItems", .array(let items)): return Double(items.count) >= keyword.value
        case ("maxItems", .array(let items)): return Double(items.count) <= keyword.value
        case ("items", .array(let items)): return try items.allSatisfy { try accepts($0, keyword) }
        case ("prefixItems", .array(let items)): return try zip(items, keyword.items).allSatisfy { try accepts($0, $1) }
        case ("required", .object(let members)):
            return keyword.items.allSatisfy { name in name.text.map { members[$0] != nil } ?? false }
        case ("properties", .object(let members)):
            return try members.allSatisfy { name, value in try keyword[name].map { try accepts(value, $0) } ?? true }
        case ("additionalProperties", .object(let members)):
            return keyword == .bool(true) || members.keys.allSatisfy { schema["properties"]?[$0] != nil }
        case ("minimum", _), ("maximum", _), ("exclusiveMinimum", _), ("exclusiveMaximum", _), ("multipleOf", _),
            ("pattern", _), ("minItems", _), ("maxItems", _), ("items", _), ("prefixItems", _), ("required", _),
            ("properties", _),
            ("additionalProperties", _):
            return true
        default: throw UnknownKeyword(name: name)
        }
    }

    private static func has(_ value: JSONNode, type: String) -> Bool {
        switch (type, value) {
        case ("null", .null), ("boolean", .bool), ("number", .number), ("string", .string), ("array", .array),
            ("object", .object):
            true
        case ("integer", .number(let number)): number == number.rounded()
        default: false
        }
    }
}
