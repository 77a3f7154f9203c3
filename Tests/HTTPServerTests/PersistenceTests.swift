import Testing

/// Which connections stay open (RFC 9112, 9), and what HTTP/1.0 is told.
@Suite struct PersistenceTests {
    private static let next = "GET /echo?next HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test(
        "The connection stays open",
        arguments: [
            ("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n", nil),
            ("GET /echo HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n\r\n", nil),
            ("GET /echo HTTP/1.1\r\nHost: a\r\nConnection: x-close\r\n\r\n", nil),
            ("GET /worker/echo HTTP/1.1\r\nHost: a\r\n\r\n", nil),
            ("GET /echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", "keep-alive"),
            ("GET /echo HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", "keep-alive"),
        ])
    func theConnectionStaysOpen(_ request: String, _ connection: String?) throws {
        let responses = try answers(to: request + Self.next, count: 2)
        #expect(responses[0]["Connection"] == connection)
        #expect(responses[1].text == "GET /echo next\n")
    }

    @Test(
        "The connection ends after the answer",
        arguments: [
            "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n",
            "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, close\r\n\r\n",
            "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: x\r\nConnection: close\r\n\r\n",
            "GET /worker/echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
            "GET /echo HTTP/1.0\r\n\r\n",
            "GET /echo HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n",
            // A protocol is offered that is not taken.
            "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n\r\n",
            "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
        ])
    func theConnectionEndsBehindTheAnswer(_ request: String) throws {
        let answer = try finalAnswer(to: request + Self.next)
        #expect(answer.response.status == 200)
        #expect(answer.response["Connection"] == "close")
        #expect(answer.rest.isEmpty)
    }

    @Test("What follows the last answer is read and forgotten")
    func whatFollowsTheLastAnswerIsReadAndForgotten() throws {
        let conversation = try Conversation()
        conversation.send("GET /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        let answer = conversation.received
        _ = conversation.takeSteps()
        conversation.send(String(repeating: "x", count: 100_000))
        #expect(conversation.received == answer)
        #expect(conversation.takeSteps() == [])
        conversation.passTime()
        #expect(conversation.takeSteps() == ["no timer", "close"])
    }

    @Test("A body with an offered protocol is read")
    func aBodyBesideAnOfferedProtocolIsRead() throws {
        let answer = try finalAnswer(
            to:
                "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 5\r\n\r\nhello"
        )
        #expect(answer.response.text == "POST /echo -\nhello")
    }

    // MARK: Long answers

    @Test("A long answer is chunked")
    func aLongAnswerIsChunked() throws {
        let responses = try answers(
            to: "GET /worker/chunks/3/100000 HTTP/1.1\r\nHost: a\r\n\r\n" + Self.next, count: 2)
        #expect(responses[0].framing == .chunked)
        #expect(responses[0].body.count == 300_000)
        #expect(Set(responses[0].body) == Set("abc".utf8))
        #expect(responses[1].text == "GET /echo next\n")
    }

    @Test("A long answer to HTTP/1.0 ends with the connection", arguments: ["", "Connection: keep-alive\r\n"])
    func aLongAnswerToHTTP10EndsWithTheConnection(_ field: String) throws {
        let responses = try answers(to: "GET /worker/chunks/3/5 HTTP/1.0\r\n\(field)\r\n" + Self.next)
        #expect(responses[0].framing == .untilClose)
        #expect(responses[0]["Transfer-Encoding"] == nil)
        #expect(responses[0]["Connection"] == "close")
        #expect(responses[0].text == "aaaaabbbbbccccc")
    }

    @Test("Empty chunks do not end a long answer")
    func emptyChunksDoNotEndALongAnswer() throws {
        let responses = try answers(
            to: "GET /worker/chunks/3/0 HTTP/1.1\r\nHost: a\r\n\r\n" + Self.next, count: 2)
        #expect(responses[0].framing == .chunked && responses[0].body.isEmpty)
        #expect(responses[1].text == "GET /echo next\n")
    }
}
