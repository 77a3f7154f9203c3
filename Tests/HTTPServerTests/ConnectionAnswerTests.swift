import HTTPServer
import Testing

/// Answers on their way: workers, parts, readers and their time.
@Suite struct ConnectionAnswerTests {
    private static let get = "GET /worker HTTP/1.1\r\nHost: a\r\n\r\n"

    /// A conversation whose application has a question, and its answers held back.
    private static func asked(
        _ request: String = get, _ adjust: (inout HTTPServerConfiguration) -> Void = { _ in }
    ) throws -> Conversation {
        let conversation = try Conversation(.fake(), .init(holdsWorkers: true), adjust)
        conversation.send(request)
        _ = conversation.takeSteps()
        return conversation
    }

    private static func response(_ body: HTTPBody) -> HTTPResponse {
        HTTPResponse(status: 200, headers: [], body: body)
    }

    private static let chunks = response(.chunks { HTTPChunk([0x61]) })
    private static let parts = response(.parts { HTTPPart(maximumBytes: 1) { _ in 1 } })

    private static func part(_ number: Int, isChunked: Bool = true) -> ConnectionEvent {
        .part(AnswerPart(number, HTTPChunk(Array("<\(number)>".utf8)), isChunked: isChunked))
    }

    private static func cut(_ number: Int, isChunked: Bool) -> ConnectionEvent {
        .part(AnswerPart(number, HTTPChunk(Array("!".utf8), isCut: true), isChunked: isChunked))
    }

    private static func written(_ number: Int) -> String { "write 3\\r\\n<\(number)>\\r\\n" }

    private static let next = ["finish", "end 200 -", "idle 75000.0 ms"]

    // MARK: Workers

    @Test("While a worker has the request, its time is checked again and again")
    func working() throws {
        let conversation = try Self.asked()
        conversation.receive(.working(nextCheck: .milliseconds(5)))
        conversation.passTime()
        conversation.receive(.working(nextCheck: .milliseconds(6)))
        conversation.passTime()
        #expect(conversation.takeSteps() == ["work 5.0 ms", "check time", "work 6.0 ms", "check time"])
    }

    @Test("A refusal of the workers is an answer, after which the connection goes on")
    func refusal() throws {
        let conversation = try Self.asked()
        conversation.receive(
            .answered(RequestAnswer(HTTPResponse(status: 503, headers: [], body: .bytes([])), refusal: .queue)))
        #expect(conversation.takeSteps() == ["head 503", "finish", "end 503 queue", "idle 75000.0 ms"])
    }

    @Test("A plan that nobody waits for closes the connection")
    func nobodyWaits() throws {
        let conversation = try Self.asked()
        conversation.endSending()
        conversation.receive(.nobodyWaits)
        #expect(conversation.takeSteps() == ["input closed", "no timer", "close"])
    }

