import HTTPServer
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Stopping

/// A connection without socket, thread and clock: a ``ConnectionState`` with NIO's decoder, an application, and a client.
///
/// It does what the state asks for at once, and notes it in words. The result of a worker comes after all events before it. The
/// test may hold it back and report another.
final class Conversation {
    /// What the test may hold back, and what it may refuse.
    struct Conduct {
        /// Bytes that arrive together.
        var pieceSize = Int.max
        /// Whether the test reports the results of workers itself.
        var holdsWorkers = false
        /// Whether there is memory.
        var hasMemory = true
        /// Bytes that the system has not taken when an answer ends.
        var waitingBytes = 0
        /// What the next measurements find: bytes that were taken, and bytes that wait.
        var measures: [(taken: Int?, waiting: Int)] = []
    }

    var conduct: Conduct
    private var state: ConnectionState
    private let configuration: HTTPServerConfiguration
    private let application: TestApplication
    private let decoder = EmbeddedChannel()
    private var events = CircularBuffer<ConnectionEvent>()
    /// What the client has sent and the server has not read.
    private var unread: ArraySlice<UInt8> = []
    private var isRead = false
    var unreadCount: Int { unread.count }
    private var request: HTTPRequest?
    private var exchange: (any HTTPExchange)?
    private var parts: (source: HTTPSource, isChunked: Bool)?

    /// What was done, in words, since ``takeSteps()``.
    private var steps: [String] = []
    /// What the client has received.
    private(set) var received: [UInt8] = []
    private(set) var outcomes: [HTTPOutcome] = []
    /// What the time is set for.
    private(set) var timer: ConnectionTimer?
    /// Whether the list of connections takes a request to be in work.
    private(set) var isBusy = false
    /// Whether the client sees the end of what it receives, and whether as a reset.
    private(set) var (isEnded, isReset) = (false, false)

    init(
        _ application: TestApplication = .fake(), isSurplus: Bool = false, _ conduct: Conduct = Conduct(),
        _ adjust: (inout HTTPServerConfiguration) -> Void = { _ in }
    ) throws {
        var configuration = HTTPServerConfiguration()
        adjust(&configuration)
        self.configuration = configuration
        self.conduct = conduct
        self.application = application
        state = ConnectionState(configuration, isSurplus: isSurplus)
        try decoder.pipeline.syncOperations.addHandler(ByteToMessageHandler(HTTPRequestDecoder(configuration)))
        receive(.opened)
        receive(.readRequested)
    }

    deinit { _ = try? decoder.finish(acceptAlreadyClosed: true) }

    // MARK: The client and the clock

    func send(_ bytes: some Sequence<UInt8>) {
        unread += bytes
        deliver()
    }

    func send(_ text: String) { send(text.utf8) }

    /// The client ends its side. The system reports that together with all that came before.
    func endSending() {
        while !unread.isEmpty { deliverPiece() }
        receive(.inputClosed)
    }

    /// The time passes that is set.
    func passTime() { if let timer { receive(.timePassed(timer)) } }

    func receive(_ event: ConnectionEvent) {
        take(event)
        deliver()
    }

    /// What was done since this was last asked.
    func takeSteps() -> [String] {
        defer { steps = [] }
        return steps
    }

    private func deliver() { while isRead, !unread.isEmpty { deliverPiece() } }

    private func deliverPiece() {
        isRead = false
        let piece = unread.prefix(conduct.pieceSize)
        unread = unread.dropFirst(conduct.pieceSize)
        take(.bytes(ByteBuffer(bytes: piece)))
        take(.readRequested)
    }

    private func take(_ event: ConnectionEvent) {
        events.append(event)
        while let event = events.popFirst() {
            for action in state.receive(event) { perform(action) }
        }
    }

    // MARK: What the state asks for

    private func reply(_ event: ConnectionEvent) { events.prepend(event) }

    /// The result of a worker.
    private func report(_ event: ConnectionEvent) { if !conduct.holdsWorkers { events.append(event) } }

