import TensorJSON
import Testing

/// Numbers are printed with the fewest digits that read back, the nearest such digits, in ECMAScript's layout.
@Suite struct NumberPrintingTests {
    /// The texts of `elements`, which the writer prints as one list.
    private func printed(_ elements: [Double]) -> [Substring] {
        var writer = JSONWriter()
        writer.flatArray(elements)
        return items(writer)
    }

    private func printed(_ elements: [Float]) -> [Substring] {
        var writer = JSONWriter()
        writer.flatArray(elements)
        return items(writer)
    }

    private func items(_ writer: consuming JSONWriter) -> [Substring] {
        var text = writer.finish()
        return String(decoding: text.allBytes().dropFirst().dropLast(), as: UTF8.self).split(separator: ",")
    }

    /// From RFC 8785, appendix B, but for its spelling of large exponents (`e+`) and of -0.
    @Test(
        "The numbers of RFC 8785",
        arguments: [
            (0x0000_0000_0000_0000, "0"), (0x8000_0000_0000_0000, "-0.0"), (0x0000_0000_0000_0001, "5e-324"),
            (0x8000_0000_0000_0001, "-5e-324"), (0x7FEF_FFFF_FFFF_FFFF, "1.7976931348623157e308"),
            (0xFFEF_FFFF_FFFF_FFFF, "-1.7976931348623157e308"), (0x4340_0000_0000_0000, "9007199254740992"),
            (0xC340_0000_0000_0000, "-9007199254740992"), (0x4430_0000_0000_0000, "295147905179352830000"),
            (0x44B5_2D02_C7E1_4AF5, "9.999999999999997e22"), (0x44B5_2D02_C7E1_4AF6, "1e23"),
            (0x44B5_2D02_C7E1_4AF7, "1.0000000000000001e23"), (0x444B_1AE4_D6E2_EF4E, "999999999999999700000"),
            (0x444B_1AE4_D6E2_EF4F, "999999999999999900000"), (0x444B_1AE4_D6E2_EF50, "1e21"),
            (0x3EB0_C6F7_A0B5_ED8C, "9.999999999999997e-7"), (0x3EB0_C6F7_A0B5_ED8D, "0.000001"),
            (0x41B3_DE43_5555_5553, "333333333.3333332"), (0x41B3_DE43_5555_5554, "333333333.33333325"),
            (0x41B3_DE43_5555_5555, "333333333.3333333"), (0x41B3_DE43_5555_5556, "333333333.3333334"),
            (0x41B3_DE43_5555_5557, "333333333.33333343"), (0xBECB_F647_612F_3696, "-0.0000033333333333333333"),
            (0x4314_3FF3_C1CB_0959, "1424953923781206.2"),
        ] as [(UInt64, String)])
    func published(bits: UInt64, text: String) {
        #expect(printed([Double(bitPattern: bits)]) == [text[...]])
    }

    @Test(
        "The layout changes at 1e-6 and at 1e21",
        arguments: [
            (1e-5, "0.00001"), (1.5e-5, "0.000015"), (1e-6, "0.000001"), (1.25e-6, "0.00000125"), (9.99e-7, "9.99e-7"),
            (1e-7, "1e-7"),
            (1.5e-7, "1.5e-7"), (1e20, "100000000000000000000"), (1.5e20, "150000000000000000000"), (1e21, "1e21"),
            (1.5e21, "1.5e21"), (123_456_789_012_345_683_968, "123456789012345680000"), (1, "1"), (-1, "-1"),
            (10, "10"),
            (100, "100"), (0.1, "0.1"),
            (-0.5, "-0.5"), (1.5, "1.5"), (12.5, "12.5"), (1234.5678, "1234.5678"),
            (0.30000000000000004, "0.30000000000000004"),
            (.leastNonzeroMagnitude, "5e-324"), (2.2250738585072014e-308, "2.2250738585072014e-308"),
            (-1e-300, "-1e-300"),
            (1e100, "1e100"),
            (.nan, "\"NaN\""), (-.nan, "\"NaN\""), (.signalingNaN, "\"NaN\""), (.infinity, "\"Infinity\""),
            (-.infinity, "\"-Infinity\""),
        ] as [(Double, String)])
    func layout(value: Double, text: String) {
        #expect(printed([value]) == [text[...]])
        var writer = JSONWriter()
        writer.number(value)
        var alone = writer.finish()
        #expect(alone.allBytes() == Array(text.utf8))
    }

