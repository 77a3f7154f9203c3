/// A list in a header field whose members may have quoted strings (RFC 9110, 5.6.4).
package enum QuotedList {
    /// The members between the separators. A separator in quotation marks separates nothing, and empty members are left out.
    package static func split(_ text: Substring, at separator: Character) -> [Substring] {
        guard text.utf8.contains(UInt8(ascii: "\"")) else { return text.split(separator: separator) }
        var (isQuoted, isEscaped) = (false, false)
        return text.split { character in
            defer { isEscaped = isQuoted && !isEscaped && character == "\\" }
            if character == "\"", !isEscaped { isQuoted.toggle() }
            return character == separator && !isQuoted
        }
    }
}
