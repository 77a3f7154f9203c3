/// A JSON value. Its arrays of numbers are packed.
package indirect enum JSONValue: Sendable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    /// A list that is not an array of numbers or booleans.
    case array([JSONValue])
    case object(JSONObject)
    /// A nested array of numbers, of booleans or of the names of non-finite numbers; the empty list is one.
    case numbers(NumberArray)
}

/// The members of an object in the order of the text. Their names are unique.
package struct JSONObject: Sendable {
    package let members: [(name: String, value: JSONValue)]

    package static let empty = JSONObject(members: [])

    /// - Parameter members: have unique names.
    package init(members: [(name: String, value: JSONValue)]) { self.members = members }

    package subscript(_ name: String) -> JSONValue? { members.first { $0.name == name }?.value }
}
