import DropoutService
import Foundation
import Stopping
import Synchronization
import TensorJSON
import Testing

/// A flag of which each question is counted. The last one that is waited for sets it.
private final class CountedQuestions: Sendable {
    private struct State {
        var flag: StopFlag?
        var count = 0
    }

    private let state = Mutex(State())
    private let last: Int

    init(last: Int = .max) { self.last = last }

    var count: Int { state.withLock { $0.count } }

    /// Runs `work` under the flag.
    func ask<Result>(_ work: (StopFlag) throws -> Result) rethrows -> Result {
        let flag = StopFlag { [self] in note() }
        state.withLock { $0.flag = flag }
        // The flag holds this object, which holds the flag.
        defer { state.withLock { $0.flag = nil } }
        flag.askToLetOthersRun()
        return try work(flag)
    }

    /// A part of the text that is handed over is as good as a question: others run before the next one.
    func note() {
        let (flag, count) = state.withLock { state in
            state.count += 1
            return (state.flag, state.count)
        }
        if count == last { flag?.set() }
        flag?.askToLetOthersRun()
    }
}

/// What a plan that was run has given.
private enum Outcome: Equatable {
    case whole
    /// The problem of the deadline in place of an answer.
    case refused
    /// Lines whose last one is that problem.
    case cut
    case other(String)

    init(_ reply: ServiceReply, _ questions: CountedQuestions? = nil) throws {
        switch reply.body {
        case .bytes(let bytes):
            let type = try Self.type(bytes)
            self =
                reply.status == 200
                ? .whole
                : reply.status == 503 && type == Self.deadline ? .refused : .other("\(reply.status) \(type ?? "")")
        case .parts(let next):
            while next() != nil { questions?.note() }
            self = .whole
        case .chunks(let next):
            var lines: [ArraySlice<UInt8>] = []
            var isCut = false
            while let chunk = next() {
                if isCut { self = .other("a chunk follows the cut one") }
                lines += chunk.bytes.split(separator: 0x0A)
                isCut = chunk.isCut
            }
            let problem = try Self.member("problem", of: Array(lines.last ?? []))
            let type = (problem as? [String: Any])?["type"] as? String
            self =
                isCut && type == Self.deadline
                ? .cut : isCut || type != nil ? .other("cut without its problem") : .whole
        }
    }

    private static let deadline = "urn:dropout-service:problem:deadline"

    private static func type(_ bytes: [UInt8]) throws -> String? { try member("type", of: bytes) as? String }

    private static func member(_ name: String, of bytes: [UInt8]) throws -> Any? {
        (try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])?[name]
    }
}

/// A plan stops where its flag says so, and asks often enough.
@Suite struct StopTests {
    private static func work(_ question: PlannedQuestion, concurrency: Concurrency = .serial) throws -> ServiceWork {
        switch plan(question.target, question.body, concurrency: concurrency) {
        case .work(let work): return work
        case .reply(let reply):
            Issue.record("\(Reply(reply).text)")
            throw Stopped()
        }
    }

    @Test("A plan whose flag is set beforehand answers that the deadline passed", arguments: small + large)
    func setBefore(_ question: PlannedQuestion) throws {
        let flag = StopFlag()
        flag.set()
        let reply = try Self.work(question).run(flag)
        #expect(try Outcome(reply) == .refused)
        #expect(reply.headers.contains { $0 == ("Content-Type", "application/problem+json") })
    }

    @Test("A small plan whose flag nobody sets answers", arguments: small)
    func neverSet(_ question: PlannedQuestion) throws {
        #expect(try Outcome(try Self.work(question).run(.never)) == .whole)
        #expect(try Outcome(try Self.work(question).run(StopFlag())) == .whole)
    }

    /// The questions are counted until there are as many as its price demands; the flag is then set, which spares the rest.
    @Test("A dear plan asks at least once for each 3 ms of its price, and stops where it is told", arguments: large)
    func asksOften(_ question: PlannedQuestion) throws {
        let work = try Self.work(question)
        try #require(work.price.nanoseconds >= 60_000_000, "\(work.price)")
        let expected = work.price.nanoseconds / 3_000_000
        let questions = CountedQuestions(last: expected)
        let outcome = try questions.ask { flag in try Outcome(work.run(flag), questions) }
        #expect(questions.count == expected)
        switch outcome {
        case .refused: break
        case .cut: break
        // Its numbers are computed; the flag of the parts that print them belongs to the connection.
        case .whole: #expect(question.name.contains("printed in parts"))
        case .other(let text): Issue.record("\(text)")
        }
    }

