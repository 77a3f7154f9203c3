import HTTPServer
import Testing

/// Bounds, expectations and codings: each refusal has its status, and comes before what it refuses is read.
@Suite struct LimitTests {
    private static let start = "POST /echo HTTP/1.1\r\nHost: a\r\n"

    // MARK: Bodies

    @Test(
        "A body that is announced too large is refused before it comes",
        arguments: [
            "Content-Length: 11\r\n\r\n", "Content-Length: 9223372036854775808\r\n\r\n",
            "Content-Length: 18446744073709551615\r\n\r\n", "Content-Length: 11\r\nExpect: 100-continue\r\n\r\n",
        ])
    func aBodyThatIsAnnouncedTooLargeIsRefusedBeforeItComes(_ rest: String) throws {
        let answer = try finalAnswer(to: Self.start + rest) { $0.maximumBodyBytes = 10 }
        #expect(answer.response.isFinalProblem(413))
        #expect(answer.response.problem["instance"] as? String == "/echo")
        #expect(answer.rest.isEmpty)
    }

    @Test("A chunked body is refused when it grows too large")
    func aChunkedBodyIsRefusedWhenItGrowsTooLarge() throws {
        let answer = try finalAnswer(
            to: Self.start + "Transfer-Encoding: chunked\r\n\r\n6\r\nsixsix\r\n6\r\nsixsix\r\n"
        ) { $0.maximumBodyBytes = 10 }
        #expect(answer.response.isFinalProblem(413))
        #expect(answer.rest.isEmpty)
    }

    @Test(
        "A body of exactly the limit is taken",
        arguments: [
            "Content-Length: 10\r\n\r\n0123456789", "Transfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n0\r\n\r\n",
        ])
    func aBodyOfExactlyTheLimitIsTaken(_ rest: String) throws {
        let responses = try answers(to: Self.start + rest) { $0.maximumBodyBytes = 10 }
        #expect(responses[0].text == "POST /echo -\n0123456789")
    }

    @Test("What follows a refusal is read and forgotten", arguments: ["Content-Length: 4000\r\n\r\n", "Host : b\r\n"])
    func whatFollowsARefusalIsReadAndForgotten(_ rest: String) throws {
        let conversation = try Conversation { $0.maximumBodyBytes = 10 }
        conversation.send(Self.start + rest)
        let refusal = conversation.received
        _ = conversation.takeSteps()
        for _ in 0..<10 { conversation.send(String(repeating: "x", count: 1000)) }
        #expect(conversation.received == refusal)
        #expect(conversation.takeSteps() == [])
    }

    // MARK: Headers