    @Test(
        "A float32 has its own shortest digits",
        arguments: [
            (0.1, "0.1"), (0.3, "0.3"), (16_777_216, "16777216"), (3.4028235e38, "3.4028235e38"),
            (.leastNonzeroMagnitude, "1e-45"),
            (1.1754944e-38, "1.1754944e-38"),
            (1e21, "1e21"), (1e20, "100000000000000000000"), (1e-6, "0.000001"), (1e-7, "1e-7"), (-0.0, "-0.0"),
            (0, "0"),
            (0.33333334, "0.33333334"),
            (8.5899346e9, "8589935000"), (9.5367e-7, "9.5367e-7"), (.nan, "\"NaN\""), (.infinity, "\"Infinity\""),
            (-.infinity, "\"-Infinity\""),
            (1.1920929e-7, "1.1920929e-7"), (5.4210109e-20, "5.421011e-20"),
        ] as [(Float, String)])
    func floatLayout(value: Float, text: String) {
        #expect(printed([value]) == [text[...]])
        var writer = JSONWriter()
        writer.number(value)
        var alone = writer.finish()
        #expect(alone.allBytes() == Array(text.utf8))
    }

    /// Digits without zeros at either end, and the power of ten that the first digit stands for.
    private struct Digits: Equatable {
        var digits: [UInt8] = []
        var magnitude = 0

        init(_ text: some Sequence<UInt8>) {
            var (point, exponent, isExponentNegative) = (nil as Int?, 0, false)
            var isExponent = false
            for byte in text {
                switch byte {
                case UInt8(ascii: "."): point = digits.count
                case UInt8(ascii: "e"): isExponent = true
                case UInt8(ascii: "-"): isExponentNegative = isExponent
                case 0x30...0x39 where isExponent: exponent = exponent * 10 + Int(byte - 0x30)
                case 0x30...0x39: digits.append(byte)
                default: break
                }
            }
            let zeros = digits.prefix { $0 == 0x30 }.count
            magnitude = (point ?? digits.count) - zeros + (isExponentNegative ? -exponent : exponent)
            digits.removeFirst(zeros)
            while digits.last == 0x30 { digits.removeLast() }
            if digits.isEmpty { magnitude = 0 }
        }
    }

    private func check(_ elements: [Double]) throws {
        let texts = printed(elements)
        #expect(texts.count == elements.count)
        let wrong = zip(elements, texts).filter { Digits($0.description.utf8) != Digits($1.utf8) }
        #expect(wrong.isEmpty, "\(wrong.count), such as \(wrong.prefix(3))")
        let back = try #require(try parse("[\(texts.joined(separator: ","))]").doubles)
        #expect(back.count == elements.count)
        let unlike = zip(elements, back).filter { $0.bitPattern != $1.bitPattern }
        #expect(unlike.isEmpty, "\(unlike.count), such as \(unlike.prefix(3))")
    }

    private func check(_ elements: [Float]) throws {
        let texts = printed(elements)
        #expect(texts.count == elements.count)
        let wrong = zip(elements, texts).filter { Digits($0.description.utf8) != Digits($1.utf8) }
        #expect(wrong.isEmpty, "\(wrong.count), such as \(wrong.prefix(3))")
        let back = try #require(try parse("[\(texts.joined(separator: ","))]", as: .float32).floats)
        #expect(back.count == elements.count)
        let unlike = zip(elements, back).filter { $0.bitPattern != $1.bitPattern }
        #expect(unlike.isEmpty, "\(unlike.count), such as \(unlike.prefix(3))")
    }

    @Test("Every power of two and its neighbours have Swift's digits and read back")
    func powersOfTwo() throws {
        let doubles = (-1074...1023).map { Double(sign: .plus, exponent: $0, significand: 1) }
        try check(doubles + doubles.map(\.nextUp) + doubles.map(\.nextDown))
        let floats = (-149...127).map { Float(sign: .plus, exponent: $0, significand: 1) }
        try check(floats + floats.map(\.nextUp) + floats.map(\.nextDown))
    }

