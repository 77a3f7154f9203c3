import HTTPServer
import Synchronization
import Testing

/// Requests whose caller is checked on a worker: nothing is read until the check has ended.
@Suite(.timeLimit(.minutes(10))) struct AwaitedVerdictTests {
    private static let get = "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let refusal = HTTPResponse(status: 401, headers: [], body: .bytes([]))

    /// Has requests with a field `Check` wait at the gate; those with `Check: no` are refused then.
    private static func application(
        _ gate: Gate, _ outcomes: Outcomes = Outcomes(), checks: Counter = Counter(), of fake: TestApplication = .fake()
    ) -> TestApplication {
        outcomes.noting(fake) { request in
            guard let check = request.header("Check") else { return .now(nil) }
            return .later {
                _ = checks.next()
                gate.pass()
                return check == "no" ? refusal : nil
            }
        }
    }

    private static func post(_ path: String, check: String, _ fields: String = "") -> String {
        "POST \(path) HTTP/1.1\r\nHost: a\r\nCheck: \(check)\r\n\(fields)\r\n"
    }

    @Test("A request that is let in is answered as if nothing had happened, and those after it in their order")
    func letIn() async throws {
        let gate = Gate()
        let outcomes = Outcomes()
        let texts = try await withServer(application: Self.application(gate, outcomes)) { port in
            let client = try RawClient(port)
            try client.send(
                Self.post("/echo", check: "yes", "Content-Length: 5\r\n") + "hello"
                    + Self.post("/worker/echo", check: "yes", "Transfer-Encoding: chunked\r\n")
                    + "3\r\nfoo\r\n0\r\n\r\n"
                    + "GET /worker/chunks/2/3 HTTP/1.1\r\nHost: a\r\nCheck: yes\r\n\r\n" + Self.get)
            return try (0..<4).map { index in
                if index < 3 {
                    try gate.awaitArrival()
                    gate.open()
                }
                return try client.response().text
            }
        }
        #expect(texts == ["POST /echo -\nhello", "POST /worker/echo -\nfoo", "aaabbb", "GET /echo -\n"])
        #expect(outcomes.all.map(\.bytesIn) == [5, 3, 0, 0])
        #expect(outcomes.all.map { $0.queue != nil && $0.compute != nil } == [true, true, true, false])
    }

    /// Checks requests with a field `Check` without a gate.
    private static let checking = TestApplication { request in
        let call = TestApplication.fake().begin(request)
        let check = request?.header("Check")
        return TestExchange(
            verdict: check == nil ? .now(nil) : .later { check == "no" ? refusal : nil }, plan: call.plan)
    }

    @Test("The same however the request comes")
    func pieces() throws {
        let texts = try answers(
            to: Self.post("/echo", check: "yes", "Content-Length: 2\r\n") + "hi" + Self.post("/x", check: "no"),
            count: 2, application: Self.checking)
        #expect(texts.map { "\($0.status) \($0.text)" } == ["200 POST /echo -\nhi", "401 "])
    }

    @Test("100 Continue is sent after the verdict only", arguments: ["yes", "no"])
    func goAhead(_ check: String) throws {
        let conversation = try Conversation(Self.checking, .init(holdsWorkers: true))
        conversation.send(Self.post("/echo", check: check, "Expect: 100-continue\r\nContent-Length: 5\r\n") + "hello")
        #expect(conversation.received.isEmpty)
        conversation.receive(
            .checked(check == "no" ? Self.refusal : nil, refusal: nil, queue: .zero, compute: .zero))
        let reader = AnswerReader(conversation.received)
        #expect(try reader.response().status == (check == "yes" ? 100 : 401))
        #expect(try reader.rest().isEmpty == (check == "no"))
    }

    @Test("Nothing of a body is read until the verdict, and a refused one is never read")
    func unread() async throws {
        let gate = Gate()
        let outcomes = Outcomes()
        let (sent, held, response) = try await withServerItself(application: Self.application(gate, outcomes)) {
            server in
            let client = try RawClient(server.port)
            try client.send(Self.post("/echo", check: "no", "Content-Length: 50000000\r\nContent-Encoding: gzip\r\n"))
            try gate.awaitArrival()
            let sent = try client.sendUntilBlocked([UInt8](repeating: 0x61, count: 1 << 16), maximum: 50_000_000)
            let held = server.figures.heldBytes
            gate.open()
            return (sent, held, try client.response())
        }
        // The rest is in the buffers of the system.
        #expect(sent < 50_000_000)
        #expect(held == 0)
        #expect(response.status == 401 && response["Connection"] == "close")
        #expect(outcomes.all.map(\.bytesIn) == [0])
    }

    @Test("A refusal by the header comes after the verdict")
    func refusedByHeader() throws {
        for (fields, status) in [
            ("Content-Length: 99999999\r\n", 413), ("Expect: x\r\n", 417),
            ("Content-Encoding: x\r\nContent-Length: 70000\r\n", 415),
        ] {
            for check in ["yes", "no"] {
                let answer = try finalAnswer(
                    to: Self.post("/echo", check: check, "Connection: close\r\n" + fields), application: Self.checking)
                #expect(answer.response.status == (check == "yes" ? status : 401))
                #expect(answer.rest.isEmpty)
            }
        }
    }

    @Test("A client that leaves is forgotten at once, and its check is not begun if it still waits for a worker")
    func left() async throws {
        let (gate, outcomes, checks) = (Gate(), Outcomes(), Counter())
        let application = Self.application(gate, outcomes, checks: checks)
        let (early, late) = try await withServer(application: application) { port in
            let (first, second) = (try RawClient(port), try RawClient(port))
            try first.send("GET /echo HTTP/1.1\r\nHost: a\r\nCheck: yes\r\n\r\n")
            try gate.awaitArrival()
            try second.send("GET /echo HTTP/1.1\r\nHost: a\r\nCheck: yes\r\n\r\n")
            while outcomes.begunCount < 2 {}
            second.reset()
            first.reset()
            let early = try outcomes.next(2)
            gate.open()
            gate.open()
            let third = try RawClient(port)
            try third.send("GET /worker/echo HTTP/1.1\r\nHost: a\r\nCheck: yes\r\n\r\n")
            _ = try third.response()
            return (early, try outcomes.next())
        }
        #expect(early.map(\.status) == [nil, nil])
        #expect(late.map(\.status) == [nil, nil, 200])
        #expect(checks.count == 2)
    }

    @Test("A client that ends sending while it waits is answered, and the connection ends")
    func halfClosed() throws {
        let conversation = try Conversation(Self.checking, .init(holdsWorkers: true))
        conversation.send(Self.post("/echo", check: "yes", "Content-Length: 5\r\n") + "hello")
        conversation.endSending()
        #expect(conversation.received.isEmpty && !conversation.isEnded)
        conversation.receive(.checked(nil, refusal: nil, queue: .zero, compute: .zero))
        #expect(try AnswerReader(conversation.received).response().text == "POST /echo -\nhello")
        #expect(conversation.isEnded)
    }

    @Test("No time is set while a request waits for its verdict")
    func noTime() throws {
        let conversation = try Conversation(Self.checking, .init(holdsWorkers: true))
        conversation.send("POST /echo")
        #expect(conversation.timer == .header)
        conversation.send(" HTTP/1.1\r\nHost: a\r\nCheck: yes\r\nContent-Length: 5\r\n\r\nhello")
        #expect(conversation.timer == nil)
        conversation.receive(.timePassed(.header))
        #expect(conversation.received.isEmpty)
    }

    @Test("A stop lets the check and the answer end")
    func drain() throws {
        let conversation = try Conversation(Self.checking, .init(holdsWorkers: true))
        conversation.send(Self.post("/echo", check: "yes", "Content-Length: 5\r\n"))
        conversation.receive(.draining)
        conversation.receive(.checked(nil, refusal: nil, queue: .zero, compute: .zero))
        conversation.send("hello")
        let reader = AnswerReader(conversation.received)
        let response = try reader.response()
        #expect(response.text == "POST /echo -\nhello" && response["Connection"] == "close")
        #expect(try reader.rest().isEmpty)
        #expect(conversation.isEnded)
    }

    @Test("If the queue is full, the check is refused with 503 and the connection goes on")
    func queueIsFull() async throws {
        let gate = Gate()
        let outcomes = Outcomes()
        let statuses = try await withServer(
            application: Self.application(gate, outcomes), { $0.maximumWaitingRequests = 0 }
        ) { port in
            let (first, second) = (try RawClient(port), try RawClient(port))
            try first.send(Self.post("/echo", check: "yes"))
            try gate.awaitArrival()
            try second.send(Self.post("/echo", check: "yes", "Content-Length: 5\r\n") + "hello" + Self.get)
            let refused = try second.response()
            let next = try second.response()
            gate.open()
            return [refused.status, next.status, try first.response().status]
        }
        #expect(statuses == [503, 200, 200])
        #expect(outcomes.all.first?.refusal == .queue)
    }
}