    @Test("A target that is too long is answered with 414", arguments: [8_193, 100_000])
    func aTargetThatIsTooLongIsAnsweredWith414(_ length: Int) throws {
        let target = "/" + String(repeating: "a", count: length - 1)
        let answer = try finalAnswer(to: "GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(answer.response.isFinalProblem(414))
    }

    @Test("A target and a header of exactly the limit are taken")
    func aTargetAndAHeaderOfExactlyTheLimitAreTaken() throws {
        let target = "/" + String(repeating: "a", count: 8_191)
        let field = "X: " + String(repeating: "b", count: 16_384 - "Host: a\r\nX: \r\n".utf8.count)
        let responses = try answers(to: "GET \(target) HTTP/1.1\r\nHost: a\r\n\(field)\r\n\r\n")
        #expect(responses[0].text == "GET \(target) -\n")
    }

    @Test(
        "A header that is too large is answered with 431",
        arguments: [
            "X: " + String(repeating: "b", count: 16_385 - "Host: a\r\nX: \r\n".utf8.count) + "\r\n",
            "X: " + String(repeating: "b", count: 100_000) + "\r\n", String(repeating: "b", count: 100_000) + ": x\r\n",
            "X:" + String(repeating: " ", count: 100_000) + "\r\n", String(repeating: "X: b\r\n", count: 100),
            String(repeating: "X: b\r\n", count: 300),
            String(repeating: "X: \(String(repeating: "b", count: 300))\r\n", count: 99),
        ])
    func aHeaderThatIsTooLargeIsAnsweredWith431(_ fields: String) throws {
        let answer = try finalAnswer(to: "GET /echo HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
        #expect(answer.response.isFinalProblem(431))
    }

    @Test("A hundred fields are taken")
    func aHundredFieldsAreTaken() throws {
        let fields = String(repeating: "X: b\r\n", count: 99)
        #expect(try answers(to: "GET /echo HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")[0].status == 200)
    }

    @Test("The last line break of a header is not measured however it comes")
    func theLastLineBreakOfAHeaderIsNotMeasuredHoweverItComes() throws {
        let responses = try answers(to: "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n") {
            $0.maximumHeaderBytes = "Host: a\r\n".utf8.count
        }
        #expect(responses[0].status == 200)
    }

    @Test("Each request of a connection is measured for itself")
    func eachRequestOfAConnectionIsMeasuredForItself() throws {
        let field = "X: " + String(repeating: "b", count: 10_000)
        let request = "POST /echo HTTP/1.1\r\nHost: a\r\n\(field)\r\nContent-Length: 30000\r\n\r\n"
        let body = String(repeating: "c", count: 30_000)
        let responses = try answers(to: String(repeating: request + body, count: 5), count: 5)
        #expect(responses.map(\.status) == [200, 200, 200, 200, 200])
    }

    @Test(
        "Trailers are bounded as headers are",
        arguments: [
            String(repeating: "X: b\r\n", count: 300), "X: " + String(repeating: "b", count: 100_000) + "\r\n",
        ])
    func trailersAreBoundedAsHeadersAre(_ trailers: String) throws {
        let answer = try finalAnswer(
            to: Self.start + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\(trailers)\r\n")
        #expect(answer.response.isFinalProblem(431))
    }

    @Test("Empty lines before a request are bounded")
    func emptyLinesBeforeARequestAreBounded() throws {
        let answer = try finalAnswer(to: String(repeating: "\r\n", count: 100_000))
        #expect(answer.response.isFinalProblem(431))
    }

    @Test("Chunk extensions are bounded")
    func chunkExtensionsAreBounded() throws {
        let answer = try finalAnswer(
            to: Self.start + "Transfer-Encoding: chunked\r\n\r\n1;" + String(repeating: "a", count: 100_000))
        #expect(answer.response.isFinalProblem(400))
    }

    // MARK: Expectations and codings

    @Test(
        "Another expectation than 100-continue is answered with 417",
        arguments: ["200-ok", "100-continue, 200-ok", "x"])
    func anotherExpectationThan100ContinueIsAnsweredWith417(_ expectation: String) throws {
        let answer = try finalAnswer(
            to: Self.start + "Expect: \(expectation)\r\nContent-Length: 5\r\n\r\nhello")
        #expect(answer.response.isFinalProblem(417))
    }

    @Test("The go-ahead comes before the body", arguments: ["100-continue", "100-Continue"])
    func theGoAheadComesBeforeTheBody(_ expectation: String) throws {
        let head = Self.start + "Expect: \(expectation)\r\nContent-Length: 5\r\n\r\n"
        let responses = try answers(to: head + "hello", count: 2)
        #expect(responses[0].status == 100 && responses[0].fields.isEmpty)
        #expect(responses[1].text == "POST /echo -\nhello")
        let conversation = try Conversation()
        conversation.send(head)
        #expect(String(decoding: conversation.received, as: UTF8.self) == "HTTP/1.1 100 Continue\r\n\r\n")
    }

    @Test(
        "No go-ahead is sent to one who does not wait for it",
        arguments: [
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
            "POST /echo HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello",
            "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n",
            "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n",
        ])
    func noGoAheadIsSentToOneWhoDoesNotWaitForIt(_ request: String) throws {
        #expect(try answers(to: request)[0].status == 200)
    }

    @Test(
        "Another transfer coding than chunked is answered with 501",
        arguments: ["gzip", "gzip, chunked", "identity", "xchunked", "chunkedx", "\"chunked\""])
    func anotherTransferCodingThanChunkedIsAnsweredWith501(_ coding: String) throws {
        let answer = try finalAnswer(to: Self.start + "Transfer-Encoding: \(coding)\r\n\r\n0\r\n\r\n")
        #expect(answer.response.isFinalProblem(501), "\(answer.response)")
        #expect(answer.rest.isEmpty)
    }

    @Test("The coding may not be split over two fields")
    func theCodingMayNotBeSplitOverTwoFields() throws {
        let answer = try finalAnswer(
            to: Self.start + "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
        #expect(answer.response.isFinalProblem(501), "\(answer.response)")
    }
}
