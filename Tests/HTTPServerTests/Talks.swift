import HTTPServer
import Testing

/// The ways in which the same bytes may come.
enum Arrival: CaseIterable {
    case whole, inPieces, withMore

    func conversation(
        _ text: String, _ application: TestApplication, _ adjust: (inout HTTPServerConfiguration) -> Void
    ) throws -> Conversation {
        // Byte by byte, but for long texts.
        let pieceSize = self == .inPieces ? max(1, text.utf8.count / 400) : .max
        let conversation = try Conversation(application, .init(pieceSize: pieceSize), adjust)
        conversation.send(self == .withMore ? text + "GET /more HTTP/1.1\r\nHost: a\r\n\r\n" : text)
        return conversation
    }
}

/// The first `count` answers to `text`, which are the same however it comes.
func answers(
    to text: String, count: Int = 1, toHead isHead: Bool = false, application: TestApplication = .fake(),
    _ adjust: (inout HTTPServerConfiguration) -> Void = { _ in }
) throws -> [RawResponse] {
    let all = try Arrival.allCases.map { arrival in
        let reader = AnswerReader(try arrival.conversation(text, application, adjust).received)
        return try (0..<count).map { _ in try reader.response(toHead: isHead) }
    }
    #expect(all[1].map(\.withoutTimes) == all[0].map(\.withoutTimes), "in pieces")
    #expect(all[2].map(\.withoutTimes) == all[0].map(\.withoutTimes), "with more")
    return all[0]
}

/// The one answer to `text`, after which the connection ends, the same however the text comes and whatever follows it.
func finalAnswer(
    to text: String, application: TestApplication = .fake(),
    _ adjust: (inout HTTPServerConfiguration) -> Void = { _ in }
) throws -> (response: RawResponse, rest: [UInt8]) {
    let all = try Arrival.allCases.map { arrival in
        let conversation = try arrival.conversation(text, application, adjust)
        #expect(conversation.isEnded, "\(arrival)")
        let reader = AnswerReader(conversation.received)
        return (response: try reader.response(), rest: try reader.rest())
    }
    #expect(all[1].response.withoutTimes == all[0].response.withoutTimes, "in pieces")
    #expect(all[2].response.withoutTimes == all[0].response.withoutTimes, "with more")
    return all[0]
}
