package import Stopping
import TextCodecs

extension Base64 {
    /// The six bits of each byte at each of four places, already at their place in the three bytes, of which the first is lowest.
    /// Bit 31 is set for bytes outside the alphabet.
    private static let places: [UInt32] = [18, 12, 6, 0].flatMap { shift in
        (0..<256).map { byte in
            guard let value = Base64Alphabet.value(UInt8(byte)) else { return 1 << 31 }
            return (UInt32(value) << UInt32(shift)).byteSwapped >> 8
        }
    }

    /// The bytes that `text` encodes; nil if it is not canonical: wrong characters, missing padding, stray bits at the end.
    ///
    /// - Throws: `Stopped` if the flag is set.
    package static func decode(_ text: String, stop: StopFlag = .never) throws(Stopped) -> [UInt8]? {
        guard let count = byteCount(text) else { return nil }
        var isCanonical = false
        let bytes = try [UInt8](capacity: count) { (span: inout OutputSpan<UInt8>) throws(Stopped) in
            try span.withUnsafeMutableBufferPointer { bytes, initializedCount throws(Stopped) in
                isCanonical = try decode(text, into: UnsafeMutableRawBufferPointer(bytes), stop: stop)
                initializedCount = isCanonical ? count : 0
            }
        }
        return isCanonical ? bytes : nil
    }

    /// The number of bytes that a text of this length and padding encodes; nil if no text has this length.
    package static func byteCount(_ text: String) -> Int? {
        guard text.utf8.count % 4 == 0 else { return nil }
        return text.utf8.count / 4 * 3 - padding(text)
    }

    private static func padding(_ text: String) -> Int {
        text.utf8.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
    }

    /// Decodes into memory of ``byteCount(_:)`` bytes. Returns false if `text` is not canonical; the memory is then unspecified.
    ///
    /// - Throws: `Stopped` if the flag is set.
    package static func decode(
        _ text: String, into memory: UnsafeMutableRawBufferPointer, stop: StopFlag = .never
    ) throws(Stopped) -> Bool {
        guard let count = byteCount(text), memory.count >= count else { return false }
        let padding = padding(text)
        var text = text
        let isCanonical = text.withUTF8 { text in
            decode(text, padding: padding, into: memory.bindMemory(to: UInt8.self), count, stop)
        }
        // After a stop the memory is incomplete, whether the text is canonical or not.
        try stop.check()
        return isCanonical
    }

    /// Decodes `count` bytes into `bytes`. Returns false if `text` is not canonical or if the flag is set.
    private static func decode(
        _ text: UnsafeBufferPointer<UInt8>, padding: Int, into bytes: UnsafeMutableBufferPointer<UInt8>, _ count: Int,
        _ stop: StopFlag
    ) -> Bool {
        places.withUnsafeBufferPointer { places in
            var seen: UInt32 = 0
            var (read, write) = (0, 0)
            if let source = text.baseAddress, let target = bytes.baseAddress {
                // Three bytes and one that the next three overwrite.
                var end = 0
                while write + 4 <= count {
                    if write >= end {
                        guard stop.goesOn else { return false }
                        end = write + JSONScanner.stepBytes
                    }
                    let word = UnsafeRawPointer(source + read).loadUnaligned(as: UInt32.self).littleEndian
                    let group = group(word, places)
                    seen |= group
                    UnsafeMutableRawPointer(target + write).storeBytes(of: group.littleEndian, as: UInt32.self)
                    read += 4
                    write += 3
                }
            }
            while read < text.count {
                let characters = (0..<4).reduce(0 as UInt32) { word, place in
                    // Padding counts as zeros.
                    let isPadding = read + place >= text.count - padding
                    return word | UInt32(isPadding ? UInt8(ascii: "A") : text[read + place]) << UInt32(8 * place)
                }
                let group = group(characters, places)
                seen |= group
                for place in 0..<3 {
                    let byte = UInt8(truncatingIfNeeded: group >> UInt32(8 * place))
                    if write + place < count { bytes[write + place] = byte } else if byte != 0 { return false }
                }
                read += 4
                write += 3
            }
            return seen >> 31 == 0
        }
    }

    @inline(__always)
    private static func group(_ characters: UInt32, _ places: UnsafeBufferPointer<UInt32>) -> UInt32 {
        places[Int(characters & 0xFF)] | places[256 + Int(characters >> 8 & 0xFF)]
            | places[512 + Int(characters >> 16 & 0xFF)] | places[768 + Int(characters >> 24)]
    }
}
