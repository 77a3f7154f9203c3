import Foundation
import Testing

/// What the running program says of each request: in its answer, and in its log.
@Suite(.timeLimit(.minutes(10))) struct AccessLogTests {
    private static let question = #"{"shape":[3],"rate":0.5,"seed":7}"#

    @Test("Each request is a line of JSON with its members")
    func eachRequestIsALineOfJSONWithItsMembers() throws {
        let program = try ServedProgram()
        let reply = try program.ask("POST", "/mask?pretty=0", ["X-Request-Id: one"], Self.question)
        #expect(reply.status == 200)
        _ = try program.ask("POST", "/mask", [], #"{"shape":[1000000],"rate":0.5,"mask_format":"packed"}"#)
        _ = try program.ask("GET", "/no/%E2%82%AC?secret=1")
        _ = try Reply(program.port, "NONSENSE\r\n\r\n")
        #expect(try program.end() == 0)
        let lines = try program.requests()
        #expect(lines.count == 4)
        let common: Set = [
            "time", "level", "message", "request_id", "method", "route", "path", "status", "bytes_in", "bytes_out",
            "duration_ms",
        ]
        #expect(Set(lines[0].keys) == common.union(["elements", "compute_ms"]))
        #expect(Set(lines[1].keys).isSuperset(of: common.union(["queue_ms", "compute_ms"])))
        #expect(Set(lines[3].keys) == common.union(["refusal"]))
        #expect(lines[0]["request_id"] as? String == "one" && lines[0]["level"] as? String == "info")
        #expect(lines[0]["method"] as? String == "POST" && lines[0]["status"] as? Int == 200)
        #expect(lines[0]["path"] as? String == "/mask" && lines[0]["route"] as? String == "/mask")
        #expect(lines[0]["bytes_in"] as? Int == Self.question.utf8.count && lines[0]["elements"] as? Int == 3)
        #expect((lines[0]["bytes_out"] as? Int ?? 0) > reply.text.utf8.count)
        #expect((lines[0]["duration_ms"] as? Double ?? -1) >= (lines[0]["compute_ms"] as? Double ?? 0))
        #expect((lines[0]["time"] as? String)?.contains(#/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/#) == true)
        #expect(lines[2]["path"] as? String == "/no/€" && lines[2]["route"] as? String == "other")
        #expect(lines[3]["status"] as? Int == 400 && lines[3]["refusal"] as? String == "malformed")
        #expect(!program.text.contains("secret"))
    }

    @Test("A request too large is logged with its path and its name")
    func aRequestTooLargeIsLoggedWithItsPathAndItsName() throws {
        let program = try ServedProgram(["--max-body-bytes", "10"])
        let reply = try program.ask("POST", "/mask", ["X-Request-Id: large"], Self.question)
        #expect(reply.status == 413 && reply.isProblem && reply["X-Request-Id"] == "large")
        #expect(try program.end() == 0)
        let line = try #require(try program.requests().first)
        #expect(line["path"] as? String == "/mask" && line["route"] as? String == "/mask")
        #expect(line["method"] as? String == "POST" && line["request_id"] as? String == "large")
        #expect(line["refusal"] as? String == "too_large" && line["status"] as? Int == 413)
    }

    @Test("Addresses are logged if that is asked for")
    func addressesAreLoggedWhereTheyAreWanted() throws {
        let program = try ServedProgram(["--log-peers"])
        _ = try program.ask("GET", "/livez")
        #expect(try program.end() == 0)
        #expect(try program.requests().first?["remote"] as? String == "127.0.0.1")
    }

    @Test("The level decides what is logged", arguments: [("warning", 0), ("info", 2), ("trace", 2)])
    func theLevelDecidesWhatIsLogged(_ level: String, _ count: Int) throws {
        // Without lines on level info the port is not told.
        let program = try ServedProgram(level == "warning" ? [] : ["--log-level", level])
        guard level != "warning" else {
            let quiet = try Program.run(["serve", "--port", "\(program.port)", "--log-level", "warning"])
            #expect(quiet.status == 1 && quiet.errors.split(separator: "\n").count == 1)
            return
        }
        _ = try program.ask("GET", "/livez")
        _ = try program.ask("GET", "/nowhere")
        #expect(try program.end() == 0)
        #expect(try program.requests().count == count)
    }

    @Test("The text format has the same content")
    func theTextFormatTellsTheSame() throws {
        let program = try ServedProgram(["--log-format", "text"])
        _ = try program.ask("GET", "/livez", ["X-Request-Id: plain-1"])
        #expect(try program.end() == 0)
        let line = try #require(program.text.split(separator: "\n").first { $0.contains("plain-1") })
        #expect(line.contains("request") && line.contains("status=200") && line.contains("path=/livez"))
    }

    @Test("A log that nobody reads stops nothing", arguments: ["json", "text"]) func aLogThatNobodyReadsStopsNothing(
        _ format: String
    ) throws {
        let program = try ServedProgram(["--log-format", format], isLogRead: false)
        // A pipe takes 64 KiB, and a line here has over 300 bytes.
        let path = "/" + String(repeating: "a", count: 250)
        for _ in 0..<300 { #expect(try program.ask("GET", path).status == 404) }
        let metrics = try program.ask("GET", "/metrics").text
        let lost = try #require(metrics.firstMatch(of: #/\ndropout_log_lines_dropped_total (\d+)\n/#)?.1)
        #expect(try #require(Int(lost)) > 0)
        program.signal(SIGTERM)
        #expect(program.exited() == 0)
        program.readLog()
    }

    // MARK: Names and traces

    @Test(
        "An id that is legal is echoed and another replaced",
        arguments: [
            ("a", true), ("A-Z.a~z_0/9+x=y:z@w", true), (String(repeating: "a", count: 128), true),
            (String(repeating: "a", count: 129), false), ("", false), ("a b", false), ("a\"b", false), ("é", false),
            ("a,b", false), ("a{b}", false),
        ])
    func anIdThatIsLegalIsEchoedAndAnotherReplaced(_ given: String, _ isEchoed: Bool) throws {
        let program = try ServedProgram()
        let reply = try program.ask("GET", "/livez", ["X-Request-Id: \(given)"])
        let answered = try #require(reply["X-Request-Id"])
        #expect((answered == given) == isEchoed)
        if !isEchoed { #expect(answered.contains(#/^[0-9a-f]{32}$/#)) }
        #expect(try program.end() == 0)
        #expect(try program.requests().first?["request_id"] as? String == answered)
    }

    @Test("Each request without an id gets one of its own")
    func eachRequestWithoutAnIdGetsOneOfItsOwn() throws {
        let program = try ServedProgram()
        let ids = try (0..<20).map { _ in try #require(try program.ask("GET", "/livez")["X-Request-Id"]) }
        #expect(Set(ids).count == 20)
    }

    @Test("A trace goes on with a span of its own")
    func aTraceGoesOnWithASpanOfItsOwn() throws {
        let program = try ServedProgram()
        let (trace, parent) = ("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")
        let reply = try program.ask("GET", "/livez", ["traceparent: 00-\(trace)-\(parent)-01"])
        let child = try #require(reply["traceparent"])
        #expect(child.hasPrefix("00-\(trace)-") && child.hasSuffix("-01") && !child.contains(parent))
        #expect(try program.ask("GET", "/livez", ["traceparent: 00-\(trace)-\(parent)"])["traceparent"] == nil)
        #expect(try program.ask("GET", "/livez")["traceparent"] == nil)
        #expect(try program.end() == 0)
        let line = try #require(try program.requests().first)
        #expect(line["trace_id"] as? String == trace)
        #expect((line["span_id"] as? String).map { child.contains("-\($0)-") } == true)
    }

    // MARK: Problems

    @Test("The server's refusals are problems")
    func theServersRefusalsAreProblems() throws {
        let program = try ServedProgram(["--memory-budget-bytes", "1000"])
        let coded = try program.ask("POST", "/mask", ["Content-Encoding: br"], Self.question)
        #expect(coded.status == 415 && coded.isProblem && coded["Accept-Encoding"] == "gzip, deflate")
        let large = try program.ask("POST", "/mask", [], "[" + String(repeating: "1,", count: 200_000) + "1]")
        #expect(large.status == 503 && large.isProblem && large["Retry-After"] == "1")
        #expect(try program.ask("POST", "/mask", ["Expect: x"], Self.question).isProblem)
        #expect(try program.end() == 0)
        #expect(try program.requests().compactMap { $0["refusal"] as? String } == ["coding", "memory", "malformed"])
    }

    @Test("The times of an answer are in it")
    func theTimesOfAnAnswerStandInIt() throws {
        let program = try ServedProgram()
        let quick = try program.ask("POST", "/mask", [], Self.question)
        #expect(quick["Server-Timing"]?.contains(#/^compute;dur=\d+\.\d{3}$/#) == true)
        let worked = try program.ask("POST", "/mask", [], #"{"shape":[1000000],"rate":0.5,"mask_format":"packed"}"#)
        #expect(worked["Server-Timing"]?.contains(#/^queue;dur=\d+\.\d{3}, compute;dur=\d+\.\d{3}$/#) == true)
    }
}
