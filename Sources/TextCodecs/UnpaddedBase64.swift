/// Base64 without padding (RFC 4648, 3.2), for hashes in the PHC string format and, in the URL-safe alphabet, for tokens.
///
/// It is meant for a few bytes. `TensorJSON` has a fast one with padding, for tensors.
package enum UnpaddedBase64 {
    package static func encode(_ bytes: [UInt8]) -> String { encode(bytes, Base64Alphabet.standard) }

    package static func encodeURLSafe(_ bytes: [UInt8]) -> String { encode(bytes, Base64Alphabet.urlSafe) }

    private static func encode(_ bytes: [UInt8], _ alphabet: [UInt8]) -> String {
        var (text, bits, count) = ([UInt8](), UInt32(0), 0)
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 6 {
                count -= 6
                text.append(alphabet[Int(bits >> UInt32(count) & 63)])
            }
        }
        if count > 0 { text.append(alphabet[Int(bits << UInt32(6 - count) & 63)]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes that a text of the standard alphabet encodes; nil for other characters, impossible lengths and stray bits at the end.
    package static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var (bytes, bits, count) = ([UInt8](), UInt32(0), 0)
        for character in text {
            guard let value = Base64Alphabet.value(character) else { return nil }
            bits = (bits << 6 | UInt32(value)) & 0xFFFF
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        let strayBits = bits & (1 << UInt32(count) - 1)
        return count < 6 && strayBits == 0 ? bytes : nil
    }
}
