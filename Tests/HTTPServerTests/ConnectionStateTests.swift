import HTTPServer
import NIOCore
import Testing

/// The table of ``ConnectionState``: what each event does in each state. A state that a row does not name does nothing.
@Suite struct ConnectionStateTests {
    typealias Place = ConnectionPlace

    private static let refused = [
        "refuse 400 malformed", "head 400, last", "finish", "end 400 malformed", "close output", "farewell 1000.0 ms",
    ]
    private static let late = [
        "refuse 408 tooSlow", "head 408, last", "finish", "end 408 tooSlow", "close output", "farewell 1000.0 ms",
    ]
    private static let close = ["no timer", "close"]
    private static let ended = ["abandon", "end - -, incomplete"]
    private static let cut = ["abandon", "end 200 -, incomplete"]

    /// Has `act` happen in each state, and compares what is done.
    private static func expect(_ steps: [Place: [String]], _ act: (Conversation) -> Void) throws {
        for place in Place.allCases {
            let conversation = try place.reached()
            act(conversation)
            #expect(conversation.takeSteps() == steps[place, default: []], "\(place)")
        }
    }

    @Test("The end of the connection ends the request that is open, once", arguments: [1, 2])
    func closed(_ count: Int) throws {
        try Self.expect([
            .header: Self.ended, .verdict: Self.ended, .body: Self.ended, .answering: Self.ended, .writing: Self.cut,
            .sending: Self.cut, .taking: Self.cut,
        ]) { conversation in for _ in 0..<count { conversation.receive(.closed) } }
    }

    @Test("A failure of the socket closes, once", arguments: [1, 2])
    func failed(_ count: Int) throws {
        let open = Place.allCases.filter { $0 != .closing && $0 != .closed }
        try Self.expect(Dictionary(uniqueKeysWithValues: open.map { ($0, Self.close) })) { conversation in
            for _ in 0..<count { conversation.receive(.failed) }
        }
    }

    @Test("A drain closes only what is idle")
    func draining() throws { try Self.expect([.idle: Self.close]) { $0.receive(.draining) } }

    @Test("A fault of the decoder is refused until the request is answered")
    func broken() throws {
        try Self.expect([
            .idle: ["start"] + Self.refused, .header: Self.refused, .verdict: ["abandon"] + Self.refused,
            .body: Self.refused,
        ]) { $0.receive(.broken(.other)) }
    }

    @Test("Each state has its own time")
    func timePassed() throws {
        try Self.expect([
            .idle: Self.close, .header: Self.late, .body: Self.late, .writing: ["measure", "reader 10.0 ms"],
            .sending: ["measure", "reader 10.0 ms"], .taking: ["measure"] + Self.close, .farewell: Self.close,
        ]) { $0.passTime() }
        let timers = try Place.allCases.map { try $0.reached().timer }
        #expect(
            timers == [.idle, .header, nil, .body, nil, .reader, .reader, .reader, .farewell, nil, .idle])
    }

    @Test("No state listens to a time that is not set")
    func otherTime() throws {
        try Self.expect([:]) { conversation in
            let timers: [ConnectionTimer] = [.idle, .header, .body, .work, .reader, .farewell]
            for timer in timers where timer != conversation.timer { conversation.receive(.timePassed(timer)) }
        }
    }

    @Test("What the application or a worker reports too late changes nothing")
    func tooLate() throws {
        for place in Place.allCases {
            let conversation = try place.reached()
            if place != .answering {
                conversation.receive(.answered(RequestAnswer(Place.parts)))
                conversation.receive(.working(nextCheck: .zero))
                conversation.receive(.nobodyWaits)
            }
            if place != .verdict { conversation.receive(.checked(nil, refusal: nil, queue: nil, compute: nil)) }
            if place != .writing, place != .sending {
                conversation.receive(.part(Place.part(0)))
                conversation.receive(.noMoreParts(count: 0))
                conversation.receive(.writabilityChanged(isWritable: true))
            }
            conversation.receive(.begun(isVital: true, .later))
            #expect(conversation.takeSteps() == [], "\(place)")
        }
    }

    @Test("The client's end of sending closes what is idle, breaks what is unfinished, and is passed on to the workers")
    func inputClosed() throws {
        try Self.expect([
            .idle: Self.close, .header: Self.refused, .body: Self.refused, .answering: ["input closed"],
        ]) { $0.endSending() }
    }

    @Test("An end of the request that is not that of the scan is refused")
    func unclearEnd() throws { try Self.expect([.body: Self.refused]) { $0.receive(.end) } }

    @Test("The end of the input waits until the decoder has reported all parts before it")
    func inputClosedWhileDecoding() {
        var state = ConnectionState(HTTPServerConfiguration(), isSurplus: false)
        _ = state.receive(.bytes(ByteBuffer(string: "GET")))
        #expect(state.receive(.inputClosed).isEmpty)
        guard case .decodeEnd? = state.receive(.decoded).last else {
            Issue.record("the decoder does not learn of the end")
            return
        }
    }

    @Test("A connection is busy while a request is in work, and not closed for another")
    func busy() throws {
        let busy = try Place.allCases.filter { try $0.reached().isBusy }
        #expect(busy == [.verdict, .answering, .writing, .sending, .taking])
    }

    @Test("Bytes are read while no request is in work")
    func reading() throws {
        let read = try Place.allCases.filter { $0 != .closed }.filter { place in
            let conversation = try place.reached()
            conversation.send("\r\n")
            return conversation.unreadCount == 0
        }
        #expect(read == [.idle, .header, .body, .farewell, .closing])
    }
}
