import Foundation
import TensorJSON
import Testing

@Suite struct Base64Tests {
    private func encode(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.withUnsafeBytes { Base64.encode($0) }, as: UTF8.self)
    }

    @Test(
        "The vectors of RFC 4648, section 10, and those of section 9",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ])
    func vectors(plain: String, encoded: String) throws {
        #expect(encode(Array(plain.utf8)) == encoded)
        #expect(try Base64.decode(encoded) == Array(plain.utf8))
        #expect(encode([0x14, 0xFB, 0x9C, 0x03, 0xD9, 0x7E]) == "FPucA9l+")
        #expect(encode([0x14, 0xFB, 0x9C, 0x03, 0xD9]) == "FPucA9k=")
        #expect(encode([0x14, 0xFB, 0x9C, 0x03]) == "FPucAw==")
    }

    @Test("Each character stands for its six bits")
    func alphabet() throws {
        let text = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        let bytes = try #require(try Base64.decode(text))
        let bits = bytes.reduce(into: "") { bits, byte in
            let digits = String(byte, radix: 2)
            bits += String(repeating: "0", count: 8 - digits.utf8.count) + digits
        }
        let groups = (0..<64).map { bits.dropFirst(6 * $0).prefix(6) }
        #expect(groups.map { Int($0, radix: 2) } == Array(0..<64))
        #expect(encode(bytes) == text)
    }

    @Test(
        "What is not canonical is refused",
        arguments: [
            // Too short, or padding missing, or too much of it, or in the wrong place.
            "Z", "Zg", "Zg=", "Zm8", "Zm9vY", "Zm9vYg", "Zm9vYg=", "=", "==", "===", "====", "Z===", "Zg===", "Zm9v=",
            "Zm9v==", "Zm9v====", "Zg==Zg==", "Zm8=Zm8=", "Z=g=", "=Zg=", "=g==", "Zg=a", "Zg==a", "Zm9vZ===", "A=AA",
            // Bits beyond the last byte.
            "Zh==", "Zv==", "Zm9=", "ZmB=", "AB==", "AAB=", "//==", "///=", "AAAAAB==", "AAAAAAB=",
            // Characters outside the alphabet, at each place.
            "Zm9-", "Zm9_", "Zm 9", " Zm9v", "Zm9v ", "Zm9v\n", "Zm\n9v", "Zm9v\r\nYg==", "*m9v", "Z*9v", "Zm*v",
            "Zm9*",
            "Zm9v,A==", "Zm9vA,==", "\u{E9}m9", "Zm\u{E9}", "\u{FF21}A", "AAA\u{0}", "@AAA", "[AAA", "`AAA", "{AAA",
            "AA:A",
            "AA.A", "%3D%", "AA*=", "A*==",
        ])
    func refused(text: String) throws {
        #expect(try Base64.decode(text) == nil)
    }

    @Test("Random bytes of each length up to 300 are written as Foundation writes them and read back")
    func roundTrips() throws {
        var random = SplitMix64(seed: 4)
        for count in 0...300 {
            let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
            let text = encode(bytes)
            #expect(text == Data(bytes).base64EncodedString())
            #expect(try Base64.decode(text) == bytes)
        }
    }

    @Test("One wrong bit of a text is another answer or none, never the same")
    func singleCharacters() throws {
        let text = Array("FPucA9k=".utf8)
        for position in text.indices {
            for byte in UInt8(0)..<128 where byte != text[position] {
                var other = text
                other[position] = byte
                #expect(try Base64.decode(String(decoding: other, as: UTF8.self)) != [0x14, 0xFB, 0x9C, 0x03, 0xD9])
            }
        }
    }

    @Test("The writer's base64 is the elements' bytes, lowest first")
    func littleEndian() {
        func written(_ write: (inout JSONWriter) -> Void) -> String {
            var writer = JSONWriter()
            write(&writer)
            var text = writer.finish()
            return String(decoding: text.allBytes(), as: UTF8.self)
        }
        #expect(
            written { $0.base64(littleEndian: [1.0, -0.0]) }
                == "\"\(encode([0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0x80]))\"")
        #expect(
            written { $0.base64(littleEndian: [Float(1), Float.infinity]) }
                == "\"\(encode([0, 0, 0x80, 0x3F, 0, 0, 0x80, 0x7F]))\"")
        #expect(written { $0.base64(littleEndian: [Double]()) } == "\"\"")
        #expect(written { $0.base64([0xFF]) } == "\"/w==\"")
    }
}