    @Test("Every power of ten and its neighbours have Swift's digits and read back")
    func powersOfTen() throws {
        let doubles = (-323...308).compactMap { Double("1e\($0)") }
        try check(doubles + doubles.map(\.nextUp) + doubles.map(\.nextDown) + doubles.map { -$0 })
        let floats = (-45...38).compactMap { Float("1e\($0)") }
        try check(floats + floats.map(\.nextUp) + floats.map(\.nextDown) + floats.map { -$0 })
    }

    @Test("Random float64 bit patterns have Swift's digits and read back", arguments: 0..<4 as Range<UInt64>)
    func randomDoubles(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var elements = (0..<30_000).map { _ in Double(bitPattern: random.next()) }.filter(\.isFinite)
        // Subnormals, numbers of a few digits, whole numbers, and what a network holds.
        elements += (0..<2000).map { _ in Double(bitPattern: random.next() >> 12) }
        elements += (0..<4000).map { _ in Double(Int.random(in: -99_999...99_999, using: &random)) / 1000 }
        elements += (0..<4000).map { _ in Double(random.next() >> UInt64.random(in: 0..<63, using: &random)) }
        elements += (0..<8000).map { _ in Double.random(in: -2...2, using: &random) }
        try check(elements)
    }

    @Test("Random float32 bit patterns have Swift's digits and read back", arguments: 4..<8 as Range<UInt64>)
    func randomFloats(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var elements = (0..<30_000).map { _ in Float(bitPattern: UInt32(truncatingIfNeeded: random.next())) }.filter(
            \.isFinite)
        elements += (0..<2000).map { _ in Float(bitPattern: UInt32(truncatingIfNeeded: random.next() >> 41)) }
        elements += (0..<2000).map { _ in Float(random.next() >> UInt64.random(in: 0..<63, using: &random)) }
        elements += (0..<8000).map { _ in Float.random(in: -2...2, using: &random) }
        try check(elements)
    }

    @Test(
        "Numbers of the sizes that are printed without an exponent have Swift's digits and read back",
        arguments: 8..<12 as Range<UInt64>)
    func usual(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        // Each exponent from below 1e-6 to above 1e8 alike, of full length and of few digits, with zeros strewn in.
        let doubles = (0..<40_000).map { index -> Double in
            let sign: FloatingPointSign = Bool.random(using: &random) ? .minus : .plus
            let exponent = Int.random(in: -21...28, using: &random)
            let x = Double(sign: sign, exponent: exponent, significand: Double.random(in: 1..<2, using: &random))
            switch index % 5 {
            case 0: return 0
            case 1: return (x * 1000).rounded() / 1000
            case 2: return Double(Float(x))
            case 3: return x.binade
            default: return x
            }
        }
        try check(doubles)
        try check(doubles.map { Float($0) })
        try check(doubles.map { Float($0) / 0.8 })
    }

    @Test("Lists of whole numbers have Swift's digits, also with a -0, a fraction or a large number among them")
    func wholeNumbers() throws {
        var random = SplitMix64(seed: 12)
        let whole = (0..<3000).map { _ in Double(Int.random(in: -99_999_999...99_999_999, using: &random) >> 3) }
        let small = whole.map { ($0 / 65_536).rounded() }
        for odd in [nil, -0.0, 0.5, 1e8, -1e8, 99_999_999.5, 1e300] as [Double?] {
            for elements in [whole, small] {
                var elements = elements
                if let odd { for place in [0, 63, 64, 200, 2999] { elements[place] = odd } }
                try check(elements)
                try check(elements.map { Float($0) }.filter(\.isFinite))
            }
        }
        #expect(printed([3, -0.0, -7] as [Double]) == ["3", "-0.0", "-7"])
        #expect(printed([16_777_216, 33_554_436] as [Float]) == ["16777216", "33554436"])
    }

    @Test("The special numbers read back, NaN as NaN")
    func specials() throws {
        let texts = printed([0.0, -0.0, .infinity, -.infinity, .nan])
        let back = try #require(try parse("[\(texts.joined(separator: ","))]").doubles)
        #expect(back.prefix(4).map(\.bitPattern) == [0.0, -0.0, .infinity, -.infinity].map(\.bitPattern))
        #expect(back[4].isNaN)
    }
}
