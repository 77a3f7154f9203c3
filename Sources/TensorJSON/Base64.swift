/// RFC 4648 base64 with padding.
package enum Base64 {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// The value of each byte, 255 for bytes outside the alphabet.
    private static let values: [UInt8] = (0..<256).map { byte in
        alphabet.firstIndex(of: UInt8(byte)).map { UInt8($0) } ?? 255
    }

    /// The text of `bytes`, four characters for each three bytes begun.
    package static func encode(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
        let length = (bytes.count + 2) / 3 * 4
        return alphabet.withUnsafeBufferPointer { alphabet in
            [UInt8](unsafeUninitializedCapacity: length) { text, initializedCount in
                var (read, write) = (0, 0)
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
                initializedCount = length
            }
        }
    }

    /// The bytes, or nil for anything but canonical base64: wrong characters, missing padding, stray bits at the end.
    package static func decode(_ text: String) -> [UInt8]? {
        var text = text
        return text.withUTF8 { text in
            guard text.count % 4 == 0 else { return nil }
            guard let last = text.last else { return [] }
            let padding = last != UInt8(ascii: "=") ? 0 : text[text.count - 2] != UInt8(ascii: "=") ? 1 : 2
            var bytes: [UInt8] = []
            bytes.reserveCapacity(text.count / 4 * 3)
            var (bits, isLegal) = (UInt32(0), true)
            values.withUnsafeBufferPointer { values in
                for (position, character) in text.dropLast(padding).enumerated() {
                    let value = values[Int(character)]
                    isLegal = isLegal && value < 64
                    bits = bits << 6 | UInt32(value & 63)
                    if position % 4 == 3 {
                        bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
                        bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
                        bytes.append(UInt8(truncatingIfNeeded: bits))
                        bits = 0
                    }
                }
            }
            switch padding {
            case 1:
                guard bits & 3 == 0 else { return nil }
                bytes.append(UInt8(truncatingIfNeeded: bits >> 10))
                bytes.append(UInt8(truncatingIfNeeded: bits >> 2))
            case 2:
                guard bits & 15 == 0 else { return nil }
                bytes.append(UInt8(truncatingIfNeeded: bits >> 4))
            default: break
            }
            return isLegal ? bytes : nil
        }
    }
}
