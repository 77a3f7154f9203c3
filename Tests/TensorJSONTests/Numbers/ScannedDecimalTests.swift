import TensorJSON
import Testing

/// Each number of an array is the nearest of its type to the decimal, ties to even, rounded once.
@Suite struct DecimalParsingTests {
    /// The bits of the only number of a text; nil where it is too large.
    private func double(_ text: String) throws -> UInt64? {
        let array = try #require(try parse("[\(text)]").numberArray)
        if let problem = array.problem {
            #expect(problem.path == [0])
            #expect(problem.detail == "the number is too large for float64")
            return nil
        }
        guard case .float64(let elements) = array.storage else { return nil }
        return elements.first?.bitPattern
    }

    private func float(_ text: String) throws -> UInt32? {
        let array = try #require(try parse("[\(text)]", as: .float32).numberArray)
        if let problem = array.problem {
            #expect(problem.path == [0])
            #expect(problem.detail == "the number is too large for float32")
            return nil
        }
        guard case .float32(let elements) = array.storage else { return nil }
        return elements.first?.bitPattern
    }

    @Test(
        "Published hard cases read as their bits, in an array and alone",
        arguments: [
            HardDecimals.integers, HardDecimals.infamous, HardDecimals.hardRoundings, HardDecimals.halves,
            HardDecimals.doubleEnds, HardDecimals.floatEnds,
        ])
    func hardCases(rows: [HardDecimals.Row]) throws {
        for row in rows {
            #expect(try double(row.text) == row.double, "\(row.testDescription)")
            #expect(try float(row.text) == row.float, "\(row.testDescription)")
            guard case .number(let number) = try parse(row.text) else {
                Issue.record("\(row.testDescription) is no number")
                continue
            }
            #expect(number.double?.bitPattern == row.double, "\(row.testDescription)")
            #expect(number.float?.bitPattern == row.float, "\(row.testDescription)")
        }
    }

    /// Positive float64 numbers whose upper neighbour is finite or the overflow: chosen ends, then any.
    static let doubles: [UInt64] = {
        var random = SplitMix64(seed: 1)
        let ends: [UInt64] = [
            0, 1, 2, 0x000F_FFFF_FFFF_FFFE, 0x000F_FFFF_FFFF_FFFF, 0x0010_0000_0000_0000, 0x3FF0_0000_0000_0000,
            0x4330_0000_0000_0000, 0x4340_0000_0000_0000, 0x7FEF_FFFF_FFFF_FFFE, 0x7FEF_FFFF_FFFF_FFFF,
        ]
        // Mostly near 1, where no fallback helps, then all over the range.
        let near = (0..<300).map { _ in UInt64.random(in: 0x3E00_0000_0000_0000...0x4400_0000_0000_0000, using: &random)
        }
        return ends + near + (0..<60).map { _ in UInt64.random(in: 0...0x7FEF_FFFF_FFFF_FFFF, using: &random) }
    }()

    @Test("The exact middle between two float64 numbers rounds to even, a hair beside it to its side")
    func doubleHalves() throws {
        for bits in Self.doubles {
            let x = Double(bitPattern: bits)
            let middle = ExactDecimal(2 * x.wholeSignificand + 1, timesTwoTo: x.wholeExponent - 1)
            let above = x.nextUp.isFinite ? bits + 1 : nil
            let even = bits % 2 == 0 ? bits : above
            #expect(try double(middle.text) == even, "\(x)")
            #expect(try double(middle.plainText) == even, "\(x)")
            #expect(try double(middle.justBelow()) == bits, "\(x)")
            #expect(try double(middle.justBelow(nines: 30)) == bits, "\(x)")
            #expect(try double(middle.justAbove()) == above, "\(x)")
            #expect(try double(middle.justAbove(zeros: 400)) == above, "\(x)")
            // As near as numbers come that are read without their text.
            for count in 18...19 {
                guard let cut = middle.cut(to: count) else { continue }
                #expect(try double(cut.below) == bits, "\(cut.below)")
                #expect(try double(cut.above) == above, "\(cut.above)")
            }
            if x > 0 {
                #expect(try double(ExactDecimal(x.wholeSignificand, timesTwoTo: x.wholeExponent).plainText) == bits)
            }
        }
    }

