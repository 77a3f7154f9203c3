/// Percent coding of URLs (RFC 3986, 2.1): `%` and two hexadecimal digits encode a byte.
package enum PercentCoding {
    /// The bytes that `text` encodes; nil if a `%` is not followed by two hexadecimal digits.
    ///
    /// - Parameter plusIsSpace: whether `+` encodes a space, as in forms (WHATWG URL, 5.1).
    package static func bytes(_ text: Substring.UTF8View, plusIsSpace: Bool = false) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var rest = text.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.next(), let low = rest.next(), let value = Hexadecimal.value(high, low) else {
                    return nil
                }
                bytes.append(value)
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(0x20)
            default: bytes.append(byte)
            }
        }
        return bytes
    }
}
