import Foundation
import Stopping
import TensorJSON
import Testing

/// The examples of docs/numbers.md.
@Suite struct NumbersPageTests {
    /// The first two cells, an expression and its value, of the rows of a section.
    private static func rows(_ heading: String) throws -> [String] {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/numbers.md"), encoding: .utf8)
        let start = try #require(page.range(of: "\n## \(heading)\n"))
        let rest = page[start.upperBound...]
        let section = rest[..<(rest.range(of: "\n## ")?.lowerBound ?? rest.endIndex)]
        return section.split(separator: "\n").filter { $0.hasPrefix("| `") }
            .map { $0.split(separator: "|").prefix(2).joined(separator: "|").trimmingCharacters(in: .whitespaces) }
    }

    private static func row(_ expression: String, _ value: String) -> String { "`\(expression)` | `\(value)`" }

    private static func hex(_ words: UInt64...) -> String {
        words.map { "0x" + String($0, radix: 16) }.joined(separator: " ")
    }

    /// The upper 64 of the 192 bits of the product.
    private static func upperWord(_ w: UInt64, _ power: (high: UInt64, low: UInt64)) -> UInt64 {
        let upper = w.multipliedFullWidth(by: power.high)
        let isCarried = upper.low.addingReportingOverflow(w.multipliedFullWidth(by: power.low).high).overflow
        return upper.high + (isCarried ? 1 : 0)
    }

    @Test("The page has the values of reading 0.3")
    func reading() throws {
        let text = Array("[7,0.3,23.75,-8,0.5,0.125,1.5,2.25]".utf8)
        let (word, length, double) = try text.withUnsafeBufferPointer { text in
            let start = try #require(text.baseAddress) + 3
            let window = NumberWindow(start, isMostlyLong: true)
            return (Word.load(start), window.length, window.double)
        }
        let digits = Word.eightDigits(0x03)
        let significand = digits * 100_000_000 * 100
        let power = PowersOfFive.floor(-18)
        let high = Self.upperWord(
            significand << UInt64(significand.leadingZeroBitCount), (power.high, power.low + 1))
        #expect(
            try Self.rows("An example: reading 0.3") == [
                Self.row("Word.load(text)", Self.hex(word)),
                Self.row("NumberWindow(text).length", "\(length)"),
                Self.row("Word.eightDigits(0x03)", "\(digits)"),
                Self.row("significand", "\(significand)"),
                Self.row("significand.leadingZeroBitCount", "\(significand.leadingZeroBitCount)"),
                Self.row("PowersOfFive.floor(-18)", Self.hex(power.high, power.low)),
                Self.row("high", Self.hex(high)),
                Self.row("(high >> 9 + 1) >> 1", Self.hex((high >> 9 + 1) >> 1)),
                Self.row("NumberWindow(text).double", Self.hex(try #require(double).bitPattern)),
            ])
        #expect(try parse(text).doubles == [7, 0.3, 23.75, -8, 0.5, 0.125, 1.5, 2.25])
    }

    @Test("The page has the values of numbers that are not usual")
    func unusual() throws {
        func scan(_ text: String) throws -> ScannedDecimal {
            try Array(text.utf8).withUnsafeBufferPointer { text in
                var scanner = JSONScanner(text)
                return Result { () throws(JSONParseError) in try scanner.decimal() }
            }.get()
        }
        func read(_ text: String) throws -> String {
            Self.hex(try #require(try parse("[\(text)]").doubles?.first).bitPattern)
        }
        let below = "0.30000000000000001665334536937734810635"
        let above = "0.30000000000000001665334536937734810636"
        let exact = try scan("3e-1")
        #expect(
            try Self.rows("Numbers that are not usual") == [
                Self.row("scan(\"3e-1\").significand", "\(exact.significand)"),
                Self.row("scan(\"3e-1\").exponent", "\(exact.exponent)"),
                Self.row("scan(\"3e-1\").double", Self.hex(try #require(exact.double).bitPattern)),
                Self.row("scan(\"3e-30\").double", Self.hex(try #require(try scan("3e-30").double).bitPattern)),
                Self.row("scan(\"\(below)\").isTruncated", "\(try scan(below).isTruncated)"),
                Self.row("scan(\"\(below)\").double", try scan(below).double.map { "\($0)" } ?? "nil"),
                Self.row("parse(\"\(below)\")", try read(below)),
                Self.row("parse(\"\(above)\")", try read(above)),
            ])
    }

    @Test("The page has the values of printing 0.3")
    func printing() throws {
        let c = (0.3).significandBitPattern | 1 << 52
        #expect(0.3 == Double(sign: .plus, exponent: -54, significand: Double(c)))
        // The scale of the exponent -2: 0.3 is 1.2 · 2^-2.
        let scale = PrintingScale.doubles.scales[-2 - PrintingScale.exponents.lowerBound]
        let shortest = ShortestDecimal(0.3)
        let nine = 300_000_000 * Word.hundredMillionth
        var writer = JSONWriter()
        writer.number(0.3)
        var printed = writer.finish()
        #expect(
            try Self.rows("An example: printing 0.3") == [
                Self.row("scale.power", Self.hex(scale.power.high, scale.power.low)),
                Self.row("scale.shift", "\(scale.shift)"),
                Self.row("product >> 128", "\(Self.upperWord(c << scale.shift, scale.power))"),
                Self.row("scale.half >> 128", "\(scale.half.high)"),
                Self.row("scale.digits(double: c)", "\(scale.digits(double: c))"),
                Self.row("scale.threshold", "\(scale.threshold)"),
                Self.row("NumberPrinting.print(0.3)", String(decoding: printed.allBytes(), as: UTF8.self)),
                Self.row("ShortestDecimal(0.3)", "\(shortest.digits) \(shortest.exponent)"),
                Self.row("300000000 * Word.hundredMillionth", "\(nine)"),
                Self.row("300000000 * Word.hundredMillionth >> 57", "\(nine >> 57)"),
                Self.row(
                    "Word.digits(fraction: 12345678 * Word.hundredMillionth)",
                    Self.hex(Word.digits(fraction: 12_345_678 * Word.hundredMillionth))),
            ])
    }
}
