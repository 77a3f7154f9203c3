import HTTPServer
import Testing

/// Bounds, expectations and codings: each refusal has its status, and comes before what it refuses is read.
@Suite struct LimitTests {
    private static let start = "POST /echo HTTP/1.1\r\nHost: a\r\n"

    // MARK: Bodies

    @Test(arguments: [
        "Content-Length: 11\r\n\r\n", "Content-Length: 9223372036854775808\r\n\r\n",
        "Content-Length: 18446744073709551615\r\n\r\n", "Content-Length: 11\r\nExpect: 100-continue\r\n\r\n",
    ])
    func aBodyThatIsAnnouncedTooLargeIsRefusedBeforeItComes(_ rest: String) async throws {
        let answer = try await finalAnswer(to: Self.start + rest) { $0.maximumBodyBytes = 10 }
        #expect(answer.response.isFinalProblem(413))
        #expect(answer.response.problem["instance"] as? String == "/echo")
        #expect(answer.rest.isEmpty)
    }

    @Test func aChunkedBodyIsRefusedWhenItGrowsTooLarge() async throws {
        let answer = try await finalAnswer(
            to: Self.start + "Transfer-Encoding: chunked\r\n\r\n6\r\nsixsix\r\n6\r\nsixsix\r\n"
        ) { $0.maximumBodyBytes = 10 }
        #expect(answer.response.isFinalProblem(413))
        #expect(answer.rest.isEmpty)
    }

    @Test(arguments: [
        "Content-Length: 10\r\n\r\n0123456789", "Transfer-Encoding: chunked\r\n\r\na\r\n0123456789\r\n0\r\n\r\n",
    ])
    func aBodyOfExactlyTheLimitIsTaken(_ rest: String) async throws {
        let responses = try await answers(to: Self.start + rest) { $0.maximumBodyBytes = 10 }
        #expect(responses[0].text == "POST /echo -\n0123456789")
    }

    @Test func aClientThatGoesOnSendingReadsTheRefusalAllTheSame() async throws {
        let answer = try await withServer({ $0.maximumBodyBytes = 10 }) { port in
            let client = try RawClient(port)
            try client.send(Self.start + "Content-Length: 4000000\r\n\r\n")
            try client.send([UInt8](repeating: 0x78, count: 4_000_000))
            return (response: try client.response(), rest: try client.rest())
        }
        #expect(answer.response.isFinalProblem(413))
        #expect(answer.rest.isEmpty)
    }

    @Test func aClientThatGoesOnSendingAfterNonsenseReadsTheRefusalAllTheSame() async throws {
        let response = try await withServer { port in
            let client = try RawClient(port)
            try client.send("GET /echo HTTP/1.1\r\nHost : a\r\n")
            let response = try client.response()
            for _ in 0..<100 { try client.send([UInt8](repeating: 0x78, count: 1000)) }
            return (response, try client.rest())
        }
        #expect(response.0.isFinalProblem(400))
        #expect(response.1.isEmpty)
    }

    // MARK: Headers