    static let floats: [UInt32] = {
        var random = SplitMix64(seed: 2)
        let ends: [UInt32] = [
            0, 1, 2, 3, 0x007F_FFFE, 0x007F_FFFF, 0x0080_0000, 0x0080_0001, 0x3F80_0000, 0x3F80_0001, 0x4B00_0001,
            0x4B7F_FFFF, 0x4B80_0000, 0x7F7F_FFFE, 0x7F7F_FFFF,
        ]
        let subnormal = (0..<100).map { _ in UInt32.random(in: 0...0x007F_FFFF, using: &random) }
        return ends + subnormal + (0..<400).map { _ in UInt32.random(in: 0...0x7F7F_FFFF, using: &random) }
    }()

    /// A reading through float64 meets the middle itself in all of these and rounds to even.
    @Test("A hair beside the middle between two float32 numbers rounds to its side: no second rounding")
    func floatHalves() throws {
        for bits in Self.floats {
            let x = Float(bitPattern: bits)
            let middle = ExactDecimal(2 * UInt64(x.wholeSignificand) + 1, timesTwoTo: x.wholeExponent - 1)
            let above = x.nextUp.isFinite ? bits + 1 : nil
            #expect(try float(middle.text) == (bits % 2 == 0 ? bits : above), "\(x)")
            #expect(try float("-" + middle.justBelow(nines: 20)) == bits | 1 << 31, "\(x)")
            #expect(try float(middle.justBelow()) == bits, "\(x)")
            #expect(try float(middle.justAbove()) == above, "\(x)")
            #expect(try float(middle.justAbove(zeros: 20)) == above, "\(x)")
            for count in 12...19 {
                guard let cut = middle.cut(to: count) else { continue }
                #expect(try float(cut.below) == bits, "\(cut.below)")
                #expect(try float(cut.above) == above, "\(cut.above)")
            }
        }
    }

    @Test("Decimals of 1 to 22 random digits read as Swift's own reader has them")
    func randomDecimals() throws {
        var random = SplitMix64(seed: 3)
        var texts: [String] = []
        for _ in 0..<10_000 {
            let count = Int.random(in: 1...22, using: &random)
            var digits = String(Int.random(in: 1...9, using: &random))
            while digits.utf8.count < count { digits += String(Int.random(in: 0...9, using: &random)) }
            let exponent = Int.random(in: Bool.random(using: &random) ? -30...30 : -345...285, using: &random)
            let point = Int.random(in: 1...count, using: &random)
            let fraction = point < count ? "." + digits.dropFirst(point) : ""
            texts.append("\(digits.prefix(point))\(fraction)e\(exponent)")
        }
        let doubles = try #require(try parse("[\(texts.joined(separator: ","))]").doubles)
        #expect(doubles.count == texts.count)
        for (text, value) in zip(texts, doubles) where value.bitPattern != Double(text)?.bitPattern {
            Issue.record("\(text) reads as \(value)")
        }
        let small = texts.filter { Float($0)?.isFinite ?? false }
        let floats = try #require(try parse("[\(small.joined(separator: ","))]", as: .float32).floats)
        #expect(floats.count == small.count && small.count > 5000)
        for (text, value) in zip(small, floats) where value.bitPattern != Float(text)?.bitPattern {
            Issue.record("\(text) reads as \(value)")
        }
    }

    /// Texts as they stand in requests: float32 and float64 in full, whole numbers, a few digits with a point anywhere.
    private func usual(_ index: Int, _ random: inout SplitMix64) -> String {
        let sign = Bool.random(using: &random) ? "-" : ""
        switch index % 8 {
        case 0: return "\(Float.random(in: -2...2, using: &random))"
        case 1: return "\(Double.random(in: -2...2, using: &random))"
        case 2:
            return
                "\(Int.random(in: -99_999_999...99_999_999, using: &random) >> Int.random(in: 0..<27, using: &random))"
        case 3:
            let digits = String(UInt64.random(in: 0...UInt64.max, using: &random)).prefix(
                Int.random(in: 1...19, using: &random))
            return "\(sign)\(Int.random(in: 0...9, using: &random)).\(digits)"
        case 4:
            let digits = String(UInt64.random(in: 0...UInt64.max, using: &random)).prefix(
                Int.random(in: 1...16, using: &random))
            return "\(sign)\(Int.random(in: 10...99_999_999, using: &random)).\(digits)"
        case 5:
            let zeros = String(repeating: "0", count: Int.random(in: 0...12, using: &random))
            return "\(sign)0.\(zeros)\(Int.random(in: 0...999_999_999, using: &random))"
        case 6:
            // The middle between two float32 numbers, or a hair beside it.
            let x = Float.random(in: 0.001...1000, using: &random)
            let middle = (Double(x) + Double(x.nextUp)) / 2
            return "\([middle, middle.nextUp, middle.nextDown][Int.random(in: 0..<3, using: &random)])"
        default:
            return
                "\(sign)\(UInt64.random(in: 0...UInt64.max, using: &random) >> UInt64.random(in: 0..<64, using: &random))"
        }
    }

