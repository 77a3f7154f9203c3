/// Why bytes are not a form that can be read.
package enum MultipartError: Error, Sendable, Equatable {
    /// What is wrong, as a sentence for the caller.
    case malformed(String)
    /// The reading was told to stop.
    case stopped
}