    @Test(arguments: [8_193, 100_000, 1_000_000])
    func aTargetThatIsTooLongIsAnsweredWith414(_ length: Int) async throws {
        let target = "/" + String(repeating: "a", count: length - 1)
        let answer = try await finalAnswer(to: "GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(answer.response.isFinalProblem(414))
    }

    @Test func aTargetAndAHeaderOfExactlyTheLimitAreTaken() async throws {
        let target = "/" + String(repeating: "a", count: 8_191)
        let field = "X: " + String(repeating: "b", count: 16_384 - "Host: a\r\nX: \r\n".utf8.count)
        let responses = try await answers(to: "GET \(target) HTTP/1.1\r\nHost: a\r\n\(field)\r\n\r\n")
        #expect(responses[0].text == "GET \(target) -\n")
    }

    @Test(arguments: [
        "X: " + String(repeating: "b", count: 16_385 - "Host: a\r\nX: \r\n".utf8.count) + "\r\n",
        "X: " + String(repeating: "b", count: 1_000_000) + "\r\n", String(repeating: "b", count: 1_000_000) + ": x\r\n",
        "X:" + String(repeating: " ", count: 1_000_000) + "\r\n", String(repeating: "X: b\r\n", count: 100),
        String(repeating: "X: b\r\n", count: 300),
        String(repeating: "X: \(String(repeating: "b", count: 300))\r\n", count: 99),
    ])
    func aHeaderThatIsTooLargeIsAnsweredWith431(_ fields: String) async throws {
        let answer = try await finalAnswer(to: "GET /echo HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")
        #expect(answer.response.isFinalProblem(431))
    }

    @Test func aHundredFieldsAreTaken() async throws {
        let fields = String(repeating: "X: b\r\n", count: 99)
        #expect(try await answers(to: "GET /echo HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")[0].status == 200)
    }

    @Test func theLastLineBreakOfAHeaderIsNotMeasuredHoweverItComes() async throws {
        let response = try await withServer({ $0.maximumHeaderBytes = "Host: a\r\n".utf8.count }) { port in
            let client = try RawClient(port)
            try client.sendByteByByte("GET /echo HTTP/1.1\r\nHost: a\r\n\r\n", witness: RawClient(port))
            return try client.response()
        }
        #expect(response.status == 200)
    }

    @Test func eachRequestOfAConnectionIsMeasuredForItself() async throws {
        let field = "X: " + String(repeating: "b", count: 10_000)
        let request = "POST /echo HTTP/1.1\r\nHost: a\r\n\(field)\r\nContent-Length: 30000\r\n\r\n"
        let body = String(repeating: "c", count: 30_000)
        let responses = try await answers(to: String(repeating: request + body, count: 5), count: 5)
        #expect(responses.map(\.status) == [200, 200, 200, 200, 200])
    }

    @Test(arguments: [
        String(repeating: "X: b\r\n", count: 300), "X: " + String(repeating: "b", count: 1_000_000) + "\r\n",
    ])
    func trailersAreBoundedAsHeadersAre(_ trailers: String) async throws {
        let answer = try await finalAnswer(
            to: Self.start + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\(trailers)\r\n")
        #expect(answer.response.isFinalProblem(431))
    }

    @Test func emptyLinesBeforeARequestAreBounded() async throws {
        let answer = try await finalAnswer(to: String(repeating: "\r\n", count: 100_000))
        #expect(answer.response.isFinalProblem(431))
    }

    @Test func chunkExtensionsAreBounded() async throws {
        let answer = try await finalAnswer(
            to: Self.start + "Transfer-Encoding: chunked\r\n\r\n1;" + String(repeating: "a", count: 1_000_000))
        #expect(answer.response.isFinalProblem(400))
    }

    // MARK: Expectations and codings

    @Test(arguments: ["200-ok", "100-continue, 200-ok", "x"])
    func anotherExpectationThan100ContinueIsAnsweredWith417(_ expectation: String) async throws {
        let answer = try await finalAnswer(
            to: Self.start + "Expect: \(expectation)\r\nContent-Length: 5\r\n\r\nhello")
        #expect(answer.response.isFinalProblem(417))
    }

    @Test(arguments: ["100-continue", "100-Continue"])
    func theGoAheadComesBeforeTheBody(_ expectation: String) async throws {
        let responses = try await withServer { port in
            let client = try RawClient(port)
            try client.send(Self.start + "Expect: \(expectation)\r\nContent-Length: 5\r\n\r\n")
            let goAhead = try client.response()
            try client.send("hello")
            return [goAhead, try client.response()]
        }
        #expect(responses[0].status == 100 && responses[0].fields.isEmpty)
        #expect(responses[1].text == "POST /echo -\nhello")
    }

    @Test(arguments: [
        "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
        "POST /echo HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello",
        "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 0\r\n\r\n",
        "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n",
    ])
    func noGoAheadIsSentToOneWhoDoesNotWaitForIt(_ request: String) async throws {
        #expect(try await answers(to: request)[0].status == 200)
    }

    @Test(arguments: ["gzip", "gzip, chunked", "identity", "xchunked", "chunkedx", "\"chunked\""])
    func anotherTransferCodingThanChunkedIsAnsweredWith501(_ coding: String) async throws {
        let answer = try await finalAnswer(to: Self.start + "Transfer-Encoding: \(coding)\r\n\r\n0\r\n\r\n")
        #expect(answer.response.isFinalProblem(501), "\(answer.response)")
        #expect(answer.rest.isEmpty)
    }

    @Test func theCodingMayNotBeSplitOverTwoFields() async throws {
        let answer = try await finalAnswer(
            to: Self.start + "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
        #expect(answer.response.isFinalProblem(501), "\(answer.response)")
    }
}
