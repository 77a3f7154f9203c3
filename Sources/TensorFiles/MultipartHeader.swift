import TextCodecs

/// The header of one part of a form.
struct MultipartHeader {
    let name: String
    let fileName: String?
    let contentType: String?

    /// - Parameter part: the number of the part, for the error.
    init(_ scanner: inout MultipartScanner, part: Int) throws(MultipartError) {
        var (disposition, type): (String?, String?)
        for line in try scanner.headerLines(part: part) {
            guard let colon = line.firstIndex(of: ":"), colon > line.startIndex else {
                throw .malformed("part \(part) has a header line without a name and a colon")
            }
            let field = line[..<colon].lowercased()
            let value = String(OptionalWhiteSpace.trimmed(line[line.index(after: colon)...]))
            switch field {
            case "content-disposition" where disposition == nil: disposition = value
            case "content-type" where type == nil: type = value
            case "content-disposition", "content-type": throw .malformed("part \(part) has \(field) twice")
            // RFC 7578, 4.7: a sender should not use it. Any other coding than these would change the content.
            case "content-transfer-encoding":
                guard ["7bit", "8bit", "binary"].contains(value.lowercased()) else {
                    throw .malformed("part \(part) has a Content-Transfer-Encoding; send the content as it is")
                }
            default:
                guard field.utf8.allSatisfy(Self.isNameByte) else {
                    throw .malformed("part \(part) has a header line without a name and a colon")
                }
            }
        }
        guard let disposition else {
            throw .malformed("part \(part) has no Content-Disposition, which has the name of the field")
        }
        (name, fileName) = try Self.names(disposition, part)
        contentType = type
    }

    /// The parameters `name` and `filename` of `form-data; name="input"; filename="x.npy"`.
    private static func names(_ disposition: String, _ part: Int) throws(MultipartError) -> (String, String?) {
        let parameters = QuotedList.split(disposition[...], at: ";").map { OptionalWhiteSpace.trimmed($0) }
        guard parameters.first?.lowercased() == "form-data" else {
            throw .malformed("Content-Disposition of part \(part) is not form-data")
        }
        var (name, fileName): (String?, String?)
        for parameter in parameters.dropFirst() {
            let halves = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard halves.count == 2, let value = Self.value(halves[1]) else {
                throw .malformed("Content-Disposition of part \(part) has a parameter without a value")
            }
            switch halves[0].lowercased() {
            case "name" where name == nil: name = value
            case "filename" where fileName == nil: fileName = value
            case "name", "filename": throw .malformed("Content-Disposition of part \(part) names it twice")
            // RFC 5987's form of a file name comes besides the plain one.
            default: break
            }
        }
        guard let name, !name.isEmpty else { throw .malformed("Content-Disposition of part \(part) has no name") }
        return (name, fileName)
    }

    /// A token, or the text between quotation marks, where a backslash is before a quotation mark or a backslash.
    private static func value(_ text: Substring) -> String? {
        guard text.hasPrefix("\"") else { return text.isEmpty || text.contains("\"") ? nil : String(text) }
        guard text.utf8.count >= 2, text.hasSuffix("\"") else { return nil }
        var (result, isEscaped) = ("", false)
        for scalar in text.unicodeScalars.dropFirst().dropLast() {
            if scalar == "\\", !isEscaped {
                isEscaped = true
                continue
            }
            if isEscaped, scalar != "\"", scalar != "\\" { result.unicodeScalars.append("\\") }
            if scalar == "\"", !isEscaped { return nil }
            result.unicodeScalars.append(scalar)
            isEscaped = false
        }
        return isEscaped ? nil : result
    }

    /// The bytes of a field name (RFC 9110, 5.6.2).
    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"): true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
