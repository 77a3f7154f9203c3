import HTTPServer
import Testing

/// The end of each request is told once, with what became of it.
@Suite(.timeLimit(.minutes(10))) struct OutcomeTests {
    private static let get = "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n"

    /// The outcomes of all requests after `talk`, which waits for as many as it began.
    private static func outcomes(
        _ gate: Gate? = nil, _ adjust: (inout HTTPServerConfiguration) -> Void = { _ in },
        _ talk: @escaping @Sendable (Int, Outcomes) throws -> Void
    ) async throws -> [HTTPOutcome] {
        let outcomes = Outcomes()
        try await withServer(application: outcomes.noting(.fake(gate)), adjust) { try talk($0, outcomes) }
        // The server has stopped: whatever was told twice has been told.
        #expect(outcomes.all.count == outcomes.begunCount)
        return outcomes.all
    }

    @Test(
        "An answer that was taken is complete with all its bytes",
        arguments: ["/echo", "/worker/echo", "/worker/chunks/30/10000", "/empty"])
    func anAnswerThatWasTakenIsCompleteWithAllItsBytes(_ path: String) async throws {
        let received = Counter()
        let outcomes = try await Self.outcomes { port, _ in
            let client = try RawClient(port)
            try client.send("POST \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello")
            for _ in try client.rest() { _ = received.next() }
        }
        #expect(outcomes.count == 1)
        #expect(outcomes[0].status == (path == "/empty" ? 204 : 200) && outcomes[0].refusal == nil)
        #expect(outcomes[0].isComplete)
        #expect(outcomes[0].bytesIn == 5)
        #expect(outcomes[0].bytesOut == received.count)
        #expect((outcomes[0].queue == nil) == !path.hasPrefix("/worker"))
        #expect(outcomes[0].compute.map { $0 <= outcomes[0].duration } == true)
    }

    @Test(
        "A refusal is reported with its reason",
        arguments: [
            ("GET /echo HTTP/1.1\r\n\r\n", 400, HTTPRefusal.Reason.malformed), ("NONSENSE\r\n\r\n", 400, .malformed),
            ("GET /\(String(repeating: "a", count: 9000)) HTTP/1.1\r\n", 414, .tooLarge),
            ("GET / HTTP/1.1\r\nX: \(String(repeating: "a", count: 17_000))\r\n", 431, .tooLarge),
            ("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n", 413, .tooLarge),
            ("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: x\r\nContent-Length: 1\r\n\r\na", 417, .malformed),
            ("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\na", 415, .coding),
            ("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\na", 400, .coding),
            ("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", 400, .malformed),
            ("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe", 408, .tooSlow), ("GET ", 408, .tooSlow),
        ])
    func aRefusalIsToldWithItsReason(_ text: String, _ status: Int, _ reason: HTTPRefusal.Reason) throws {
        let conversation = try Conversation()
        conversation.send(text)
        if conversation.outcomes.isEmpty { conversation.passTime() }
        let outcomes = conversation.outcomes
        #expect(outcomes.map(\.status) == [status])
        #expect(outcomes.map(\.refusal) == [reason])
        #expect(outcomes[0].isComplete && outcomes[0].bytesOut == conversation.received.count)
    }

    @Test("An upload that breaks off has no status and what came of it", arguments: [true, false])
    func anUploadThatBreaksOffHasNoStatusAndWhatCameOfIt(_ isReset: Bool) throws {
        let conversation = try Conversation()
        // The first answer's bytes are not the second request's.
        conversation.send(Self.get)
        conversation.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n")
        if isReset { conversation.receive(.closed) } else { conversation.endSending() }
        let outcomes = conversation.outcomes
        #expect(outcomes.map(\.status) == [200, isReset ? nil : 400])
        #expect(outcomes[1].bytesIn == 0)
        if isReset { #expect(!outcomes[1].isComplete && outcomes[1].bytesOut == 0) }
    }

    /// The request has ended when its worker still computes; the worker's result begins no other.
    @Test("A client that leaves before its answer has no status", arguments: [nil, "gzip"])
    func aClientThatLeavesBeforeItsAnswerHasNoStatus(_ coding: String?) async throws {
        let gate = Gate()
        let field = coding.map { "Content-Encoding: \($0)\r\n" } ?? ""
        let outcomes = try await Self.outcomes(gate, { $0.workerCount = 1 }) { port, outcomes in
            let (other, client) = (try RawClient(port), try RawClient(port))
            try other.send("GET /worker/gated HTTP/1.1\r\nHost: a\r\n\r\n")
            try gate.awaitArrival()
            // Waits behind the other; with a coding, it will be refused as no gzip.
            try client.send("POST /worker/echo HTTP/1.1\r\nHost: a\r\n\(field)Content-Length: 5\r\n\r\nhello")
            try other.send(Self.get)
            client.reset()
            _ = try outcomes.next()
            gate.open()
            _ = try (other.response(), other.response())
            _ = try outcomes.next(2)
        }
        #expect(outcomes.map(\.status) == [nil, 200, 200])
        #expect(outcomes.map(\.isComplete) == [false, true, true])
    }

    @Test("Requests in one write end one after another")
    func requestsInOneWriteEndOneAfterAnother() throws {
        let conversation = try Conversation()
        let post = "POST /worker/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
        conversation.send(Self.get + post + Self.get + post + "GET / HTTP/1.1\r\n\r\n" + Self.get)
        let outcomes = conversation.outcomes
        #expect(outcomes.map(\.status) == [200, 200, 200, 200, 400])
        #expect(outcomes.map(\.bytesIn) == [0, 3, 0, 3, 0])
        #expect(outcomes.map { $0.queue != nil } == [false, true, false, true, false])
    }

    /// Empty lines behind an answer belong to no request; refused, they are a request of their own.
    @Test("What is refused before it begins has nothing of the request before")
    func whatIsRefusedBeforeItBeginsHasNothingOfTheRequestBefore() throws {
        let conversation = try Conversation()
        conversation.send("HEAD /worker/echo HTTP/1.1\r\nHost: a\r\n\r\n" + String(repeating: "\r\n", count: 20_000))
        let reader = AnswerReader(conversation.received)
        _ = try reader.head()
        let response = try reader.response()
        #expect(response.isFinalProblem(431))
        #expect(response.problem["instance"] == nil && response["Server-Timing"] == nil)
        #expect(conversation.outcomes.map(\.status) == [200, 431])
        #expect(conversation.outcomes[1].queue == nil)
    }
}
