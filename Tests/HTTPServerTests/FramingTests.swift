import Testing

/// Requests whose end cannot be told, or that say two things: refused, and the connection ends there (RFC 9112).
@Suite struct FramingTests {
    private static let start = "POST /echo HTTP/1.1\r\nHost: a\r\n"

    @Test(
        "A request that is not framed by the rules is answered with 400",
        arguments: [
            // Two lengths, or none that is one.
            start + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
            start + "Content-Length: 5, 6\r\n\r\nhello",
            start + "Content-Length: -1\r\n\r\n",
            start + "Content-Length: +5\r\n\r\nhello",
            start + "Content-Length: 5 5\r\n\r\nhello",
            start + "Content-Length: 0x5\r\n\r\nhello",
            start + "Content-Length: five\r\n\r\nhello",
            start + "Content-Length:\r\n\r\nhello",
            start + "Content-Length: 99999999999999999999\r\n\r\n",
            // A length and a coding.
            start + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            start + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n",
            "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            // Chunks that are not the last coding.
            start + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
            start + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
            // Lines that do not end in CR LF.
            "GET /echo HTTP/1.1\nHost: a\n\n",
            "GET /echo HTTP/1.1\r\nHost: a\n\r\n",
            "GET /echo HTTP/1.1\r\nHost: a\r\n\n",
            "GET /echo HTTP/1.1\r\nHost: a\rX: b\r\n\r\n",
            // Folded fields, and white space where none may be.
            "GET /echo HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n",
            "GET /echo HTTP/1.1\r\nHost: a\r\nX: b\r\n\tc\r\n\r\n",
            "GET /echo HTTP/1.1\r\n Host: a\r\n\r\n",
            "GET /echo HTTP/1.1\r\nHost : a\r\n\r\n",
            "GET /echo HTTP/1.1\r\nHost: a\r\nX\t: b\r\n\r\n",
            // Names and values.
            "GET /echo HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n",
            "GET /echo HTTP/1.1\r\nHost: a\r\nX\r\n\r\n",
            "GET /echo HTTP/1.1\r\nHost: a\r\nX(y): b\r\n\r\n",
            "GET /echo HTTP/1.1\r\nHost: a\r\nX\u{0}: b\r\n\r\n",
            "GET /echo HTTP/1.1\r\nHost: a\r\n\u{E9}: b\r\n\r\n",
            "GET /echo HTTP/1.1\r\nHost: a\r\nX: b\u{0}c\r\n\r\n",
            "GET /echo HTTP/1.1\r\nHost: a\r\nX: b\u{1}c\r\n\r\n",
            "GET /echo HTTP/1.1\r\nHost: a\r\nX: b\u{7F}c\r\n\r\n",
            // Chunks.
            start + "Transfer-Encoding: chunked\r\n\r\nx\r\nhello\r\n0\r\n\r\n",
            start + "Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",
            start + "Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n",
            start + "Transfer-Encoding: chunked\r\n\r\n\r\nhello\r\n0\r\n\r\n",
            start + "Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n",
            start + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello!\r\n0\r\n\r\n",
            start + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\n0\r\n\r\n",
            start + "Transfer-Encoding: chunked\r\n\r\n10000000000000005\r\nhello\r\n0\r\n\r\n",
            start + "Transfer-Encoding: chunked\r\n\r\n5;a=\u{0}\r\nhello\r\n0\r\n\r\n",
            start + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\n",
            start + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nbad trailer\r\n\r\n",
        ])
    func aRequestThatIsNotFramedByTheRulesIsAnsweredWith400(_ request: String) throws {
        let answer = try finalAnswer(to: request)
        #expect(answer.response.isFinalProblem(400), "\(answer.response)")
        #expect(answer.rest.isEmpty)
    }

    @Test(
        "A well-framed body arrives whole and the next request after it",
        arguments: [
            ("Content-Length: 5\r\n\r\nhello", "hello"),
            ("Content-Length: 5\r\nContent-Type: text/plain\r\n\r\nhello", "hello"),
            ("content-length:5\r\n\r\nhello", "hello"),
            ("Content-Length:  5  \r\n\r\nhello", "hello"),
            ("Content-Length: 0\r\n\r\n", ""),
            ("\r\n", ""),
            ("Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", ""),
            ("Transfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", "hello"),
            ("Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", "hello"),
            ("Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n4\r\n\r\n\r\n\r\n0\r\n\r\n", "a\r\n\r\n"),
            ("Transfer-Encoding: chunked\r\n\r\n00000005\r\nhello\r\n000\r\n\r\n", "hello"),
            ("Transfer-Encoding: chunked\r\n\r\n5;a=b;c=\"d\"\r\nhello\r\n0;e\r\n\r\n", "hello"),
            (
                "Transfer-Encoding: chunked\r\n\r\nA\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n",
                "01234567890123456789"
            ),
            ("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 1\r\nX-More: 2\r\n\r\n", "hello"),
            ("Transfer-Encoding: chunked\r\n\r\n7\r\n0\r\n\r\n\r\n\r\n0\r\n\r\n", "0\r\n\r\n\r\n"),
            ("X-Empty:\r\nX-Latin: \u{E9}\r\nX_~!#$%&'*+-.^`|9: ok\r\nContent-Length: 2\r\n\r\nhi", "hi"),
        ])
    func aWellFramedBodyArrivesWholeAndTheNextRequestAfterIt(_ rest: String, _ body: String) throws {
        let next = "GET /echo?next HTTP/1.1\r\nHost: a\r\n\r\n"
        let responses = try answers(to: Self.start + rest + next, count: 2)
        #expect(responses.map(\.text) == ["POST /echo -\n" + body, "GET /echo next\n"])
    }

    @Test(
        "What follows a request is never part of it",
        arguments: [
            "", "Content-Length: 5\r\n\r\nhello", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        ])
    func whatFollowsARequestIsNeverPartOfIt(_ rest: String) throws {
        let request = Self.start + (rest.isEmpty ? "\r\n" : rest)
        let responses = try answers(to: request + "\u{1}{garbage}\r\n\r\n", count: 2)
        #expect(responses[0].status == 200)
        #expect(responses[0].text == "POST /echo -\n" + (rest.isEmpty ? "" : "hello"))
        #expect(responses[1].isFinalProblem(400))
    }

    @Test(
        "A truncated request is refused when its end is certain",
        arguments: ["POS", "POST /echo HTTP/1.1\r\nHost: a\r\n", start + "Content-Length: 5\r\n\r\nhel"])
    func aTruncatedRequestIsRefusedWhenItsEndIsCertain(_ text: String) throws {
        let conversation = try Conversation()
        conversation.send(text)
        #expect(conversation.received.isEmpty)
        conversation.endSending()
        let response = try AnswerReader(conversation.received).response()
        #expect(response.isFinalProblem(400))
        #expect(conversation.isEnded)
    }
}
