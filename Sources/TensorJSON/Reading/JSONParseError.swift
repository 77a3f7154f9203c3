/// Text that is no JSON.
package struct JSONSyntaxError: Error, Sendable, Equatable {
    package let detail: String
    package let byteOffset: Int
    /// Counted from 1.
    package let line: Int
    /// In bytes, counted from 1.
    package let column: Int
}

package enum JSONParseError: Error, Sendable, Equatable {
    case syntax(JSONSyntaxError)
    /// JSON, but more of it than is read; an RFC 6901 pointer to the place.
    case limit(pointer: String, detail: String)
    /// The reading was told to stop.
    case stopped
}
