import DropoutService
import Foundation
import Stopping
import TensorJSON
import Testing

/// A body of lines: a question on each, and an answer or a problem on each line of the answer.
@Suite struct LinesTests {
    private static let type = "application/x-ndjson"

    private static func ask(
        _ path: String, _ lines: [String], end: String = "\n", accept: String? = nil,
        limits: ServiceLimits = ServiceLimits(), concurrency: Concurrency = .serial
    ) -> Reply {
        DropoutServiceTests.ask(
            path, lines.joined(separator: end), contentType: type, accept: accept, limits: limits,
            concurrency: concurrency)
    }

    private static func lines(_ reply: Reply) -> [String] {
        #expect(reply.status == 200)
        #expect(reply.headers["Content-Type"] == type)
        #expect(reply.text.hasSuffix("\n"))
        return reply.text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }

    @Test("Each line has the answer of its question, byte for byte, and a wrong one its problem")
    func linesAreAnswers() {
        let questions = [
            (
                "/mask",
                [
                    #"{"shape":[3],"rate":0.5,"seed":7}"#, #"{"shape":[2,2],"rate":2,"seed":7}"#, #"{"shape":[3]"#,
                    "[1,2]", #"{"shape":[2],"rate":0.5,"seed":7,"generator":"numpy","include":["mask"]}"#,
                    #"{"shape":[2],"rate":0.5,"sede":7}"#,
                ]
            ),
            (
                "/forward",
                [
                    #"{"input":[1,2,3],"rate":0.5,"seed":1}"#, #"{"input":[1,2,3],"rate":0.5,"seed":2,"samples":5}"#,
                    #"{"input":[[1],[2]],"seed":1,"layers":[{"weights":[[1,2]],"rate":0.5}]}"#, "{}",
                    #"{"input":{"shape":[2],"dtype":"float32","base64":"AACAPwAAAEA="},"rate":0.5,"seed":3}"#,
                ]
            ),
            (
                "/verify",
                [
                    #"{"input":[1,2,3,4],"output":[2,0,6,0],"rate":0.5}"#,
                    #"{"input":[1,2,3,4],"output":[1,0,3,0],"rate":0.5}"#, #"{"input":[1,2],"output":[1],"rate":0.5}"#,
                ]
            ),
        ]
        for (path, texts) in questions {
            let lines = Self.lines(Self.ask(path, texts))
            #expect(lines.count == texts.count)
            for (line, text) in zip(lines, texts) {
                let alone = DropoutServiceTests.ask(path, text)
                #expect(line + "\n" == alone.text, "\(path) \(text)")
                #expect((alone.status == 200) == !line.contains("urn:dropout-service:problem:"))
            }
        }
    }

    @Test("Lines end with LF or CR LF, the last one with or without, and blank lines say nothing")
    func ends() {
        let question = #"{"shape":[3],"rate":0.5,"seed":7,"include":["mask"]}"#
        let answer = "{\"mask\":[0,0,1]}\n"
        for body in [
            question, question + "\n", question + "\r\n", "\n \t\r\n" + question + "\n\n", "\u{FEFF}" + question + "\n",
        ] {
            let reply = DropoutServiceTests.ask("/mask", body, contentType: Self.type)
            #expect(reply.text == answer, "\(body.debugDescription)")
        }
        let two = DropoutServiceTests.ask("/mask", question + "\r\n\r\n" + question, contentType: Self.type)
        #expect(two.text == answer + answer)
    }

    @Test("A body without a question is refused, and so are more than 10,000 lines")
    func counts() {
        for body in [" ", "\n", "\r\n\r\n"] {
            let reply = DropoutServiceTests.ask("/mask", body, contentType: Self.type)
            #expect(reply.status == 422)
            #expect(reply.pointers == [""])
        }
        #expect(Self.lines(Self.ask("/mask", .init(repeating: "{}", count: 10_000))).count == 10_000)
        let reply = Self.ask("/mask", .init(repeating: "{}", count: 10_001))
        #expect(reply.status == 422)
        #expect(reply.text.contains("at most 10000 lines expected"))
    }

    @Test("The lines are together within the bounds of one request, and a line beyond is refused in its place")
    func bounds() {
        let small = #"{"shape":[3],"rate":0.5,"seed":7,"include":["mask"]}"#
        var limits = ServiceLimits()
        limits.maximumNanoseconds = 1_000_000
        let many = Self.lines(Self.ask("/mask", .init(repeating: small, count: 300), limits: limits))
        let answered = many.prefix { $0 == "{\"mask\":[0,0,1]}" }.count
        #expect((10...200).contains(answered))
        for line in many[answered...] {
            #expect(line.contains("\"type\":\"urn:dropout-service:problem:too-expensive\""))
            #expect(line.contains("the lines before it"))
        }
    }

    @Test("The price has the time of all lines, and what waits of their questions")
    func price() throws {
        let text = #"{"shape":[1000],"rate":0.5,"seed":7}"#
        let bodies = [1, 40].map { [String](repeating: text, count: $0).joined(separator: "\n") }
        let prices = try bodies.map { body in
            let bytes = Array(body.utf8)
            let plan = bytes.withUnsafeBufferPointer { bytes in
                DropoutAPI().plan(
                    ServiceRequest(method: "POST", path: "/mask", query: nil, contentType: Self.type, body: bytes),
                    stop: .never)
            }
            guard case .work(let work) = plan else { throw CancellationError() }
            let reply = work.run(.never)
            #expect(reply.heldBytes == work.price.heldBytes)
            return work.price
        }
        #expect(prices[1].nanoseconds == 40 * prices[0].nanoseconds)
        #expect(prices[1].printedBytes == 40 * prices[0].printedBytes)
        #expect(prices[1].heldBytes > prices[0].heldBytes + 39 * text.utf8.count)
    }

