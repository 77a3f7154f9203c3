import Foundation
import HTTPServer
import Testing

/// What stands in an answer's header, and when it has a body.
@Suite struct AnswerTests {
    // MARK: No body

    private static let next = "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n"

    /// The answers to a request of HEAD and to the one after it.
    private static func afterHEAD(_ text: String) throws -> [RawResponse] {
        let conversation = try Conversation()
        conversation.send(text)
        let reader = AnswerReader(conversation.received)
        return [try reader.response(toHead: true), try reader.response()]
    }

    @Test("An answer to HEAD has the length but no body", arguments: ["/echo", "/worker/echo"])
    func anAnswerToHEADHasTheLengthButNoBody(_ path: String) throws {
        let responses = try Self.afterHEAD("HEAD \(path) HTTP/1.1\r\nHost: a\r\n\r\n" + Self.next)
        #expect(responses[0]["Content-Length"] == String("HEAD \(path) -\n".utf8.count))
        #expect(responses[1].text == "GET /echo -\n")
    }

    @Test("A long answer to HEAD has no chunk either")
    func aLongAnswerToHEADHasNoChunkEither() throws {
        let responses = try Self.afterHEAD("HEAD /worker/chunks/3/5 HTTP/1.1\r\nHost: a\r\n\r\n" + Self.next)
        #expect(responses[0].status == 200)
        #expect(responses[1].text == "GET /echo -\n")
    }

    @Test("A 204 has neither length nor body")
    func a204HasNeitherLengthNorBody() throws {
        let responses = try answers(
            to: "POST /empty HTTP/1.1\r\nHost: a\r\n\r\nGET /echo HTTP/1.1\r\nHost: a\r\n\r\n", count: 2)
        #expect(responses[0].status == 204)
        #expect(responses[0]["Content-Length"] == nil && responses[0]["Transfer-Encoding"] == nil)
        #expect(responses[1].text == "GET /echo -\n")
    }

    @Test("A refused HEAD has no body but what follows it has")
    func aRefusedHEADHasNoBodyButWhatFollowsItHas() throws {
        let conversation = try Conversation()
        conversation.send("HEAD /echo HTTP/1.1\r\n\r\n")
        let reader = AnswerReader(conversation.received)
        #expect(try reader.response(toHead: true).status == 400)
        #expect(try reader.rest().isEmpty)
        let after = try Self.afterHEAD(
            "HEAD /echo HTTP/1.1\r\nHost: a\r\n\r\nGET /echo HTTP/1.1\r\nHost : a\r\n\r\n")
        #expect(after[1].isFinalProblem(400))
    }

    // MARK: Fields

    @Test(
        "Every answer has the date", arguments: ["/echo", "/worker/echo", "/empty", "/worker/chunks/1/1", "/reflect/a"])
    func everyAnswerHasTheDate(_ path: String) async throws {
        let before = Date().timeIntervalSince1970.rounded(.down)
        let response = try await servedAnswers(to: "GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")[0]
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        let text = try #require(response["Date"])
        let date = try #require(formatter.date(from: text)).timeIntervalSince1970
        #expect(formatter.string(from: Date(timeIntervalSince1970: date)) == text)
        #expect((before...Date().timeIntervalSince1970).contains(date))
    }

    @Test(
        "The handler reads a field without its surroundings",
        arguments: [
            ("X: a\r\nx: b , c\r\n", "a, b , c"), ("X: \t a b \t\r\n", "a b"), ("X:\r\n", ""), ("Y: a\r\n", "none"),
        ])
    func theHandlerReadsAFieldWithoutItsSurroundings(_ fields: String, _ value: String) throws {
        #expect(try answers(to: "GET /field/X HTTP/1.1\r\nHost: a\r\n\(fields)\r\n")[0].text == value)
    }

    @Test("A value that is reflected arrives as it is")
    func aValueThatIsReflectedArrivesAsItIs() throws {
        let responses = try answers(to: "GET /reflect/a%20b%09%C3%A9: HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(responses[0]["X-Reflected"] == "a b\t\u{E9}:")
    }

    @Test(
        "No field of an answer can end its line",
        arguments: ["%0D%0AX-Evil:%20b", "a%0AX-Evil:%20b", "a%0DX-Evil:%20b", "a%00b", "a%7F", "%0D%0A%0D%0Abody"])
    func noFieldOfAnAnswerCanEndItsLine(_ value: String) throws {
        let responses = try answers(
            to: "GET /reflect/\(value) HTTP/1.1\r\nHost: a\r\n\r\nGET /echo HTTP/1.1\r\nHost: a\r\n\r\n", count: 2)
        #expect(responses[0].status == 500)
        #expect(responses[0].problem["status"] as? Int == 500)
        #expect(responses[0]["X-Evil"] == nil && responses[0]["X-Reflected"] == nil)
        #expect(responses[1].text == "GET /echo -\n")
    }

    @Test(
        "An answer that breaks the framing is not sent",
        arguments: [
            (200, "Content-Length", "3"), (200, "transfer-encoding", "chunked"), (200, "Connection", "close"),
            (200, "Date", "x"), (200, "X Y", "z"), (200, "X:", "z"), (200, "", "z"), (200, "X\r\nY", "z"),
            (100, "X", "y"),
            (42, "X", "y"), (600, "X", "y"), (-1, "X", "y"),
        ])
    func anAnswerThatBreaksTheFramingIsNotSent(_ status: Int, _ name: String, _ value: String) throws {
        let application = TestApplication.always(
            .answering(onWorker: { _ in
                HTTPResponse(status: status, headers: [(name, value)], body: .bytes([0x78]))
            }))
        let responses = try answers(
            to: String(repeating: "GET / HTTP/1.1\r\nHost: a\r\n\r\n", count: 2), count: 2, application: application)
        #expect(responses.map(\.status) == [500, 500])
        #expect(responses[0].problem["status"] as? Int == 500)
    }

    @Test("A refusal whose fields cannot be sent is sent without them")
    func aRefusalWhoseFieldsCannotBeSentIsSentWithoutThem() throws {
        let application = TestApplication.always(
            .answering(
                onWorker: { _ in HTTPResponse(status: 1, headers: [], body: .bytes([])) },
                refusal: {
                    HTTPResponse(status: $0.status, headers: [("X", "a\r\nb"), ("Y", "c")], body: .bytes([]))
                }))
        let responses = try answers(to: "GET / HTTP/1.1\r\nHost: a\r\n\r\n", application: application)
        #expect(responses[0].status == 500)
        #expect(responses[0]["X"] == nil && responses[0]["Y"] == "c")
    }
}