    @Test("Numbers as requests have them read as Swift's own reader has them", arguments: 0..<4 as Range<UInt64>)
    func usualDecimals(seed: UInt64) throws {
        var random = SplitMix64(seed: 40 + seed)
        let texts = (0..<64_000).map { usual($0, &random) }
        // Rows of 16, so that numbers stand before commas and brackets.
        let rows = stride(from: 0, to: texts.count, by: 16).map { "[\(texts[$0..<$0 + 16].joined(separator: ","))]" }
        let text = "[\(rows.joined(separator: ","))]"
        let doubles = try #require(try parse(text).doubles)
        let floats = try #require(try parse(text, as: .float32).floats)
        #expect(doubles.count == texts.count && floats.count == texts.count)
        let wrong = texts.indices.filter {
            doubles[$0].bitPattern != Double(texts[$0])?.bitPattern
                || floats[$0].bitPattern != Float(texts[$0])?.bitPattern
        }
        #expect(wrong.isEmpty, "\(wrong.count), such as \(wrong.prefix(3).map { texts[$0] })")
    }

    @Test(
        "What looks like a usual number and is none is refused where it stands, also far from the text's end",
        arguments: [
            ("01.5", 1), ("-01", 2), ("00", 1), ("1.", 3), ("-", 2), (".5", 1), ("1..5", 3), ("1.2.3", 4), ("1-2", 2),
            ("1/2", 2), ("--1", 2), ("+1", 1), ("1.5/", 4), ("1e", 3), ("1.5e+", 6), ("1_0", 2), ("12345678.", 10),
            ("0.1234567x", 10), ("-.5", 2), ("1.-5", 3),
        ])
    func refused(text: String, offset: Int) {
        let tail = String(repeating: ",0.25", count: 20)
        for (before, after) in [("[", "]"), ("[", tail + "]"), ("[0.5,", tail + "]"), ("[7,", tail + "]")] {
            let error = syntaxError(Array("\(before)\(text)\(after)".utf8))
            #expect(error?.byteOffset == before.utf8.count - 1 + offset, "\(before)\(text)")
        }
    }

    @Test(
        "Zeros in front and behind change nothing, and an exponent outweighs any number of them",
        arguments: [0, 1, 19, 400, 120_000])
    func zeroRuns(count: Int) throws {
        let zeros = String(repeating: "0", count: count)
        let expected = 7.25.bitPattern
        #expect(try double("7.25\(zeros)") == expected)
        #expect(try double("725\(zeros)e-\(count + 2)") == expected)
        #expect(try double("725\(zeros)e-00000000\(count + 2)") == expected)
        #expect(try double("0.\(zeros)725e\(count + 1)") == expected)
        #expect(try double("0.\(zeros)725E+\(count + 1)") == expected)
        #expect(try float("0.\(zeros)725e\(count + 1)") == Float(7.25).bitPattern)
        #expect(try double("0.0\(zeros)e\(count)") == 0)
        #expect(try double("-0.\(zeros)0") == 1 << 63)
        #expect(try double("0.\(zeros)1e\(count - 400)") == 0)
        #expect(try double("1\(zeros)e\(400 - count)") == nil)
    }

    @Test("An exponent of seven digits is counted in full")
    func longExponent() throws {
        let zeros = String(repeating: "0", count: 1_234_566)
        #expect(try double("0.\(zeros)1e1234567") == 1.0.bitPattern)
        #expect(try double("1\(zeros)e-1234566") == 1.0.bitPattern)
    }
}

extension BinaryFloatingPoint where RawSignificand: FixedWidthInteger {
    /// self = wholeSignificand · 2^wholeExponent, for finite numbers from 0.
    fileprivate var wholeSignificand: RawSignificand {
        isNormal ? significandBitPattern | 1 << Self.significandBitCount : significandBitPattern
    }

    fileprivate var wholeExponent: Int {
        let biased = max(Int(exponentBitPattern), 1)
        return biased - (1 << (Self.exponentBitCount - 1) - 1) - Self.significandBitCount
    }
}
