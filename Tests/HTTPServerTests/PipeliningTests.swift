import HTTPServer
import Testing

/// Requests that are sent before the answers to earlier ones have come.
@Suite struct PipeliningTests {
    private static func get(_ target: String) -> String { "GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n" }

    @Test func tenRequestsInOneWriteAreAnsweredInOrder() async throws {
        let targets = (0..<10).map { ($0 % 3 == 0 ? "/worker/echo" : "/echo") + "?\($0)" }
        let responses = try await answers(to: targets.map(Self.get).joined(), count: 10) {
            $0.workerCount = 4
        }
        #expect(responses.map(\.text) == targets.map { "GET \($0.replacing("?", with: " "))\n" })
    }

    @Test func quickAnswersWaitForTheSlowOneBeforeThem() async throws {
        let gate = Gate()
        let responses = try await withServer(application: .fake(gate)) { port in
            let (first, second) = (try RawClient(port), try RawClient(port))
            try first.send(Self.get("/worker/gated") + Self.get("/echo?1") + Self.get("/worker/echo?2"))
            try gate.awaitArrival()
            // Meanwhile others are answered.
            try second.send(Self.get("/echo?other"))
            var responses = [try second.response()]
            gate.open()
            for _ in 0..<3 { responses.append(try first.response()) }
            return responses
        }
        #expect(
            responses.map(\.text) == [
                "GET /echo other\n", "GET /worker/gated -\n", "GET /echo 1\n", "GET /worker/echo 2\n",
            ])
    }

    @Test func bodiesAndRequestsThatFollowThemAreToldApart() async throws {
        var (text, expected) = ("", [String]())
        for index in 0..<20 {
            let path = index % 2 == 0 ? "/echo" : "/worker/echo"
            let body = String(repeating: "GET /echo HTTP/1.1\r\n\r\n0\r\n\r\n", count: index)
            let head = "POST \(path) HTTP/1.1\r\nHost: a\r\n"
            if index % 3 == 0, index > 0 {
                let size = String(body.utf8.count, radix: 16)
                text += head + "Transfer-Encoding: chunked\r\n\r\n\(size)\r\n\(body)\r\n0\r\n\r\n"
            } else {
                text += head + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
            }
            expected.append("POST \(path) -\n" + body)
        }
        #expect(try await answers(to: text, count: 20).map(\.text) == expected)
    }

    /// Each answer starts the next request, however many there are, without one call inside the other.
    @Test func thousandsOfShortRequestsBehindASlowOneAreAnswered() async throws {
        let gate = Gate()
        let statuses = try await withServer(application: .fake(gate)) { port in
            let client = try RawClient(port)
            try client.send(Self.get("/worker/gated") + String(repeating: Self.get("/empty"), count: 3000))
            try gate.awaitArrival()
            gate.open()
            return try (0...3000).map { _ in try client.response().status }
        }
        #expect(statuses == [200] + Array(repeating: 204, count: 3000))
    }

    @Test(arguments: ["/echo", "/worker/echo"])
    func theFaultOfALaterRequestIsAnsweredInItsTurn(_ path: String) async throws {
        let (responses, rest) = try await withServer { port in
            let client = try RawClient(port)
            try client.send(Self.get(path) + Self.get(path) + "GET / HTTP/1.1\r\nHost : a\r\n\r\n" + Self.get(path))
            return (try (0..<3).map { _ in try client.response() }, try client.rest())
        }
        #expect(responses.map(\.status) == [200, 200, 400])
        #expect(responses[1]["Connection"] == nil)
        #expect(responses[2].isFinalProblem(400))
        #expect(rest.isEmpty)
    }

    @Test func theEndOfSendingIsSeenAfterWhatWasSent() async throws {
        let gate = Gate()
        let (texts, rest) = try await withServer(application: .fake(gate)) { port in
            let client = try RawClient(port)
            try client.send(Self.get("/worker/gated") + Self.get("/echo") + Self.get("/worker/echo"))
            client.endSending()
            try gate.awaitArrival()
            gate.open()
            return (try (0..<3).map { _ in try client.response().text }, try client.rest())
        }
        #expect(texts == ["GET /worker/gated -\n", "GET /echo -\n", "GET /worker/echo -\n"])
        #expect(rest.isEmpty)
    }

    /// The sockets' own buffers take a few megabytes; a server that read on would take all.
    @Test func aClientThatSendsWithoutReadingIsNotReadFurther() async throws {
        let request = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 60000\r\n\r\n"
        let bytes = Array((request + String(repeating: "x", count: 60_000)).utf8)
        let maximum = 200 << 20
        let (sent, first) = try await withServer { port in
            let client = try RawClient(port)
            let sent = try client.sendUntilBlocked(bytes, maximum: maximum)
            return (sent, try client.response())
        }
        #expect(sent < maximum)
        #expect(first.body.count == "POST /echo -\n".utf8.count + 60_000)
    }
}
