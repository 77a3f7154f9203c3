import Foundation
import Logging
import Observability
import Testing

@Suite struct LogTests {
    private static let time = WallTime(milliseconds: 1_769_903_999_007)

    private static func line(
        _ message: String, _ metadata: Logger.Metadata = [:], _ format: LogFormat = .json
    ) -> String {
        String(
            decoding: LineLogHandler.line(
                format, at: time, level: .info, label: "dropoutd", message: message, metadata: metadata), as: UTF8.self)
    }

    private static func object(_ line: some StringProtocol) throws -> [String: Any] {
        try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }

    @Test(
        "Times are written as RFC 3339 has them",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (951_827_696_789, "2000-02-29T12:34:56.789Z"),
            (1_769_903_999_007, "2026-01-31T23:59:59.007Z"), (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
            (253_402_300_799_999, "9999-12-31T23:59:59.999Z"), (1_704_067_199_999, "2023-12-31T23:59:59.999Z"),
        ])
    func timesAreRFC3339(_ milliseconds: Int64, _ text: String) {
        #expect(WallTime(milliseconds: milliseconds).text == text)
    }

    @Test("Times are those of Foundation for every day of 400 years")
    func timesAreFoundationsForEveryDayOf400Years() {
        let format = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        for day in stride(from: Int64(-25_567), to: 146_097, by: 1) {
            let milliseconds = day * 86_400_000 + (day & 0xFFFF) * 977
            let date = Date(timeIntervalSince1970: Double(milliseconds) / 1000)
            let isSame = WallTime(milliseconds: milliseconds).text.prefix(10) == format.format(date).prefix(10)
            if !isSame { Issue.record("day \(day)") }
        }
    }

    @Test("A record is one line in fixed order")
    func aRecordIsOneLineInFixedOrder() {
        let line = Self.line(
            "listening",
            [
                "port": .stringConvertible(8080), "host": "127.0.0.1", "tls": .stringConvertible(true),
                "load": .stringConvertible(0.25), "limits": ["max": .stringConvertible(UInt64.max), "a": ["b": "c"]],
                "list": .array(["x", .stringConvertible(-1)]), "text": "42",
            ])
        #expect(
            line == #"{"time":"2026-01-31T23:59:59.007Z","level":"info","label":"dropoutd","message":"listening","#
                + #""host":"127.0.0.1","limits.a.b":"c","limits.max":18446744073709551615,"list":["x",-1],"#
                + #""load":0.25,"port":8080,"text":"42","tls":true}"# + "\n")
    }

