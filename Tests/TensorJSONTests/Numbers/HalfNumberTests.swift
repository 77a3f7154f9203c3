import TensorJSON
import Testing
import TextCodecs

/// Numbers of 16 bits are rounded once from their decimals and printed with the fewest digits that read back.
@Suite("Texts of numbers of 16 bits")
struct HalfNumberTests {
    private static func read(_ text: String, _ type: ElementType) -> [UInt16]? {
        let value = Array(text.utf8).withUnsafeBufferPointer {
            try? JSONDocument.parse($0, elementType: type, limits: JSONLimits())
        }
        guard case .numbers(let array)? = value, array.problem == nil, case .float32(let floats) = array.storage,
            let half = type.half
        else { return nil }
        return floats.map { half.bits($0) }
    }

    private static func printed(_ bits: some Sequence<UInt16>, _ half: HalfType) -> [Substring] {
        let numbers = bits.map { half.number(bits: $0) }
        var writer = JSONWriter()
        writer.nested(numbers, of: half, shape: [numbers.count])
        var text = writer.finish()
        return String(decoding: text.allBytes().dropFirst().dropLast(), as: UTF8.self).split(separator: ",")
    }

    private static func finite(_ half: HalfType) -> Range<UInt16> { 0..<(half == .float16 ? 0x7C00 : 0x7F80) }

    private static func elementType(_ half: HalfType) -> ElementType { half == .float16 ? .float16 : .bfloat16 }

    @Test(
        "float16 is printed as NumPy prints its digits",
        arguments: [
            (0x0000, "0"), (0x8000, "-0.0"), (0x0001, "6e-8"), (0x8001, "-6e-8"), (0x0002, "1e-7"), (0x0010, "9.5e-7"),
            (0x0234, "0.0000336"), (0x03FF, "0.000061"), (0x0400, "0.00006104"), (0x3555, "0.3333"), (0x3C00, "1"),
            (0x3C01, "1.001"), (0x2E66, "0.1"), (0x5640, "100"), (0x68D2, "2468"), (0x7BFF, "65500"),
            (0x7C00, "\"Infinity\""), (0xFC00, "\"-Infinity\""), (0x7E00, "\"NaN\""),
        ] as [(UInt16, String)])
    func layout(_ bits: UInt16, _ text: String) {
        #expect(Self.printed([bits], .float16) == [text[...]])
    }

    /// FNV-1a over `digits e exponent;` of all positive finite numbers, by `numpy.format_float_scientific` of NumPy 2.4.6.
    @Test("All float16 have the shortest digits that NumPy has")
    func numPy() {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for text in Self.printed(1..<0x7C00, .float16) {
            let parts = text.split(separator: "e")
            var exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
            let whole = parts[0].split(separator: ".", omittingEmptySubsequences: false)
            var digits = whole.joined()
            exponent += whole[0].count - 1
            while digits.first == "0" {
                digits.removeFirst()
                exponent -= 1
            }
            while digits.last == "0" { digits.removeLast() }
            for byte in "\(digits)e\(exponent);".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }
        #expect(hash == 0xcf9bb84e6c864d22)
    }

    @Test("All numbers read back as their own bits", arguments: [HalfType.float16, .bfloat16])
    func readBack(_ half: HalfType) {
        let bits = Array(Self.finite(half)) + Self.finite(half).map { $0 | 0x8000 }
        let text = "[\(Self.printed(bits, half).joined(separator: ","))]"
        #expect(Self.read(text, Self.elementType(half)) == bits)
    }

    @Test("No number has a shorter decimal that reads back", arguments: [HalfType.float16, .bfloat16])
    func shortest(_ half: HalfType) {
        let bits = Array(Self.finite(half).dropFirst())
        let wrong = zip(bits, Self.printed(bits, half)).filter { bits, text in
            let digits = text.split(separator: "e")[0].filter { $0 != "." }.drop { $0 == "0" }
            let count = digits.reversed().drop { $0 == "0" }.count
            guard count > 1 else { return false }
            let number = Double(half.number(bits: bits))
            // The decimals of one digit less on either side of the number.
            var unit = 1.0
            while number / unit >= 10 { unit *= 10 }
            while number / unit < 1 { unit /= 10 }
            for _ in 2..<count { unit /= 10 }
            let below = (number / unit).rounded(.down)
            return [below, below + 1].contains { half.bits(half.round($0 * unit)) == bits }
        }
        #expect(wrong.map(\.0) == [])
    }

