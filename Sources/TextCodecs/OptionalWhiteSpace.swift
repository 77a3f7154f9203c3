/// The white space that the fields of an HTTP header may have around their parts.
package enum OptionalWhiteSpace {
    /// `text` without the spaces and tabs around it (RFC 9110, 5.6.3).
    package static func trimmed(_ text: Substring) -> Substring {
        func isSpace(_ byte: UInt8?) -> Bool { byte == 0x20 || byte == 0x09 }
        var bytes = text.utf8
        guard isSpace(bytes.first) || isSpace(bytes.last) else { return text }
        while isSpace(bytes.first) { bytes.removeFirst() }
        while isSpace(bytes.last) { bytes.removeLast() }
        return Substring(bytes)
    }
}