    @Test("The limits of one request hold for each line, and not for the elements of all")
    func limitsOfALine() {
        let text = #"{"shape":[600],"rate":0.5,"seed":7,"include":["statistics"]}"#
        var limits = ServiceLimits()
        limits.maximumElements = 700
        let lines = Self.lines(
            Self.ask("/mask", [text, text.replacingOccurrences(of: "600", with: "701"), text], limits: limits))
        #expect(lines[0].hasPrefix("{\"shape\":[600],") && lines[2] == lines[0])
        #expect(lines[1].contains("\"pointer\":\"/shape\""), "\(lines[1])")
    }

    @Test("Wrong lines hold their texts, and not their problems")
    func wrongLines() throws {
        let wrong = "{" + (0..<20).map { "\"unknown\($0)\":1" }.joined(separator: ",") + "}"
        let body = Array([String](repeating: wrong, count: 50).joined(separator: "\n").utf8)
        let plan = body.withUnsafeBufferPointer { bytes in
            DropoutAPI().plan(
                ServiceRequest(method: "POST", path: "/mask", query: nil, contentType: Self.type, body: bytes),
                stop: .never)
        }
        guard case .work(let work) = plan else {
            Issue.record("work expected")
            return
        }
        #expect(work.price.heldBytes < 50 * 5000)
        #expect(Self.lines(Reply(work.run(.never))).count == 50)
    }

    @Test("Wrong lines are paid, and those after the time of one request are not read")
    func wrongLinesArePaid() {
        var limits = ServiceLimits()
        limits.maximumNanoseconds = 10_000_000
        let wrong = "{" + (0..<20).map { "\"unknown\($0)\":1" }.joined(separator: ",") + "}"
        let lines = Self.lines(Self.ask("/mask", [String](repeating: wrong, count: 40), limits: limits))
        let read = lines.prefix { $0.contains("\"pointer\":\"/unknown0\"") }.count
        #expect((2...10).contains(read))
        for line in lines[read...] {
            #expect(line.contains("\"type\":\"urn:dropout-service:problem:too-expensive\""))
            #expect(line.contains("the lines before it take the computing time of one request"))
        }
    }

    @Test("Threads do not change the lines or their order")
    func threads() {
        let questions = (0..<500).map { #"{"shape":[\#($0 % 50)],"rate":0.5,"seed":\#($0)}"# }
        let parallel = Concurrency(
            width: { 3 },
            run: { count, part in DispatchQueue.concurrentPerform(iterations: count, execute: part) })
        let answers = Self.ask("/mask", questions, concurrency: parallel)
        #expect(answers.text == Self.ask("/mask", questions).text)
        #expect(Self.lines(answers).count == 500)
    }

    @Test("Passes as lines are refused within a line")
    func nested() {
        let line = #"{"input":[1],"rate":0.5,"seed":1,"samples":2,"samples_format":"ndjson"}"#
        let lines = Self.lines(Self.ask("/forward", [line, #"{"input":[1],"rate":0,"seed":1,"include":["output"]}"#]))
        #expect(Reply.members(of: lines[0]).first { $0.name == "status" }?.text == "422")
        #expect(lines[0].contains("\"pointer\":\"/samples_format\""))
        #expect(lines[1] == "{\"output\":[1]}")
    }

    @Test("Accept may name lines or JSON; a query parameter and a route without lines are refused")
    func header() {
        let question = #"{"shape":[3],"rate":0.5,"seed":7}"#
        for accept in ["*/*", Self.type, "application/json", "application/*"] {
            #expect(Self.ask("/mask", [question], accept: accept).status == 200)
        }
        #expect(Self.ask("/mask", [question], accept: "text/csv").status == 406)
        #expect(Self.ask("/mask?rate=0.5", [question]).pointers == ["/rate"])
        #expect(Self.ask("/mask?pretty=7", [question]).pointers == ["/pretty"])
        #expect(Self.ask("/mask?pretty=1", [question]).text == Self.ask("/mask", [question]).text)
        #expect(Self.ask("/train-step", ["{}"]).status == 415)
    }

    @Test("A stop ends the lines with a problem, and the answer is cut")
    func stopped() throws {
        let stop = StopFlag()
        let body = Array(
            [String](repeating: #"{"shape":[3],"rate":0.5,"seed":7}"#, count: 600).joined(separator: "\n").utf8)
        let plan = body.withUnsafeBufferPointer { bytes in
            DropoutAPI().plan(
                ServiceRequest(method: "POST", path: "/mask", query: nil, contentType: Self.type, body: bytes),
                stop: stop)
        }
        guard case .work(let work) = plan, case .chunks(let next) = work.run(stop).body else {
            Issue.record("lines expected")
            return
        }
        let first = try #require(next())
        #expect(!first.isCut && first.bytes.count { $0 == 0x0A } == 256)
        stop.set()
        let last = try #require(next())
        #expect(last.isCut)
        #expect(
            String(decoding: last.bytes, as: UTF8.self).hasPrefix(
                "{\"problem\":{\"type\":\"urn:dropout-service:problem:deadline\""))
        #expect(next() == nil)
    }
}