    /// A middle as a decimal, and decimals that differ from it far beyond the digits of a float64.
    @Test(
        "A decimal is rounded once, and not by way of float64 or float32",
        arguments: [
            ("1.00048828125", 0x3C00), ("1.00048828125000000000000000000000000001", 0x3C01),
            ("1.00048828124999999999999999999999999999", 0x3C00), ("1.0014648437500000000000000000001", 0x3C02),
            ("1.00146484375", 0x3C02), ("1.0014648437499999999999999999999", 0x3C01), ("2049", 0x6800),
            ("2049.0000000000000000000001", 0x6801), ("2051", 0x6802), ("2050.9999999999999999999999", 0x6801),
            ("-2049.0000000000000000000001", 0xE801), ("2.0490000000000000000000001e3", 0x6801),
            ("20490000000000000000000001e-22", 0x6801), ("65519.999999999999999999", 0x7BFF), ("65504", 0x7BFF),
            ("2.98023223876953125e-8", 0x0000), ("2.980232238769531250000000000001e-8", 0x0001),
            ("0.0000000298023223876953125000000001", 0x0001), ("1e-400", 0x0000), ("-1e-400", 0x8000),
            ("8.94069671630859375e-8", 0x0002), ("8.940696716308593749999999e-8", 0x0001), ("0.1", 0x2E66),
            ("6.103515625e-5", 0x0400), ("0.00006100", 0x03FF), ("0", 0), ("-0", 0x8000), ("-0.0", 0x8000),
        ] as [(String, UInt16)])
    func float16(_ text: String, _ bits: UInt16) {
        // The first number of an array and the ones of a run take different ways.
        let list = "[\([String](repeating: text, count: 12).joined(separator: ","))]"
        #expect(Self.read(list, .float16) == [UInt16](repeating: bits, count: 12))
    }

    @Test(
        "bfloat16 too, with the range of float32",
        arguments: [
            ("257", 0x4380), ("257.00000000000000000000001", 0x4381), ("256.99999999999999999999999", 0x4380),
            ("259", 0x4382), ("1.00390625", 0x3F80), ("1.003906250000000000000000001", 0x3F81), ("3.3895e38", 0x7F7F),
            ("4.591774807899560578002877098524397e-41", 0x0000), ("4.591774807899561e-41", 0x0001),
            ("9.2e-41", 0x0001), ("1e20", 0x60AD), ("9999999", 0x4B19), ("0.3", 0x3E9A), ("-3", 0xC040),
        ] as [(String, UInt16)])
    func bfloat16(_ text: String, _ bits: UInt16) {
        let list = "[\([String](repeating: text, count: 12).joined(separator: ","))]"
        #expect(Self.read(list, .bfloat16) == [UInt16](repeating: bits, count: 12))
    }

    @Test(
        "A number that would be infinite is refused, wherever it is in the array",
        arguments: [
            ("65520", ElementType.float16), ("-70000", .float16), ("1e5", .float16), ("65520.5", .float16),
            ("3.4e38", .bfloat16), ("-1e300", .bfloat16), ("1e400", .bfloat16),
        ])
    func tooLarge(_ text: String, _ type: ElementType) {
        for place in [0, 5, 11] {
            var items = [String](repeating: "1.5", count: 12)
            items[place] = text
            let bytes = Array("[\(items.joined(separator: ","))]".utf8)
            let value = bytes.withUnsafeBufferPointer {
                try? JSONDocument.parse($0, elementType: type, limits: JSONLimits())
            }
            guard case .numbers(let array)? = value else {
                Issue.record("no array")
                return
            }
            #expect(array.problem?.path == [place])
            #expect(array.problem?.detail == "the number is too large for \(type.rawValue)")
        }
    }

    @Test("Base64 has the bytes of the type, lowest first")
    func base64() {
        var writer = JSONWriter()
        writer.base64(littleEndian: [1, -2, 65504], of: .float16)
        var text = writer.finish()
        #expect(String(decoding: text.allBytes(), as: UTF8.self) == "\"ADwAwP97\"")
    }
}
