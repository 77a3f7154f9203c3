/// A JSON value whose arrays of numbers are packed.
package indirect enum JSONValue: Sendable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    /// A list of anything else than numbers or booleans.
    case array([JSONValue])
    case object(JSONObject)
    /// A nested array of numbers, of booleans or of the names of non-finite numbers; also the empty list.
    case numbers(NumberArray)
}

/// Members in the order of the text; names are unique.
package struct JSONObject: Sendable {
    package let members: [(name: String, value: JSONValue)]

    package static let empty = JSONObject(members: [])

    /// - Parameter members: with names that are unique.
    package init(members: [(name: String, value: JSONValue)]) { self.members = members }

    package subscript(_ name: String) -> JSONValue? { members.first { $0.name == name }?.value }
}
