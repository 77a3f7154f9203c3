import HTTPServer
import Testing

/// Clients that leave, dawdle, or are too many: the server goes on answering.
@Suite(.timeLimit(.minutes(1))) struct ClientBehaviourTests {
    private static let get = "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n"

    /// Asks on new connections until one is served: a place that a client has left is free a moment later.
    ///
    /// - Returns: the last status.
    private static func askUntilServed(_ port: Int) throws -> Int {
        for _ in 0..<10_000 {
            let client = try RawClient(port)
            try client.send(get)
            if try client.response().status == 200 { return 200 }
        }
        return 503
    }

    // MARK: Leaving

    @Test(arguments: [
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nhalf",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe",
        "POST /echo HTTP/1.1\r\nHost: a\r\nX: ", "POS", "",
    ])
    func aClientThatLeavesInTheMiddleOfARequestLeavesNothingBehind(_ text: String) async throws {
        for isReset in [true, false] {
            let status = try await withServer({ $0.maximumConnections = 1 }) { port in
                do {
                    let client = try RawClient(port)
                    try client.send(text)
                    if isReset { client.abort() }
                }
                return try Self.askUntilServed(port)
            }
            #expect(status == 200)
        }
    }

    @Test func aClientThatLeavesInTheMiddleOfAnAnswerEndsItsComputation() async throws {
        for isReset in [true, false] {
            let status = try await withServer({ $0.maximumConnections = 1 }) { port in
                do {
                    let client = try RawClient(port)
                    try client.send("GET /worker/chunks/\(Int.max)/100000 HTTP/1.1\r\nHost: a\r\n\r\n")
                    _ = try client.bytes(1_000_000)
                    if isReset { client.abort() }
                }
                return try Self.askUntilServed(port)
            }
            // That the server has stopped shows that no answer without end is being made any more.
            #expect(status == 200)
        }
    }

    @Test func aClientThatLeavesWhileAWorkerComputesIsForgotten() async throws {
        let gate = Gate()
        let status = try await withServer(application: .fake(gate), { $0.maximumConnections = 1 }) { port in
            do {
                let client = try RawClient(port)
                try client.send("GET /worker/gated HTTP/1.1\r\nHost: a\r\n\r\n")
                try gate.awaitArrival()
                client.abort()
            }
            gate.open()
            return try Self.askUntilServed(port)
        }
        #expect(status == 200)
    }

    @Test(arguments: ["/echo", "/worker/echo", "/worker/chunks/3/100000"])
    func aClientThatEndsSendingIsAnsweredAndTheConnectionEnds(_ path: String) async throws {
        let (response, rest) = try await withServer { port in
            let client = try RawClient(port)
            try client.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
            client.endSending()
            return (try client.response(), try client.rest())
        }
        #expect(response.status == 200)
        #expect(rest.isEmpty)
    }

    // MARK: Dawdling

    @Test(arguments: ["", get, "GET /worker/echo HTTP/1.1\r\nHost: a\r\n\r\n", get + "\r\n"])
    func anIdleConnectionIsClosedWithoutAWord(_ text: String) async throws {
        let rest = try await withServer({ $0.idleTimeout = .milliseconds(300) }) { port in
            let client = try RawClient(port)
            try client.send(text)
            if !text.isEmpty { _ = try client.response() }
            return try client.rest()
        }
        #expect(rest.isEmpty)
    }

    @Test func aConnectionIsNotIdleWhileAWorkerComputes() async throws {
        let gate = Gate()
        let response = try await withServer(application: .fake(gate), { $0.idleTimeout = .milliseconds(100) }) { port in
            let client = try RawClient(port)
            try client.send("GET /worker/gated HTTP/1.1\r\nHost: a\r\n\r\n")
            try gate.awaitArrival()
            // The idle time passes twice, as these see.
            _ = try RawClient(port).rest()
            _ = try RawClient(port).rest()
            gate.open()
            return try client.response()
        }
        #expect(response.status == 200)
    }

    @Test(arguments: [
        "G", "GET /echo HTTP/1.1\r\nHost: a\r\n", get + "GET",
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe",
        "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
    ])
    func aRequestThatDoesNotComeToItsEndIsAnsweredWith408(_ text: String) async throws {
        let response = try await withServer({
            $0.headerDeadline = .milliseconds(100)
            $0.bodyDeadline = .milliseconds(100)
        }) { port in
            let client = try RawClient(port)
            try client.send(text)
            if text.hasPrefix(Self.get) { _ = try client.response() }
            return try client.response()
        }
        #expect(response.isFinalProblem(408))
    }

    // MARK: Too many

    @Test func aConnectionTooManyIsToldSo() async throws {
        let responses = try await withServer({ $0.maximumConnections = 1 }) { port in
            let first = try RawClient(port)
            try first.send(Self.get)
            var responses = [try first.response()]
            for _ in 0..<2 {
                let second = try RawClient(port)
                try second.send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
                responses.append(try second.response())
                _ = try second.rest()
                second.abort()
                try first.send(Self.get)
                responses.append(try first.response())
            }
            return responses
        }
        #expect(responses.map(\.status) == [200, 503, 200, 503, 200])
        #expect(responses[1].isFinalProblem(503))
        #expect(responses[1]["Retry-After"] == "1")
    }

    @Test func whatAsksWhetherTheServerLivesIsAnsweredOnAConnectionTooMany() async throws {
        let alive = HTTPResponse(status: 200, headers: [], body: .bytes([0x79]))
        let application = TestApplication { request in
            TestExchange(
                isVital: request?.path == "/alive", plan: { _, _ in .answer(alive) }, refusal: TestApplication.problem)
        }
        let responses = try await withServer(application: application, { $0.maximumConnections = 1 }) { port in
            let first = try RawClient(port)
            try first.send(Self.get)
            _ = try first.response()
            return try ["/alive", "/other"].map { path in
                let second = try RawClient(port)
                try second.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
                let response = try second.response()
                _ = try second.rest()
                return response
            }
        }
        #expect(responses.map(\.status) == [200, 503])
        #expect(responses.map { $0["Connection"] } == ["close", "close"])
    }

    @Test func aConnectionTooManyMayNotStayLong() async throws {
        let rest = try await withServer({
            $0.maximumConnections = 1
            $0.headerDeadline = .milliseconds(100)
        }) { port in
            let first = try RawClient(port)
            try first.send(Self.get)
            _ = try first.response()
            return try withExtendedLifetime(first) { try RawClient(port).rest() }
        }
        #expect(rest.isEmpty)
    }

    @Test func connectionsFarTooManyAreClosed() async throws {
        let (rest, status) = try await withServer({ $0.maximumConnections = 1 }) { port in
            let first = try RawClient(port)
            try first.send(Self.get)
            let status = try first.response().status
            let surplus = try (0..<64).map { _ in try RawClient(port) }
            let rest = try RawClient(port).rest()
            return try withExtendedLifetime(surplus) {
                try first.send(Self.get)
                return (rest, [status, try first.response().status])
            }
        }
        #expect(rest.isEmpty)
        #expect(status == [200, 200])
    }

    @Test func aRequestTooManyForTheWorkersIsToldSoAndTheConnectionStays() async throws {
        let gate = Gate()
        let responses = try await withServer(application: .fake(gate), { $0.maximumWaitingRequests = 0 }) { port in
            let (first, second) = (try RawClient(port), try RawClient(port))
            try first.send("GET /worker/gated HTTP/1.1\r\nHost: a\r\n\r\n")
            try gate.awaitArrival()
            try second.send("GET /worker/echo HTTP/1.1\r\nHost: a\r\n\r\n" + Self.get)
            var responses = [try second.response(), try second.response()]
            gate.open()
            responses.append(try first.response())
            return responses
        }
        #expect(responses.map(\.status) == [503, 200, 200])
        #expect(responses[0].problem["status"] as? Int == 503)
        #expect(responses[0].problem["instance"] as? String == "/worker/echo")
        #expect(responses[0]["Retry-After"] == "1" && responses[0]["Connection"] == nil)
    }
}
