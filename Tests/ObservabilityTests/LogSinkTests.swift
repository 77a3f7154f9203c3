import Foundation
import Logging
import Observability
import Testing

/// Lines through a pipe.
@Suite struct LogSinkTests {
    private static func pipe() throws -> (reader: Int32, writer: Int32) {
        var ends: [Int32] = [0, 0]
        try #require(Foundation.pipe(&ends) == 0)
        return (ends[0], ends[1])
    }

    /// All that there is to read, without waiting.
    private static func drain(_ reader: Int32) -> [UInt8] {
        _ = fcntl(reader, F_SETFL, fcntl(reader, F_GETFL) | O_NONBLOCK)
        var (bytes, chunk) = ([UInt8](), [UInt8](repeating: 0, count: 65_536))
        while true {
            let count = read(reader, &chunk, chunk.count)
            guard count > 0 else { return bytes }
            bytes += chunk.prefix(count)
        }
    }

    private static func lines(_ bytes: [UInt8]) throws -> [[String: Any]] {
        try bytes.split(separator: 0x0A).map {
            try #require(JSONSerialization.jsonObject(with: Data($0)) as? [String: Any])
        }
    }

    @Test("The handler merges its metadata with those of the call")
    func theHandlerMergesItsMetadataWithTheCalls() throws {
        let (reader, writer) = try Self.pipe()
        defer { for end in [reader, writer] { close(end) } }
        let sink = LogSink(descriptor: writer)
        var logger = Logger(label: "test") { LineLogHandler(label: $0, sink: sink) }
        logger[metadataKey: "a"] = "1"
        logger[metadataKey: "b"] = "1"
        logger.info("hello", metadata: ["b": "2"])
        logger.debug("not this")
        let lines = try Self.lines(Self.drain(reader))
        try #require(lines.count == 1)
        #expect(lines[0]["message"] as? String == "hello")
        #expect(lines[0]["a"] as? String == "1")
        #expect(lines[0]["b"] as? String == "2")
        #expect(lines[0]["label"] as? String == "test")
    }

    @Test("Lines of threads do not mix")
    func linesOfThreadsDoNotMix() async throws {
        let (reader, writer) = try Self.pipe()
        defer { close(reader) }
        let read = Task.detached {
            try FileHandle(fileDescriptor: reader, closeOnDealloc: false).readToEnd() ?? Data()
        }
        let sink = LogSink(descriptor: writer)
        await withTaskGroup(of: Void.self) { group in
            for thread in 0..<4 {
                group.addTask {
                    for index in 0..<500 {
                        var line = LogLine()
                        line.add("thread", .integer(Int64(thread)))
                        line.add("index", .integer(Int64(index)))
                        line.add("text", .text(String(repeating: "x", count: index * 2)))
                        sink.add(line.finish())
                    }
                }
            }
        }
        close(writer)
        let lines = try Self.lines(Array(await read.value))
        let written = lines.filter { $0["text"] != nil }
        #expect(written.count + Int(sink.dropped) == 2000)
        #expect(written.allSatisfy { ($0["text"] as? String)?.utf8.count == ($0["index"] as? Int).map { 2 * $0 } })
    }

    @Test("A full pipe drops lines and says how many")
    func aFullPipeDropsLinesAndSaysHowMany() throws {
        let (reader, writer) = try Self.pipe()
        defer { for end in [reader, writer] { close(end) } }
        let sink = LogSink(descriptor: writer)
        var line = LogLine()
        line.add("text", .text(String(repeating: "x", count: 1000)))
        let bytes = line.finish()
        for _ in 0..<200 { sink.add(bytes) }
        let first = try Self.lines(Self.drain(reader)).count
        #expect(first > 0 && Int(sink.dropped) == 200 - first)
        sink.add(bytes)
        let lines = try Self.lines(Self.drain(reader))
        try #require(lines.count == 2)
        #expect(lines[0]["message"] as? String == "log lines were dropped")
        #expect(lines[0]["dropped"] as? Int == 200 - first)
        #expect(lines[1]["text"] != nil)
        sink.add(bytes)
        #expect(try Self.lines(Self.drain(reader)).count == 1)
    }

    @Test("The line for lost lines has the form of the others")
    func theLineForLostLinesHasTheFormOfTheOthers() throws {
        let (reader, writer) = try Self.pipe()
        defer { for end in [reader, writer] { close(end) } }
        let sink = LogSink(descriptor: writer, format: .text)
        let line = [UInt8](repeating: 0x78, count: 999) + [0x0A]
        for _ in 0..<200 { sink.add(line) }
        _ = Self.drain(reader)
        sink.add(line)
        let notice = try #require(String(decoding: Self.drain(reader), as: UTF8.self).split(separator: "\n").first)
        #expect(notice.hasSuffix("Z warning log lines were dropped dropped=\(sink.dropped)"))
    }

    /// A terminal says that it takes a line and blocks in the middle of it.
    @Test("A terminal that nobody reads drops lines")
    func aTerminalThatNobodyReadsDropsLines() throws {
        var (terminal, end) = (Int32(-1), Int32(-1))
        try #require(openpty(&terminal, &end, nil, nil, nil) == 0)
        defer { for descriptor in [terminal, end] { close(descriptor) } }
        let descriptor = LogSink.nonBlocking(end)
        try #require(descriptor != end)
        defer { close(descriptor) }
        let sink = LogSink(descriptor: descriptor)
        for _ in 0..<1000 { sink.add([UInt8](repeating: 0x78, count: 999) + [0x0A]) }
        #expect(sink.dropped > 0 && sink.dropped < 1000)
    }

    @Test("What is neither a pipe nor a terminal is written to as it is")
    func whatIsNeitherAPipeNorATerminalIsWrittenToAsItIs() throws {
        let file = try #require(tmpfile())
        defer { fclose(file) }
        #expect(LogSink.nonBlocking(fileno(file)) == fileno(file))
    }

    @Test("After half a line the next begins on a new one")
    func afterHalfALineTheNextBeginsOnANewOne() throws {
        let (reader, writer) = try Self.pipe()
        defer { for end in [reader, writer] { close(end) } }
        _ = fcntl(writer, F_SETFL, O_NONBLOCK)
        let sink = LogSink(descriptor: writer)
        sink.add([UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20))
        #expect(sink.dropped == 1)
        let half = Self.drain(reader)
        #expect(!half.isEmpty && half.count < 1 << 20)
        for _ in 0..<2 { sink.add(Array("{}\n".utf8)) }
        let rest = String(decoding: Self.drain(reader), as: UTF8.self)
        #expect(rest.hasPrefix("\n{\"time\"") && rest.hasSuffix("\"dropped\":1}\n{}\n{}\n"))
    }

    @Test("A closed reader drops lines")
    func aClosedReaderDropsLines() throws {
        signal(SIGPIPE, SIG_IGN)
        let (reader, writer) = try Self.pipe()
        close(reader)
        defer { close(writer) }
        let sink = LogSink(descriptor: writer)
        for _ in 0..<3 { sink.add(Array("{}\n".utf8)) }
        #expect(sink.dropped == 3)
    }

    @Test("A file takes every line")
    func aFileTakesEveryLine() throws {
        let file = try #require(tmpfile())
        defer { fclose(file) }
        let sink = LogSink(descriptor: fileno(file))
        for _ in 0..<3 { sink.add(Array("{}\n".utf8)) }
        #expect(sink.dropped == 0)
        var status = stat()
        #expect(fstat(fileno(file), &status) == 0 && status.st_size == 9)
    }
}
