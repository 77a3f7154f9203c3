import TextCodecs

extension MultipartForm {
    /// The parameter `boundary` of a Content-Type (RFC 2046, 5.1.1).
    ///
    /// - Throws: ``MultipartError/malformed(_:)`` if there is not exactly one, or if it is no boundary.
    package static func boundary(of contentType: String) throws(MultipartError) -> String {
        let values = QuotedList.split(contentType[...], at: ";").dropFirst().compactMap { parameter in
            let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return parts.count == 2 && OptionalWhiteSpace.trimmed(parts[0]).lowercased() == "boundary"
                ? OptionalWhiteSpace.trimmed(parts[1]) : nil
        }
        guard values.count == 1, var value = values.first else {
            throw .malformed("Content-Type needs one boundary, \(values.count) found")
        }
        if value.utf8.count >= 2, value.hasPrefix("\""), value.hasSuffix("\"") { value = value.dropFirst().dropLast() }
        let isBoundary =
            (1...maximumBoundaryBytes).contains(value.utf8.count) && value.utf8.allSatisfy(isBoundaryByte)
            && value.utf8.last != UInt8(ascii: " ")
        guard isBoundary else {
            throw .malformed(
                "the boundary in Content-Type is not 1 to \(maximumBoundaryBytes) letters, digits and '()+_,-./:=?")
        }
        return String(value)
    }

    private static let maximumBoundaryBytes = 70

    private static func isBoundaryByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"):
            true
        default: "'()+_,-./:=? ".utf8.contains(byte)
        }
    }
}