    @Test("A plan that is told to stop at any of its first questions stops there", arguments: large, [1, 2, 3, 10])
    func stopsAt(_ question: PlannedQuestion, _ last: Int) throws {
        let work = try Self.work(question)
        let questions = CountedQuestions(last: last)
        let outcome = try questions.ask { flag in try Outcome(work.run(flag), questions) }
        #expect(questions.count == last || question.name.contains("printed in parts"))
        switch outcome {
        case .refused, .cut: break
        case .whole: #expect(question.name.contains("printed in parts"))
        case .other(let text): Issue.record("\(text)")
        }
    }

    @Test("Lines that are already there stay, and the chunk after the flag is set is the last", arguments: lines)
    func cutLines(_ question: PlannedQuestion) throws {
        let flag = StopFlag()
        guard case .chunks(let next) = try Self.work(question).run(flag).body else {
            Issue.record("no lines")
            return
        }
        let first = try #require(next())
        #expect(!first.isCut && first.bytes.last == 0x0A)
        flag.set()
        let last = try #require(next())
        #expect(last.isCut)
        let members = try #require(try JSONSerialization.jsonObject(with: Data(last.bytes)) as? [String: Any])
        #expect(Array(members.keys) == ["problem"])
        let problem = try #require(members["problem"] as? [String: Any])
        #expect(problem["type"] as? String == "urn:dropout-service:problem:deadline")
        #expect(problem["status"] as? Int == 503)
        #expect(next() == nil)
    }

    @Test("Passes on several threads stop as on one", arguments: small.filter { $0.name.contains("samples") } + lines)
    func onThreads(_ question: PlannedQuestion) throws {
        let work = try Self.work(question, concurrency: .four)
        let flag = StopFlag()
        flag.set()
        #expect(try Outcome(work.run(flag)) == .refused)
        let questions = CountedQuestions(last: 20)
        let outcome = try questions.ask { flag in try Outcome(work.run(flag), questions) }
        if questions.count >= 20 { #expect(outcome != .whole) } else { #expect(outcome == .whole) }
    }

    // MARK: Reading

    @Test("A body that is read under a set flag is answered with the deadline", arguments: bodies)
    func reading(_ question: PlannedQuestion) throws {
        let flag = StopFlag()
        flag.set()
        for concurrency in [Concurrency.serial, .four] {
            guard
                case .reply(let reply) = plan(question.target, question.body, concurrency: concurrency, stop: flag)
            else {
                Issue.record("a plan")
                continue
            }
            #expect(try Outcome(reply) == .refused)
        }
    }

    @Test("A body that takes long to read asks while it is read, and stops there", arguments: bodies)
    func stopsReading(_ question: PlannedQuestion) throws {
        let service = DropoutAPI()
        let priced = service.readingPrice(bodyBytes: question.body.utf8.count).nanoseconds
        let all = CountedQuestions()
        let read = all.ask { flag in plan(question.target, question.body, stop: flag) }
        guard case .work = read else {
            if case .reply(let reply) = read { Issue.record("\(Reply(reply).text)") }
            return
        }
        #expect(all.count >= 2 && all.count >= priced / 3_000_000)
        for last in [1, 2, all.count] {
            let questions = CountedQuestions(last: last)
            let planned = questions.ask { flag in plan(question.target, question.body, stop: flag) }
            guard case .reply(let reply) = planned else {
                Issue.record("a plan despite the flag, at question \(last) of \(all.count)")
                continue
            }
            #expect(try Outcome(reply) == .refused)
            #expect(questions.count == last)
        }
    }

    @Test("Layers are checked one by one, and a flag that is set meanwhile is seen before the next one")
    func checkingLayers() {
        let count = 4000
        let layers = "\"layers\":[\(Self.list(#"{"weights":[[1]],"rate":0.5}"#, count))]"
        func questions(_ target: String, _ body: String) -> Int {
            let questions = CountedQuestions()
            _ = questions.ask { flag in plan(target, body, stop: flag) }
            return questions.count
        }
        // A mask has no layers, so they are read as text and refused.
        let read = questions("/mask", "{\(layers)}")
        #expect(questions("/forward", "{\"input\":[[1]],\(layers)}") >= read + count / 100)
    }
}

extension Concurrency {
    /// Four parts, on any threads.
    static let four = Concurrency(
        width: { 4 }, run: { count, part in DispatchQueue.concurrentPerform(iterations: count) { part($0) } })
}