    @Test("A record for people is one line of words")
    func aRecordForReadingIsOneLineOfWords() {
        let line = Self.line(
            "listening on a", ["port": .stringConvertible(8080), "a": "b c", "empty": "", "é": "ü", "x": "a=b"], .text)
        #expect(
            line == #"2026-01-31T23:59:59.007Z info dropoutd: listening on a a="b c" empty="" port=8080 x="a=b" é=ü"#
                + "\n")
    }

    @Test("A line for people is never broken nor too long")
    func aLineForReadingIsNeverBrokenNorTooLong() {
        var metadata: Logger.Metadata = ["path": "/\n2026 error dropoutd: forged\u{1B}[2J"]
        let broken = Self.line("a\nb\u{7}", metadata, .text)
        #expect(broken.contains(#"dropoutd: a\nb\u0007 path="/\n2026 error dropoutd: forged\u001b[2J""#))
        #expect(broken.split(separator: "\n").count == 1)
        for index in 0..<200 { metadata["k\(index)"] = .string(String(repeating: "x ", count: index * 7)) }
        let long = Self.line("many", metadata, .text)
        #expect(long.utf8.count <= LogLine.maximumBytes && long.hasSuffix(" truncated=true\n"))
        #expect(long.split(separator: "\n").count == 1)
    }

    @Test("A request for people is one line of words")
    func aRequestForReadingIsOneLineOfWords() {
        let record = RequestRecord(
            requestID: "r-1", method: "GET", route: "/livez", path: "/livez", status: 200, duration: .microseconds(1204)
        )
        #expect(
            String(decoding: record.line(.text, at: Self.time), as: UTF8.self)
                == "2026-01-31T23:59:59.007Z info request request_id=r-1 method=GET route=/livez path=/livez "
                + "status=200 bytes_in=0 bytes_out=0 duration_ms=1.204\n")
    }

    @Test("What would break a line is escaped")
    func whatWouldBreakALineIsEscaped() {
        #expect(
            Self.line("a\"b\\c\n\r\t\0\u{1B}[31m\u{7F}\u{9B}\u{2028}\u{2029}é😀/").contains(
                #""message":"a\"b\\c\n\r\t\u0000\u001b[31m\u007f\u009b\u2028\u2029é😀/"}"#))
    }

    @Test(
        "A text of one character that must be escaped is escaped",
        arguments: [("\"", #"\""#), ("\\", #"\\"#), ("\n", #"\n"#), ("\u{1F}", #"\u001f"#), ("\u{7F}", #"\u007f"#)])
    func oneCharacterIsEscaped(_ text: String, _ escaped: String) {
        #expect(Self.line(text).hasSuffix("\"message\":\"\(escaped)\"}\n"))
        #expect(Self.line(text + text).hasSuffix("\"message\":\"\(escaped)\(escaped)\"}\n"))
    }

    @Test("Numbers that JSON has not are texts")
    func numbersThatJSONHasNotAreTexts() {
        let line = Self.line(
            "",
            [
                "a": .stringConvertible(Double.nan), "b": .stringConvertible(-Double.infinity),
                "c": .stringConvertible(Float(0.1)), "d": .stringConvertible(2.0),
            ])
        #expect(line.hasSuffix(#","a":"NaN","b":"-Infinity","c":0.1,"d":2}"# + "\n"))
    }

    @Test("Metadata cannot pose as the record")
    func metadataCannotPoseAsTheRecord() throws {
        let line = Self.line(
            "true", ["message": "false", "time": "never", "level": "none", "label": "x", "a.b": "1", "a": ["b": "2"]])
        #expect(try Self.object(line)["message"] as? String == "true")
        #expect(line.components(separatedBy: "\"message\"").count == 2)
        #expect(line.components(separatedBy: "\"a.b\"").count == 2)
    }

    @Test("A long text is cut at a character", arguments: ["x", "é", "😀", "\u{1}", "\""])
    func aLongTextIsCutAtACharacter(_ unit: String) throws {
        for lead in ["", "a", "ab", "abc"] {
            let line = Self.line(lead + String(repeating: unit, count: 5000))
            let value = try Self.object(line)["message"] as? String
            let message = try #require(value ?? (line.contains("\"truncated\":true") ? "…" : nil))
            #expect(message.hasSuffix("…"))
            #expect(message.utf8.count <= LogLine.maximumTextBytes + 3)
            #expect(line.utf8.count <= LogLine.maximumBytes)
        }
    }

    @Test("A line is never longer than a pipe takes at once")
    func aLineIsNeverLongerThanAPipeTakesAtOnce() throws {
        var metadata = Logger.Metadata()
        for index in 0..<200 { metadata["k\(index)"] = .string(String(repeating: "\u{1}", count: index * 7)) }
        metadata["list"] = .array((0..<100_000).map { .stringConvertible($0) })
        metadata["last"] = "kept"
        let line = Self.line("many", metadata)
        #expect(line.utf8.count <= LogLine.maximumBytes)
        #expect(line.hasSuffix(",\"truncated\":true}\n"))
        let object = try Self.object(line)
        #expect(object["truncated"] as? Bool == true)
        #expect(object["list"] == nil)
        #expect(object["message"] as? String == "many")
    }

    @Test("Metadata nested too deep is cut")
    func metadataNestedTooDeepIsCut() throws {
        var value = Logger.MetadataValue.string("core")
        for index in 0..<1000 { value = index % 2 == 0 ? .array([value]) : .dictionary(["k": value]) }
        let line = Self.line("deep", ["a": value])
        #expect(try Self.object(line)["message"] as? String == "deep")
    }

    @Test("Any text reads back as itself")
    func anyTextReadsBackAsItself() throws {
        var generator = FixedGenerator(5)
        for _ in 0..<2000 {
            let scalars = (0..<Int.random(in: 0..<40, using: &generator)).compactMap { _ in
                UnicodeScalar(
                    UInt32.random(
                        in: 0..<[0x80, 0x300, 0x3000, 0x11_0000][Int.random(in: 0..<4, using: &generator)],
                        using: &generator))
            }
            let text = String(String.UnicodeScalarView(scalars))
            let read = try #require(try Self.object(Self.line(text))["message"] as? String)
            #expect(Array(read.utf8) == Array(text.utf8))
        }
    }

    @Test("A request is one line")
    func aRequestIsOneLine() {
        var record = RequestRecord(
            requestID: "r-1", method: "POST", route: "/forward", path: "/forward", status: 200,
            duration: .microseconds(1204))
        #expect(
            String(decoding: record.line(.json, at: Self.time), as: UTF8.self)
                == #"{"time":"2026-01-31T23:59:59.007Z","level":"info","message":"request","request_id":"r-1","#
                + #""method":"POST","route":"/forward","path":"/forward","status":200,"bytes_in":0,"bytes_out":0,"#
                + #""duration_ms":1.204}"# + "\n")
        record.trace = TraceContext(traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
        record.remote = "192.0.2.7"
        (record.path, record.route, record.status) = ("/a\"\n" + String(repeating: "b", count: 300), "other", 503)
        (record.bytesIn, record.bytesOut, record.elements) = (64, 512, 8)
        (record.queue, record.compute) = (.nanoseconds(20_999), .seconds(2))
        (record.key, record.refusal) = ("alice", .queueFull)
        let path = #"/a\"\n"# + String(repeating: "b", count: 252) + "…"
        #expect(
            String(decoding: record.line(.json, at: Self.time), as: UTF8.self)
                == #"{"time":"2026-01-31T23:59:59.007Z","level":"warning","message":"request","request_id":"r-1","#
                + #""trace_id":"0af7651916cd43dd8448eb211c80319c","span_id":"b7ad6b7169203331","remote":"192.0.2.7","#
                + #""method":"POST","route":"other","path":"\#(path)","status":503,"bytes_in":64,"bytes_out":512,"#
                + #""elements":8,"duration_ms":1.204,"queue_ms":0.02,"compute_ms":2000,"key":"alice","#
                + #""refusal":"queue_full"}"# + "\n")
        record.refusal = nil
        #expect(record.level == .error)
    }
}
