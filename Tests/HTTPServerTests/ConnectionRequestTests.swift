import HTTPServer
import Testing

/// Requests from their first byte to the last of their answer, step by step.
@Suite struct ConnectionRequestTests {
    private static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    private static let post = "POST / HTTP/1.1\r\nHost: a\r\n"

    /// What is done with a request of which nothing is refused.
    private static func kept(_ begin: String, _ answer: String, _ status: String = "200") -> [String] {
        [
            "start", "header 10000.0 ms", begin, "body 30000.0 ms", "no timer", answer, "head \(status)", "finish",
            "end \(status) -", "idle 75000.0 ms",
        ]
    }

    private static func last(_ steps: [String]) -> [String] {
        steps.dropLast().map { $0.hasPrefix("head ") ? $0 + ", last" : $0 } + ["close output", "farewell 1000.0 ms"]
    }

    private static func refused(_ status: Int, _ reason: String, after steps: [String]) -> [String] {
        steps + [
            "refuse \(status) \(reason)", "head \(status), last", "finish", "end \(status) \(reason)", "close output",
            "farewell 1000.0 ms",
        ]
    }

    /// The steps of `text`, the same in whatever pieces it comes; `more` follows it.
    private static func expect(
        _ text: String, more: String = "", _ steps: [String], isSurplus: Bool = false,
        _ adjust: (inout HTTPServerConfiguration) -> Void = { _ in }
    ) throws {
        for (size, more) in [(Int.max, ""), (1, ""), (Int.max, more), (1, more), (7, more)] {
            let conversation = try Conversation(isSurplus: isSurplus, .init(pieceSize: size), adjust)
            _ = conversation.takeSteps()
            conversation.send(text + more)
            // A body that comes in pieces takes memory.
            #expect(
                conversation.takeSteps().filter { !$0.hasPrefix("take ") } == steps,
                "in pieces of \(size), followed by \(more)")
        }
    }

    // MARK: One request and the next

    @Test("Each request ends before the next one begins")
    func pipelining() throws {
        try Self.expect(
            Self.get + Self.post + "Content-Length: 2\r\n\r\nhi" + Self.post
                + "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nA: b\r\n\r\n", more: "\r\n",
            Self.kept("begin GET /", "answer ") + Self.kept("begin POST /", "answer hi")
                + Self.kept("begin POST /", "answer x"))
    }

    @Test(
        "After the last request nothing is read",
        arguments: [
            "GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n",
        ])
    func last(_ request: String) throws {
        try Self.expect(request, more: Self.get, Self.last(Self.kept("begin GET /", "answer ")))
    }

    @Test("What a client sends ahead is read when the request before it is answered")
    func sentAhead() throws {
        let get = "GET /worker HTTP/1.1\r\nHost: a\r\n\r\n"
        let conversation = try Conversation(.fake(), .init(pieceSize: get.utf8.count, holdsWorkers: true))
        conversation.send(get + get)
        #expect(conversation.unreadCount == get.utf8.count)
        conversation.receive(.answered(RequestAnswer(HTTPResponse(status: 204, headers: [], body: .bytes([])))))
        #expect(conversation.unreadCount == 0)
        #expect(conversation.takeSteps().last == "answer ")
    }

    @Test("A connection has so many requests")
    func requestCount() throws {
        let one = Self.kept("begin GET /", "answer ")
        try Self.expect(Self.get + Self.get, more: Self.get, one + Self.last(one)) {
            $0.maximumRequestsPerConnection = 2
        }
    }

    @Test("On a drain, the request in work is the last")
    func drain() throws {
        let conversation = try Conversation()
        conversation.send("GET / HT")
        _ = conversation.takeSteps()
        conversation.receive(.draining)
        #expect(conversation.takeSteps() == [])
        conversation.send("TP/1.1\r\nHost: a\r\n\r\n" + Self.get)
        #expect(conversation.takeSteps() == Self.last(Array(Self.kept("begin GET /", "answer ").dropFirst(2))))
    }

    @Test("A drain while an answer is on its way ends the connection after it")
    func drainWhileWriting() throws {
        let conversation = try ConnectionPlace.writing.reached()
        conversation.receive(.draining)
        conversation.receive(.noMoreParts(count: 0))
        #expect(
            conversation.takeSteps() == [
                "write 0\\r\\n\\r\\n", "finish", "end 200 -", "close output", "farewell 1000.0 ms",
            ])
    }

    @Test("OPTIONS of the server as a whole goes to the application like any other request")
    func asterisk() throws {
        try Self.expect(
            "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", more: "\r\n", Self.kept("begin OPTIONS *", "answer ", "200"))
    }

    // MARK: Expectations

    @Test("The go-ahead is written when the body may come")
    func expectation() throws {
        try Self.expect(
            Self.post + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\nhi", more: "\r\n",
            [
                "start", "header 10000.0 ms", "begin POST /", "write HTTP/1.1 100 Continue\\r\\n\\r\\n", "flush",
                "body 30000.0 ms", "no timer", "answer hi", "head 200", "finish", "end 200 -", "idle 75000.0 ms",
            ])
    }

    // MARK: Refusals

    private static let header = ["start", "header 10000.0 ms"]

    @Test(
        "What is refused in the request line or the fields begins no exchange",
        arguments: [
            ("GET /01234567890 HTTP/1.1\r\n", 414, "tooLarge"),
            ("GET / HTTP/1.1\r\nX: 01234567890123456789\r\n", 431, "tooLarge"),
            ("GET / HTTP/2.0\r\n\r\n", 505, "malformed"), ("BREW / HTTP/1.1\r\n\r\n", 501, "malformed"),
            ("GET / HTTP/1.1\r\n\r\n", 400, "malformed"), ("GET a HTTP/1.1\r\nHost: a\r\n\r\n", 400, "malformed"),
            ("GET / HTTP/1.1\r\nA:\r\nB:\r\nC:\r\n\r\n", 431, "tooLarge"),
            ("CONNECT a:1 HTTP/1.1\r\n\r\n", 400, "malformed"),
        ])
    func refusedHeader(_ text: String, _ status: Int, _ reason: String) throws {
        try Self.expect(text, more: Self.get, Self.refused(status, reason, after: Self.header)) {
            $0.maximumTargetBytes = 10
            $0.maximumHeaderBytes = 20
            $0.maximumHeaderCount = 2
        }
    }

    @Test(
        "What the fields refuse is refused after the exchange has begun, and before the body",
        arguments: [
            ("Expect: x\r\nContent-Length: 2\r\n\r\n", 417, "malformed"),
            ("Content-Length: 11\r\n\r\n", 413, "tooLarge"),
            ("Content-Encoding: x\r\nContent-Length: 2\r\n\r\n", 415, "coding"),
        ])
    func refusedBody(_ rest: String, _ status: Int, _ reason: String) throws {
        try Self.expect(
            Self.post + rest, more: "hello" + Self.get,
            Self.refused(status, reason, after: Self.header + ["begin POST /"])
        ) { $0.maximumBodyBytes = 10 }
    }

    @Test(
        "A body that breaks a rule while it comes is refused",
        arguments: [
            ("5\r\nhello\r\n6\r\nworld!\r\n", 413, "tooLarge"), ("B\r\n", 413, "tooLarge"), ("x\r\n", 400, "malformed"),
        ])
    func refusedChunk(_ chunks: String, _ status: Int, _ reason: String) throws {
        try Self.expect(
            Self.post + "Transfer-Encoding: chunked\r\n\r\n" + chunks, more: Self.get,
            Self.refused(status, reason, after: Self.header + ["begin POST /", "body 30000.0 ms"])
        ) { $0.maximumBodyBytes = 10 }
    }

    @Test("One connection too many is refused unless the request is vital", arguments: [true, false])
    func surplus(_ isVital: Bool) throws {
        let application = TestApplication { request in
            TestExchange(isVital: isVital, plan: TestApplication.fake().begin(request).plan)
        }
        let conversation = try Conversation(application, isSurplus: true)
        #expect(conversation.takeSteps() == ["idle 10000.0 ms"])
        conversation.receive(.handshakeCompleted)
        conversation.send(Self.get + Self.get)
        let steps =
            isVital
            ? Self.last(Self.kept("begin GET /", "answer "))
            : Self.refused(503, "connections", after: Self.header + ["begin GET /"])
        #expect(conversation.takeSteps() == steps)
    }

    @Test("A connection with TLS has the header's time for the handshake, and the idle time after it")
    func handshake() throws {
        let conversation = try Conversation()
        #expect(conversation.takeSteps() == ["idle 75000.0 ms"])
        conversation.receive(.handshakeCompleted)
        #expect(conversation.takeSteps() == ["idle 75000.0 ms"])
        conversation.send("G")
        _ = conversation.takeSteps()
        conversation.receive(.handshakeCompleted)
        #expect(conversation.takeSteps() == [])
    }

    // MARK: Bodies

    @Test("The time for a body grows with its bytes")
    func bodyTime() throws {
        let conversation = try Conversation { $0.minimumBytesPerSecond = 10 }
        conversation.send(Self.post + "Content-Length: 100\r\n\r\n" + String(repeating: "a", count: 25))
        _ = conversation.takeSteps()
        conversation.passTime()
        #expect(conversation.takeSteps() == ["body 2000.0 ms"])
        conversation.send(String(repeating: "a", count: 4))
        conversation.passTime()
        #expect(conversation.takeSteps() == Self.refused(408, "tooSlow", after: []))
        #expect(conversation.outcomes.map(\.bytesIn) == [29])
    }

    @Test("A body takes memory when it grows, and none for what was promised")
    func bodyMemory() throws {
        let conversation = try Conversation()
        conversation.send(Self.post + "Content-Length: 1000000\r\n\r\n")
        _ = conversation.takeSteps()
        conversation.send(String(repeating: "a", count: 10_000))
        #expect(conversation.takeSteps() == ["take 65536"])
        conversation.send(String(repeating: "a", count: 55_536))
        #expect(conversation.takeSteps() == [])
        conversation.conduct.hasMemory = false
        conversation.send("a")
        #expect(conversation.takeSteps() == Self.refused(503, "memory", after: ["take 196612"]))
    }

    @Test(
        "A whole short body takes no memory, and a long one its own length",
        arguments: [
            (8192, "", []), (8193, "", ["take 8193"]), (100, "Content-Encoding: gzip\r\n", ["take 100"]),
        ])
    func wholeBody(_ count: Int, _ fields: String, _ steps: [String]) throws {
        let conversation = try Conversation(.fake(), .init(holdsWorkers: true))
        conversation.send(
            Self.post + fields + "Content-Length: \(count)\r\n\r\n" + String(repeating: "a", count: count))
        #expect(conversation.takeSteps().filter { $0.hasPrefix("take") } == steps)
    }
}
