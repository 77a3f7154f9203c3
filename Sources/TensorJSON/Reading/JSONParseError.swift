/// The first place at which a text is not JSON, and why.
package struct JSONSyntaxError: Error, Sendable, Equatable {
    package let detail: String
    package let byteOffset: Int
    /// The line, from 1.
    package let line: Int
    /// The byte in its line, from 1.
    package let column: Int
}

package enum JSONParseError: Error, Sendable, Equatable {
    case syntax(JSONSyntaxError)
    /// The text has more than a limit of ``JSONLimits`` allows. `pointer` is the RFC 6901 pointer to the place.
    case limit(pointer: String, detail: String)
    /// The reading was told to stop.
    case stopped
}
