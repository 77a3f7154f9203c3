import Stopping
import Synchronization
import TensorJSON
import Testing

/// A text of about a mebibyte whose reading takes its time in one loop.
struct StoppedText: Sendable, CustomTestStringConvertible {
    let name: String
    let text: [UInt8]
    var testDescription: String { name }

    init(_ name: String, _ text: String) { (self.name, self.text) = (name, Array(text.utf8)) }

    static let size = 1 << 20

    private static func repeated(_ text: String) -> String { String(repeating: text, count: size / text.utf8.count) }

    static let all = [
        StoppedText("floats", "[\(repeated("0.123456789012345,"))1]"),
        StoppedText("floats with blanks", "[\(repeated("0.125, "))1]"),
        StoppedText("whole numbers", "[\(repeated("1,"))1]"),
        StoppedText("rows", "[\(repeated("[1,2.5,3],"))[1,2,3]]"),
        StoppedText("rows on lines", "[\(repeated("[ 1,\n 2.5 ],\n"))[1,2]]"),
        StoppedText("booleans", "[\(repeated("true,"))false]"),
        StoppedText("long numbers", "[\(repeated("0.12345678901234567890123456789012345e-7,"))1]"),
        StoppedText("one number", "[1, 0.\(repeated("1"))]"),
        StoppedText("one number alone", "0.\(repeated("1"))"),
        StoppedText("leading zeros", "[0.\(repeated("0"))1]"),
        StoppedText("an exponent", "[1e-\(repeated("0"))1]"),
        StoppedText("white space", "[1,\(repeated(" "))2]"),
        StoppedText("white space of lines", "\(repeated(" \n"))[1,2]"),
        StoppedText("blanks between numbers", "[1, 2,\(repeated(" "))3, 4]"),
        StoppedText("a string", "\"\(repeated("abcdefgh"))\""),
        StoppedText("a string of other letters", "\"\(repeated("äöü"))\""),
        StoppedText("a string of escapes", "\"\(repeated("\\n"))\""),
        StoppedText("a string of surrogates", "\"\(repeated("\\ud83d\\ude00"))\""),
        StoppedText("an escape and letters", "\"\\n\(repeated("abcdefgh"))\""),
        StoppedText("a name", "{\"\(repeated("abcdefgh"))\":1}"),
        StoppedText("strings", "[\"a\",\(repeated("\"abcdefghijklmnopqrstuvwx\","))1]"),
        StoppedText("what follows a wrong place", "[[1],null,\(repeated("[[2]],"))1]"),
        StoppedText("strings after a wrong place", "[[1],\(repeated("\"abc\","))1]"),
        StoppedText("objects after a wrong place", "[[1],\(repeated("{\"a\":1},"))1]"),
        StoppedText("a place for a syntax error", "[\(repeated("1,"))x]"),
    ]
}

/// A flag that asks the reading to let others run again and again, and counts how often it did.
private final class CountedQuestions: Sendable {
    private let count = Atomic<Int>(0)
    private let flag = Mutex<StopFlag?>(nil)

    func count(_ work: (StopFlag) throws -> Void) rethrows -> Int {
        let flag = StopFlag { [self] in
            count.add(1, ordering: .relaxed)
            self.flag.withLock { $0 }?.askToLetOthersRun()
        }
        self.flag.withLock { $0 = flag }
        // The flag holds this object, which holds the flag.
        defer { self.flag.withLock { $0 = nil } }
        flag.askToLetOthersRun()
        try work(flag)
        return count.load(ordering: .relaxed)
    }
}

@Suite struct StopTests {
    private static let limits = {
        var limits = JSONLimits()
        limits.maximumValues = 1 << 20
        return limits
    }()

    private static func read(_ text: StoppedText, _ stop: StopFlag, _ concurrency: Concurrency = .serial)
        throws(JSONParseError) -> JSONValue
    {
        let outcome = text.text.withUnsafeBufferPointer { bytes in
            Result { () throws(JSONParseError) in
                try JSONDocument.parse(
                    bytes, elementType: .float64, limits: limits, concurrency: concurrency, stop: stop)
            }
        }
        return try outcome.get()
    }

    private static let parallel = Concurrency(minimumPartBytes: 4096, width: { 4 }) { count, part in
        for number in 0..<count { part(number) }
    }

    @Test("A text is not read if the flag is set beforehand", arguments: StoppedText.all)
    func setBefore(_ text: StoppedText) {
        let flag = StopFlag()
        flag.set()
        #expect(throws: JSONParseError.stopped) { try Self.read(text, flag) }
        #expect(throws: JSONParseError.stopped) { try Self.read(text, flag, Self.parallel) }
    }

