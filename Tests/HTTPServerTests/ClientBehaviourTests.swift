import HTTPServer
import Testing

/// Clients that leave, dawdle, or are too many: the server goes on answering.
@Suite(.timeLimit(.minutes(10))) struct ClientBehaviourTests {
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

    @Test(
        "A client that leaves in the middle of a request leaves nothing behind",
        arguments: [
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

    // MARK: Dawdling

    @Test(
        "An idle connection is closed without an answer",
        arguments: ["", get, "GET /worker/echo HTTP/1.1\r\nHost: a\r\n\r\n", get + "\r\n"])
    func anIdleConnectionIsClosedWithoutAWord(_ text: String) async throws {
        let rest = try await withServer({ $0.idleTimeout = .milliseconds(300) }) { port -> [UInt8]? in
            // On a slow machine the idle time may pass before the request. Then another client asks.
            for _ in 0..<100 {
                let client = try RawClient(port)
                do throws(RawClient.Failure) {
                    try client.send(text)
                    if !text.isEmpty { _ = try client.response() }
                } catch {
                    switch error {
                    case .endedEarly, .wasReset, .cannotSend: continue
                    default: throw error
                    }
                }
                return try client.rest()
            }
            return nil
        }
        #expect(rest == [])
    }

    // MARK: Too many

    @Test("A connection over the bound gets a refusal")
    func aConnectionTooManyIsToldSo() async throws {
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

    @Test("Connections far too many are closed")
    func connectionsFarTooManyAreClosed() async throws {
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

    @Test("A request too many for the workers is refused, and the connection stays")
    func aRequestTooManyForTheWorkersIsToldSoAndTheConnectionStays() async throws {
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