    private func perform(_ action: ConnectionAction) {
        if let words = action.words { steps.append(words) }
        switch action {
        case .read: isRead = true
        case .decode(let bytes):
            takeParts { try decoder.writeInbound(bytes) }
            events.append(.decoded)
        case .decodeEnd:
            takeParts {
                decoder.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
                try decoder.throwIfErrorCaught()
            }
            events.append(.inputDecoded)
        case .write(let bytes), .writeHead(let bytes, _): received += bytes.readableBytesView
        case .finish: reply(.flushed(waitingBytes: conduct.waitingBytes))
        case .measure:
            let (taken, waiting) =
                conduct.measures.isEmpty ? (nil, conduct.waitingBytes) : conduct.measures.removeFirst()
            reply(.measured(takenBytes: taken, waitingBytes: waiting))
        case .closeOutput: isEnded = true
        case .resetOnClose: isReset = true
        case .close: isEnded = true
        case .setTimer(let timer, _): self.timer = timer
        case .clearTimer: timer = nil
        case .request(let order): perform(order)
        case .setBusy(let isBusy): self.isBusy = isBusy
        case .flush, .awaitTaken: break
        }
    }

    /// Takes what the decoder reports: the parts, and then the error if there is one.
    private func takeParts(_ decode: () throws -> Void) {
        let result = Result(catching: decode)
        while let part = try? decoder.readInbound(as: HTTPServerRequestPart.self) {
            switch part {
            case .head(let head): events.append(.head(ReceivedHead(head, configuration)))
            case .body(let chunk): events.append(.body(chunk))
            case .end: events.append(.end)
            }
        }
        guard case .failure(let error) = result else { return }
        events.append((error as? HTTPParserError).map { .broken(DecoderFault($0)) } ?? .failed)
    }

    private func perform(_ order: RequestOrder) {
        switch order {
        case .start: (request, exchange) = (nil, nil)
        case .begin(let head):
            let request = HTTPRequest(head, peer: nil, callerAddress: nil)
            let exchange = application.begin(request)
            (self.request, self.exchange) = (request, exchange)
            reply(.begun(isVital: exchange.isVital, exchange.verdict))
        case .check: report(.checked(exchange?.check(), refusal: nil, queue: .zero, compute: .zero))
        case .answer(let question): answer(question)
        case .refuse(let refusal): reply(.answered(RequestAnswer(response(to: refusal))))
        case .takeMemory, .holdMemory: reply(.memory(isGranted: conduct.hasMemory))
        case .startParts(let source, let isChunked): parts = (source, isChunked)
        case .makePart(let number): make(number)
        case .end(let outcome): outcomes.append(outcome)
        case .holdAllocated, .checkTime, .inputClosed, .stop, .abandon: break
        }
    }

    // MARK: What the application and the workers do

    private func response(to refusal: HTTPRefusal) -> HTTPResponse {
        refusal.response(of: exchange ?? application.begin(nil))
    }

    private func answer(_ question: ReceivedRequest) {
        guard let exchange, var request else { return }
        request.body = question.body
        if let coding = question.bodyCoding {
            do throws(HTTPRefusal) {
                request.body = try Inflater.inflate(
                    question.body, coding, maximumBytes: configuration.maximumBodyBytes
                ) { _ in true }
            } catch {
                return report(.answered(RequestAnswer(response(to: error), refusal: error.reason)))
            }
        }
        switch exchange.plan(request, stop: .never) {
        case .answer(let response): reply(.answered(encoded(RequestAnswer(response, compute: .zero), question)))
        case .work(let work):
            let answer = RequestAnswer(work.run(.never), price: work.price, queue: .zero, compute: .zero)
            report(.answered(encoded(answer, question)))
        }
    }

    private func encoded(_ answer: RequestAnswer, _ question: ReceivedRequest) -> RequestAnswer {
        guard let codings = question.answerCodings else { return answer }
        var answer = answer
        answer.response = answer.response.encoded(codings)
        return answer
    }

    private func make(_ number: Int) {
        switch parts {
        case (.chunks(let next), let isChunked)?:
            let chunk = next()
            report(chunk.map { .part(AnswerPart(number, $0, isChunked: isChunked)) } ?? .noMoreParts(count: number))
        case (.parts(let next), let isChunked)?:
            guard let part = next() else {
                parts = nil
                return reply(.noMoreParts(count: number))
            }
            report(.part(AnswerPart(number, part, isChunked: isChunked)))
        case nil: break
        }
    }
}