    @Test("An answer that cannot be sent is replaced, and what replaces it is sent without what is wrong")
    func illegal() throws {
        let application = TestApplication.always(
            .answering(
                onWorker: { _ in HTTPResponse(status: 1, headers: [], body: .bytes([])) },
                refusal: { HTTPResponse(status: $0.status, headers: [("X", "a\r\nb")], body: .bytes([])) }))
        let conversation = try Conversation(application)
        conversation.send(Self.get)
        #expect(
            conversation.takeSteps().suffix(5) == [
                "refuse 500 answer", "head 500", "finish", "end 500 answer", "idle 75000.0 ms",
            ])
    }

    @Test(
        "The status of an answer is a final one of three digits",
        arguments: [(199, 500), (200, 200), (204, 204), (599, 599), (600, 500), (1000, 500), (-200, 500)])
    func finalStatus(_ status: Int, _ sent: Int) throws {
        let application = TestApplication.always(
            .answering(
                onWorker: { _ in HTTPResponse(status: status, headers: [], body: .bytes([])) },
                refusal: { HTTPResponse(status: $0.status, headers: [], body: .bytes([])) }))
        let conversation = try Conversation(application)
        conversation.send(Self.get)
        #expect(conversation.takeSteps().contains("head \(sent)"))
    }

    // MARK: Parts

    @Test("Parts leave in order as they are made, and each write is flushed")
    func parts() throws {
        let conversation = try Self.asked { $0.workerCount = 2 }
        conversation.receive(.answered(RequestAnswer(Self.parts)))
        #expect(
            conversation.takeSteps() == [
                "head 200", "flush", "have 0", "parts in chunks", "reader 30000.0 ms", "measure", "make 0", "make 1",
                "make 2",
            ])
        // Nothing is written, so that nothing is flushed.
        conversation.receive(Self.part(1))
        #expect(conversation.takeSteps() == [])
        conversation.receive(Self.part(0))
        #expect(conversation.takeSteps() == [Self.written(0), Self.written(1), "make 3", "make 4", "flush"])
        conversation.receive(.noMoreParts(count: 4))
        conversation.receive(Self.part(3))
        #expect(conversation.takeSteps() == [])
        conversation.receive(Self.part(2))
        #expect(conversation.takeSteps() == [Self.written(2), Self.written(3), "write 0\\r\\n\\r\\n"] + Self.next)
    }

    @Test("A reader that does not keep up has no more parts made or sent")
    func writability() throws {
        let conversation = try Self.asked { $0.workerCount = 1 }
        conversation.receive(.answered(RequestAnswer(Self.parts)))
        _ = conversation.takeSteps()
        conversation.receive(.writabilityChanged(isWritable: false))
        conversation.receive(Self.part(0))
        conversation.receive(Self.part(1))
        #expect(conversation.takeSteps() == [])
        conversation.receive(.writabilityChanged(isWritable: true))
        #expect(conversation.takeSteps() == [Self.written(0), Self.written(1), "make 2", "make 3", "flush"])
    }

    @Test("Chunks are made one after another", arguments: ["1.1", "1.0"])
    func chunks(_ version: String) throws {
        let isChunked = version == "1.1"
        let conversation = try Self.asked("GET /worker HTTP/\(version)\r\nHost: a\r\nConnection: keep-alive\r\n\r\n")
        conversation.receive(.answered(RequestAnswer(Self.chunks)))
        #expect(
            conversation.takeSteps() == [
                isChunked ? "head 200" : "head 200, last", "flush", "have 0", isChunked ? "parts in chunks" : "parts",
                "reader 30000.0 ms", "measure", "make 0",
            ])
        conversation.receive(Self.part(0, isChunked: isChunked))
        #expect(conversation.takeSteps() == [isChunked ? Self.written(0) : "write <0>", "make 1", "flush"])
        conversation.receive(.noMoreParts(count: 1))
        #expect(
            conversation.takeSteps()
                == (isChunked
                    ? ["write 0\\r\\n\\r\\n"] + Self.next
                    : ["finish", "end 200 -", "close output", "farewell 1000.0 ms"]))
    }

    @Test("An answer that is cut ends without the last chunk, or with a reset")
    func cut() throws {
        let conversation = try Self.asked()
        conversation.receive(.answered(RequestAnswer(Self.chunks)))
        _ = conversation.takeSteps()
        conversation.receive(Self.cut(0, isChunked: true))
        #expect(
            conversation.takeSteps() == [
                "write 1\\r\\n!\\r\\n", "finish", "end 200 -, incomplete", "close output", "farewell 1000.0 ms",
            ])
        let old = try Self.asked("GET /worker HTTP/1.0\r\n\r\n")
        old.receive(.answered(RequestAnswer(Self.chunks)))
        _ = old.takeSteps()
        old.receive(Self.cut(0, isChunked: false))
        #expect(old.takeSteps() == ["write !", "flush", "reset on close", "no timer", "close"])
    }

    @Test("Chunks that compute for too long together are stopped")
    func deadline() throws {
        let conversation = try Self.asked { $0.computeDeadline = .seconds(3) }
        conversation.receive(.answered(RequestAnswer(Self.chunks)))
        _ = conversation.takeSteps()
        for number in 0..<3 {
            conversation.receive(
                .part(AnswerPart(number, HTTPChunk([0x61]), isChunked: true, compute: .milliseconds(1001))))
        }
        #expect(conversation.takeSteps().filter { $0 == "stop" } == ["stop"])
        conversation.receive(Self.cut(3, isChunked: true))
        #expect(conversation.outcomes.map(\.refusal) == [.deadline])
    }

    @Test("A dear answer that is computed while it is sent ends with the client's side", arguments: [true, false])
    func attended(_ isDear: Bool) throws {
        let conversation = try Self.asked()
        let price = HTTPPrice(nanoseconds: isDear ? 1_000_000_000 : 999_999_999)
        conversation.receive(.answered(RequestAnswer(Self.chunks, price: price)))
        _ = conversation.takeSteps()
        conversation.endSending()
        #expect(conversation.takeSteps() == (isDear ? ["no timer", "close"] : []))
    }

    @Test("An answer to HEAD has no parts")
    func head() throws {
        let conversation = try Self.asked("HEAD /worker HTTP/1.1\r\nHost: a\r\n\r\n")
        conversation.receive(.answered(RequestAnswer(Self.parts)))
        #expect(conversation.takeSteps() == ["head 200"] + Self.next)
    }

    // MARK: The reader

    @Test("An answer that the system has not taken holds memory, and the connection goes on when it has")
    func taken() throws {
        let conversation = try Self.asked()
        conversation.conduct.waitingBytes = 1000
        conversation.receive(.answered(RequestAnswer(Self.response(.bytes([UInt8](repeating: 0, count: 300))))))
        #expect(
            conversation.takeSteps() == [
                "head 200", "finish", "hold 300", "reader 30000.0 ms", "measure", "await taken",
            ])
        conversation.receive(.taken)
        #expect(conversation.takeSteps() == ["end 200 -", "idle 75000.0 ms"])
    }

    @Test("A long answer holds nothing more when its last part waits, and the connection goes on when it is taken")
    func lastPartTaken() throws {
        let conversation = try Self.asked()
        conversation.receive(.answered(RequestAnswer(Self.parts)))
        conversation.conduct.waitingBytes = 5
        _ = conversation.takeSteps()
        conversation.receive(.noMoreParts(count: 0))
        #expect(conversation.takeSteps() == ["write 0\\r\\n\\r\\n", "finish", "await taken"])
        conversation.receive(.writabilityChanged(isWritable: true))
        #expect(conversation.takeSteps() == [])
        conversation.receive(.taken)
        #expect(conversation.takeSteps() == ["end 200 -", "idle 75000.0 ms"])
    }

    @Test("Without memory for what the reader has not taken, the connection closes")
    func noMemory() throws {
        let conversation = try Self.asked()
        (conversation.conduct.waitingBytes, conversation.conduct.hasMemory) = (1000, false)
        conversation.receive(.answered(RequestAnswer(Self.response(.bytes([0x61])))))
        #expect(conversation.takeSteps() == ["head 200", "finish", "hold 1", "no timer", "close"])
    }

    @Test("A reader may take the time of the whole answer, in spans that it must use")
    func readerTime() throws {
        let conversation = try Self.asked {
            ($0.writeStallDeadline, $0.answerDeadline) = (.seconds(10), .seconds(15))
            ($0.minimumBytesPerSecond, $0.minimumAnswerBytesPerSecond) = (100, 1000)
        }
        // 15 s, and 10 s for 10,000 bytes.
        conversation.receive(.answered(RequestAnswer(Self.parts, price: HTTPPrice(printedBytes: 10_000))))
        #expect(conversation.takeSteps().contains("reader 10000.0 ms"))
        conversation.passTime()
        #expect(conversation.takeSteps() == ["measure", "reader 10000.0 ms"])
        conversation.passTime()
        #expect(conversation.takeSteps() == ["measure", "reader 5000.0 ms"])
        conversation.passTime()
        #expect(conversation.takeSteps() == ["no timer", "close"])
    }

    @Test("A reader that takes less than the minimum in a span is left", arguments: [(1000, true), (999, false)])
    func pace(_ takenBytes: Int, _ isKept: Bool) throws {
        let conversation = try Self.asked {
            ($0.writeStallDeadline, $0.minimumBytesPerSecond) = (.seconds(10), 100)
        }
        conversation.conduct.measures = [(0, 1), (takenBytes, 1)]
        conversation.receive(.answered(RequestAnswer(Self.parts)))
        _ = conversation.takeSteps()
        conversation.passTime()
        #expect(conversation.takeSteps() == ["measure"] + (isKept ? ["reader 10000.0 ms"] : ["no timer", "close"]))
    }
}
