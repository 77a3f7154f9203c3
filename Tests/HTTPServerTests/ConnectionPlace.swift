import HTTPServer

/// A state, and the shortest way into it.
enum ConnectionPlace: CaseIterable {
    case idle, header, verdict, body, answering, writing, sending, taking, farewell, closing, closed

    func reached() throws -> Conversation {
        let application = TestApplication { request in
            TestExchange(
                verdict: request?.path == "/checked" ? .later { nil } : .now(nil),
                plan: TestApplication.fake().begin(request).plan)
        }
        let conversation = try Conversation(application, .init(holdsWorkers: true)) {
            $0.headerDeadline = .milliseconds(10)
            $0.bodyDeadline = .milliseconds(20)
            $0.idleTimeout = .milliseconds(30)
            $0.writeStallDeadline = .milliseconds(40)
            $0.answerDeadline = .milliseconds(50)
            $0.workerCount = 1
        }
        switch self {
        case .idle: break
        case .header: conversation.send("GET")
        case .verdict: conversation.send("GET /checked HTTP/1.1\r\nHost: a\r\n\r\n")
        case .body: conversation.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhe")
        case .answering: conversation.send("GET /worker HTTP/1.1\r\nHost: a\r\n\r\n")
        case .writing, .sending:
            conversation.send("GET /worker HTTP/1.1\r\nHost: a\r\n\r\n")
            conversation.receive(.answered(RequestAnswer(Self.parts)))
            if self == .sending { conversation.receive(.part(Self.part(0))) }
        case .taking:
            conversation.conduct.waitingBytes = 3
            conversation.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        case .farewell: conversation.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        case .closing: conversation.receive(.failed)
        case .closed: conversation.receive(.closed)
        }
        _ = conversation.takeSteps()
        return conversation
    }

    /// Three parts, which the test itself reports.
    static let parts = HTTPResponse(
        status: 200, headers: [], body: .parts { HTTPPart(maximumBytes: 1) { _ in 0 } })

    static func part(_ number: Int) -> AnswerPart {
        AnswerPart(number, HTTPChunk(Array("\(number)".utf8)), isChunked: true)
    }
}
