import HTTPServer
import Testing

/// Answers that the header alone decides: they go out instead of any other, and what is not wanted is not read.
@Suite(.timeLimit(.minutes(1))) struct VerdictTests {
    /// Refuses requests for /closed, at once or by a worker, and counts what is answered all the same.
    private static func application(_ outcomes: Outcomes, isLater: Bool) -> TestApplication {
        outcomes.noting(.fake()) { request in
            let isClosed = request.path.hasPrefix("/closed") || request.path == "*"
            let refusal = HTTPResponse(status: 401, headers: [("X-Verdict", "no")], body: .bytes(Array("no\n".utf8)))
            let verdict = isClosed ? refusal : nil
            return isLater ? .later { verdict } : .now(verdict)
        }
    }

    private static let next = "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n"

    @Test(
        arguments: [
            "GET /closed HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST /closed HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
            "POST /closed HTTP/1.1\r\nHost: a\r\nContent-Length: 65536\r\n\r\n" + String(repeating: "a", count: 65_536),
            // No coding is looked at.
            "POST /closed HTTP/1.1\r\nHost: a\r\nContent-Encoding: br\r\nContent-Length: 5\r\n\r\nhello",
            "POST /closed HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
        ], [false, true])
    func aShortBodyIsReadAndTheConnectionGoesOn(_ request: String, _ isLater: Bool) async throws {
        let responses = try await answers(
            to: request + Self.next, count: 2, application: Self.application(Outcomes(), isLater: isLater))
        #expect(responses.map(\.status) == [401, 200])
        #expect(responses[0]["X-Verdict"] == "no" && responses[0]["Connection"] == nil)
        #expect(responses[0].text == "no\n")
    }

    @Test(
        arguments: [
            "Content-Length: 65537\r\n\r\n", "Content-Length: 60000000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n",
            // More than is ever read, and what waits for a go-ahead: the verdict comes first.
            "Content-Length: 99999999999\r\n\r\n", "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n",
            "Expect: 100-continue\r\nContent-Length: 60000000\r\n\r\n", "Expect: x\r\nContent-Length: 5\r\n\r\nhello",
        ], [false, true])
    func aLongBodyIsNotWaitedForAndTheConnectionEnds(_ rest: String, _ isLater: Bool) async throws {
        let outcomes = Outcomes()
        let answer = try await finalAnswer(
            to: "POST /closed HTTP/1.1\r\nHost: a\r\n" + rest, application: Self.application(outcomes, isLater: isLater)
        )
        #expect(answer.response.status == 401)
        #expect(answer.response["X-Verdict"] == "no" && answer.response["Connection"] == "close")
        #expect(answer.rest.isEmpty)
        #expect(outcomes.all.map(\.status) == [401])
        #expect(outcomes.all.map(\.bytesIn) == [0])
    }

    @Test(arguments: [false, true]) func aClientThatGoesOnSendingReadsTheVerdictAllTheSame(_ isLater: Bool) async throws
    {
        let (response, held) = try await withServerItself(application: Self.application(Outcomes(), isLater: isLater)) {
            server in
            let client = try RawClient(server.port)
            try client.send("POST /closed HTTP/1.1\r\nHost: a\r\nContent-Length: 20000000\r\n\r\n")
            try client.send([UInt8](repeating: 0x61, count: 4_000_000))
            let held = server.figures.heldBytes
            return (try client.response(), held)
        }
        #expect(response.status == 401)
        #expect(held == 0)
    }

    @Test(arguments: [false, true]) func aVerdictToHEADHasNoBody(_ isLater: Bool) async throws {
        let (response, rest) = try await withServer(application: Self.application(Outcomes(), isLater: isLater)) {
            port in
            let client = try RawClient(port)
            try client.send("HEAD /closed HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            return (try client.response(toHead: true), try client.rest())
        }
        #expect(response.status == 401 && response["Content-Length"] == "3")
        #expect(rest.isEmpty)
    }

    @Test(arguments: [false, true]) func oneConnectionTooManyIsToldSoRatherThanTheVerdict(_ isLater: Bool) async throws
    {
        let response = try await withServer(
            application: Self.application(Outcomes(), isLater: isLater), { $0.maximumConnections = 1 }
        ) { port in
            let first = try RawClient(port)
            try first.send(Self.next)
            _ = try first.response()
            return try withExtendedLifetime(first) {
                let second = try RawClient(port)
                try second.send("GET /closed HTTP/1.1\r\nHost: a\r\n\r\n")
                return try second.response()
            }
        }
        #expect(response.isFinalProblem(503))
    }
}
