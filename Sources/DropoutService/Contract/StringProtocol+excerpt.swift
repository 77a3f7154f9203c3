extension StringProtocol {
    /// The text for an error message, cut and ended with `…` after `limit` bytes, so that no request is sent back.
    ///
    /// Bytes are counted as JSON prints them: a control character counts as six, a quotation mark and a backslash as two.
    /// Complexity: O(limit), however long the text is.
    func excerpt(_ limit: Int = 64) -> String {
        var left = limit
        var end = unicodeScalars.startIndex
        while end < unicodeScalars.endIndex {
            let scalar = unicodeScalars[end]
            let width =
                switch scalar {
                case "\"", "\\": 2
                case "\0"..<" ": 6
                default: UTF8.width(scalar)
                }
            left -= width
            guard left >= 0 else { return String(self[..<end]) + "…" }
            unicodeScalars.formIndex(after: &end)
        }
        return String(self)
    }

    /// The bytes that JSON prints for the text.
    var printedByteCount: Int {
        utf8.reduce(0) { $0 + ($1 == UInt8(ascii: "\"") || $1 == UInt8(ascii: "\\") ? 2 : $1 < 0x20 ? 6 : 1) }
    }
}
