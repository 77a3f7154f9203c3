import HTTPServer
import Testing

/// Answers that the header alone decides: they go out instead of any other, and what is not wanted is not read.
@Suite(.timeLimit(.minutes(10))) struct VerdictTests {
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
        "A short body is read and the connection goes on",
        arguments: [
            "GET /closed HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST /closed HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
            "POST /closed HTTP/1.1\r\nHost: a\r\nContent-Length: 65536\r\n\r\n" + String(repeating: "a", count: 65_536),
            // No coding is looked at.
            "POST /closed HTTP/1.1\r\nHost: a\r\nContent-Encoding: br\r\nContent-Length: 5\r\n\r\nhello",
            "POST /closed HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
        ], [false, true])
    func aShortBodyIsReadAndTheConnectionGoesOn(_ request: String, _ isLater: Bool) throws {
        let responses = try answers(
            to: request + Self.next, count: 2, application: Self.application(Outcomes(), isLater: isLater))
        #expect(responses.map(\.status) == [401, 200])
        #expect(responses[0]["X-Verdict"] == "no" && responses[0]["Connection"] == nil)
        #expect(responses[0].text == "no\n")
    }

    @Test(
        "A long body is not waited for and the connection ends",
        arguments: [
            "Content-Length: 65537\r\n\r\n", "Content-Length: 60000000\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n",
            // More than is ever read, and what waits for a go-ahead: the verdict comes first.
            "Content-Length: 99999999999\r\n\r\n", "Expect: 100-continue\r\nContent-Length: 5\r\n\r\n",
            "Expect: 100-continue\r\nContent-Length: 60000000\r\n\r\n", "Expect: x\r\nContent-Length: 5\r\n\r\nhello",
        ], [false, true])
    func aLongBodyIsNotWaitedForAndTheConnectionEnds(_ rest: String, _ isLater: Bool) throws {
        let application = Self.application(Outcomes(), isLater: isLater)
        let text = "POST /closed HTTP/1.1\r\nHost: a\r\n" + rest
        let answer = try finalAnswer(to: text, application: application)
        #expect(answer.response.status == 401)
        #expect(answer.response["X-Verdict"] == "no" && answer.response["Connection"] == "close")
        #expect(answer.rest.isEmpty)
        let outcomes = try Arrival.whole.conversation(text, application) { _ in }.outcomes
        #expect(outcomes.map(\.status) == [401])
        #expect(outcomes.map(\.bytesIn) == [0])
    }

    @Test("What follows the verdict of a long body is read and forgotten", arguments: [false, true])
    func whatFollowsTheVerdictOfALongBodyIsReadAndForgotten(_ isLater: Bool) throws {
        let conversation = try Conversation(Self.application(Outcomes(), isLater: isLater))
        conversation.send("POST /closed HTTP/1.1\r\nHost: a\r\nContent-Length: 20000000\r\n\r\n")
        let answer = conversation.received
        _ = conversation.takeSteps()
        conversation.send(String(repeating: "a", count: 400_000))
        #expect(conversation.received == answer)
        #expect(conversation.takeSteps() == [])
        #expect(try AnswerReader(answer).response().status == 401)
    }

    @Test("A verdict to HEAD has no body", arguments: [false, true]) func aVerdictToHEADHasNoBody(_ isLater: Bool)
        throws
    {
        let conversation = try Conversation(Self.application(Outcomes(), isLater: isLater))
        conversation.send("HEAD /closed HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        let reader = AnswerReader(conversation.received)
        let response = try reader.response(toHead: true)
        #expect(response.status == 401 && response["Content-Length"] == "3")
        #expect(try reader.rest().isEmpty && conversation.isEnded)
    }

    @Test("One connection over the bound gets that refusal and no verdict", arguments: [false, true])
    func oneConnectionTooManyIsToldSoRatherThanTheVerdict(_ isLater: Bool) throws {
        let conversation = try Conversation(Self.application(Outcomes(), isLater: isLater), isSurplus: true)
        conversation.send("GET /closed HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try AnswerReader(conversation.received).response().isFinalProblem(503))
    }
}
