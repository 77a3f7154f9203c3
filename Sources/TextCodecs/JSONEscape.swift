/// The escapes of JSON strings (RFC 8259, 7).
package enum JSONEscape {
    /// Whether a byte of a string must be escaped: a control character, `"` or `\`.
    @inlinable package static func isRequired(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x22 || byte == 0x5C }

    /// Appends the escape of `code`, a UTF-16 code unit: the short one of `"`, `\`, newline, return and tab, else `\u` and
    /// four lower-case hexadecimal digits.
    package static func append(_ code: UInt16, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\\"))
        switch code {
        case 0x22, 0x5C: bytes.append(UInt8(truncatingIfNeeded: code))
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        default:
            bytes.append(UInt8(ascii: "u"))
            for shift in [12, 8, 4, 0] as [UInt16] {
                bytes.append(Hexadecimal.digit(UInt8(truncatingIfNeeded: code >> shift)))
            }
        }
    }
}
