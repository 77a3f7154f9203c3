import TextCodecs

/// RFC 4648 base64 with padding.
package enum Base64 {
    private static let alphabet = Base64Alphabet.standard

    /// The two characters for each value of 12 bits, the first one in the lower byte.
    private static let pairs: [UInt16] = (0..<4096).map { UInt16(alphabet[$0 >> 6]) | UInt16(alphabet[$0 & 63]) << 8 }

    /// The number of characters for `count` bytes: four for each three bytes begun.
    static func length(_ count: Int) -> Int { (count + 2) / 3 * 4 }

    /// The text of `bytes`.
    package static func encode(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: length(bytes.count)) { text, count in count = encode(bytes, to: text) }
    }

    /// Writes the text of `bytes` to memory that has room for ``length(_:)``, and returns its length.
    static func encode(_ bytes: UnsafeRawBufferPointer, to text: UnsafeMutableBufferPointer<UInt8>) -> Int {
        guard let source = bytes.baseAddress, let target = text.baseAddress else { return 0 }
        return pairs.withUnsafeBufferPointer { pairs in
            var (read, write) = (0, 0)
            // Six bytes of a word become eight characters. The other two bytes are read again.
            while read + 8 <= bytes.count {
                let word = UInt64(bigEndian: (source + read).loadUnaligned(as: UInt64.self))
                let first = UInt64(pairs[Int(word >> 52)]) | UInt64(pairs[Int(word >> 40 & 0xFFF)]) << 16
                let second = UInt64(pairs[Int(word >> 28 & 0xFFF)]) | UInt64(pairs[Int(word >> 16 & 0xFFF)]) << 16
                Word.store(first | second << 32, to: target + write)
                read += 6
                write += 8
            }
            while read < bytes.count {
                let rest = bytes.count - read
                let group =
                    UInt32(bytes[read]) << 16 | (rest > 1 ? UInt32(bytes[read + 1]) << 8 : 0)
                    | (rest > 2 ? UInt32(bytes[read + 2]) : 0)
                text[write] = alphabet[Int(group >> 18)]
                text[write + 1] = alphabet[Int(group >> 12 & 63)]
                text[write + 2] = rest > 1 ? alphabet[Int(group >> 6 & 63)] : UInt8(ascii: "=")
                text[write + 3] = rest > 2 ? alphabet[Int(group & 63)] : UInt8(ascii: "=")
                read += 3
                write += 4
            }
            return write
        }
    }
}
