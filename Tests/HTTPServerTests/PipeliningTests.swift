import HTTPServer
import Testing

/// Requests that are sent before the answers to earlier ones have come.
@Suite struct PipeliningTests {
    private static func get(_ target: String) -> String { "GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n" }

    @Test("Ten requests in one write are answered in order")
    func tenRequestsInOneWriteAreAnsweredInOrder() throws {
        let targets = (0..<10).map { ($0 % 3 == 0 ? "/worker/echo" : "/echo") + "?\($0)" }
        let responses = try answers(to: targets.map(Self.get).joined(), count: 10)
        #expect(responses.map(\.text) == targets.map { "GET \($0.replacing("?", with: " "))\n" })
    }

    @Test("Bodies and the requests after them are told apart")
    func bodiesAndRequestsThatFollowThemAreToldApart() throws {
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
        #expect(try answers(to: text, count: 20).map(\.text) == expected)
    }

    /// Each answer starts the next request, however many there are, without one call inside the other.
    @Test("Thousands of short requests after a slow one are answered")
    func thousandsOfShortRequestsBehindASlowOneAreAnswered() async throws {
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

    @Test("The fault of a later request is answered in its turn", arguments: ["/echo", "/worker/echo"])
    func theFaultOfALaterRequestIsAnsweredInItsTurn(_ path: String) throws {
        let responses = try answers(
            to: Self.get(path) + Self.get(path) + "GET / HTTP/1.1\r\nHost : a\r\n\r\n" + Self.get(path), count: 3)
        #expect(responses.map(\.status) == [200, 200, 400])
        #expect(responses[1]["Connection"] == nil)
        #expect(responses[2].isFinalProblem(400))
    }

    @Test("The end of sending is seen after what was sent")
    func theEndOfSendingIsSeenAfterWhatWasSent() throws {
        let conversation = try Conversation(.fake(), .init(holdsWorkers: true))
        conversation.send(Self.get("/worker/echo?1") + Self.get("/echo?2") + Self.get("/echo?3"))
        conversation.endSending()
        #expect(conversation.received.isEmpty && !conversation.isEnded)
        conversation.receive(.answered(RequestAnswer(HTTPResponse(status: 200, headers: [], body: .bytes([0x31])))))
        let reader = AnswerReader(conversation.received)
        #expect(try (0..<3).map { _ in try reader.response().text } == ["1", "GET /echo 2\n", "GET /echo 3\n"])
        #expect(conversation.isEnded)
    }

    /// The sockets' own buffers take a few megabytes; a server that read on would take all.
    @Test("A client that sends without reading is not read further")
    func aClientThatSendsWithoutReadingIsNotReadFurther() async throws {
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