    /// A slow loop takes 5 nanoseconds for a byte, so 128 KiB are less than a millisecond.
    @Test("The flag is asked at least once for 128 KiB", arguments: StoppedText.all)
    func asksOften(_ text: StoppedText) {
        for concurrency in [Concurrency.serial, Self.parallel] {
            let questions = CountedQuestions().count { stop in _ = try? Self.read(text, stop, concurrency) }
            #expect(questions >= text.text.count >> 17)
        }
    }

    @Test("A flag that nobody sets changes no outcome", arguments: StoppedText.all)
    func neverSet(_ text: StoppedText) {
        let plain = Result { () throws(JSONParseError) in try Self.read(text, .never) }
        for concurrency in [Concurrency.serial, Self.parallel] {
            let other = Result { () throws(JSONParseError) in try Self.read(text, StopFlag(), concurrency) }
            #expect("\(other)" == "\(plain)")
        }
    }

    @Test("Base64 asks at least once for 128 KiB, and stops")
    func base64() throws {
        let text = String(repeating: "AAAA", count: StoppedText.size / 4)
        let questions = try CountedQuestions().count { (stop: StopFlag) throws in
            #expect(try Base64.decode(text, stop: stop)?.count == StoppedText.size / 4 * 3)
        }
        #expect(questions >= StoppedText.size >> 17)
        let flag = StopFlag()
        flag.set()
        #expect(throws: Stopped()) { try Base64.decode(text, stop: flag) }
    }

    @Test("An array with more brackets than numbers has shorter parts")
    func deepRows() throws {
        let count = 1 << 16
        let deep = [count] + [Int](repeating: 1, count: 60)
        var parts: [Int] = []
        for shape in [[count], deep] {
            var writer = JSONWriter()
            writer.nestedBits([UInt8](repeating: 1, count: count), shape: shape, asBooleans: false)
            var text = writer.finish()
            var number = 0
            while text.nextPart() != nil { number += 1 }
            parts.append(number)
        }
        #expect(parts[0] <= 2)
        // A bracket costs about 5 nanoseconds: 120 for each element.
        #expect(parts[1] >= 120 * count * 5 / 1_000_000)
    }
}

@Suite struct LongNumberTests {
    /// Texts of more than 2048 bytes and short ones of the same number.
    private static let numbers: [(long: String, short: String)] = {
        let zeros = String(repeating: "0", count: 3000)
        return [
            ("0.\(zeros)123e3000", "0.123"), ("-0.\(zeros)25e+3001", "-2.5"), ("1\(zeros)e-3000", "1"),
            ("1.5\(zeros)", "1.5"), ("0.\(zeros)", "0"), ("-0.\(zeros)", "-0.0"), ("1e-\(zeros)5", "1e-5"),
            // Longer than what is read between two looks at the flag.
            ("1e-\(String(repeating: "0", count: 200_000))5", "1e-5"),
            // Halfway between 1 and the next float64, and a little more: only the last digit tells.
            ("1.00000000000000011102230246251565404236316680908203125\(zeros)", "1"),
            ("1.00000000000000011102230246251565404236316680908203125\(zeros)1", "1.0000000000000002"),
            ("100000005960464477539062500000\(zeros)1e-3030", "1.00000005960464477539062500001"),
        ]
    }()

    @Test("A long number is rounded like a short one", arguments: numbers)
    func rounded(long: String, short: String) throws {
        let expected = try #require(Double(short))
        let alone = try value(long)
        guard case .number(let number) = alone else {
            Issue.record("a number expected")
            return
        }
        #expect(number.double?.bitPattern == expected.bitPattern)
        #expect(number.float?.bitPattern == Float(short)?.bitPattern)
        #expect(number.text == long)
        for type in [ElementType.float64, .float32] {
            guard case .numbers(let array) = try value("[\(long)]", elementType: type) else {
                Issue.record("numbers expected")
                return
            }
            switch array.storage {
            case .float64(let elements): #expect(elements.map(\.bitPattern) == [expected.bitPattern])
            case .float32(let elements): #expect(elements.map(\.bitPattern) == [try #require(Float(short)).bitPattern])
            }
        }
    }

    @Test("A long number beyond the range is too large, and one below it is 0")
    func outOfRange() throws {
        let zeros = String(repeating: "0", count: 3000)
        guard case .number(let large) = try value("1\(zeros)"), case .number(let small) = try value("0.\(zeros)1")
        else {
            Issue.record("numbers expected")
            return
        }
        #expect(large.double == nil)
        #expect(large.signed == nil)
        #expect(small.double == 0)
        #expect(small.signed == nil)
    }

    private func value(_ text: String, elementType: ElementType = .float64) throws -> JSONValue {
        try Array(text.utf8).withUnsafeBufferPointer {
            try JSONDocument.parse($0, elementType: elementType, limits: JSONLimits())
        }
    }
}
