import HTTPServer
import NIOPosix
import Stopping
import Synchronization

/// A application whose work has a price, and computes until it is told to stop or until the test ends it.
final class PricedWork: Sendable {
    /// What was done where.
    struct Visit: Sendable, Equatable {
        enum Stage: Sendable { case plan, work }

        let stage: Stage
        let path: String
        let isOnLoop: Bool
    }

    /// Arrives when work has begun, and when it has ended.
    let begun = Gate()
    let ended = Gate()
    private let isOver = Atomic(false)
    private let state = Mutex((visits: [Visit](), stopped: [String]()))

    var visits: [Visit] { state.withLock { $0.visits } }
    /// The paths whose work was told to stop.
    var stopped: [String] { state.withLock { $0.stopped } }

    /// Lets all work end.
    func end() { isOver.store(true, ordering: .releasing) }

    /// - `/quick`: an answer without work.
    /// - `/free/...`: work of `price` that ends at once.
    /// - `/plan/...`: reads until it is told to stop.
    /// - `/lines/...`: an answer of chunks, of which the second computes until it is told to stop and is then cut.
    /// - anything else: work of `price` that computes.
    func application(
        _ price: HTTPPrice, questionBytes: Int = 0, deadline: Duration? = nil, reading: HTTPPrice = HTTPPrice(),
        caller: @escaping @Sendable (HTTPRequest?) -> String = { _ in "" }
    ) -> TestApplication {
        TestApplication { [self] request in
            TestExchange(
                caller: { caller(request) }, readingPrice: { _ in reading },
                plan: { [self] request, stop in
                    visit(.plan, request)
                    if request.path == "/quick" { return .answer(Self.answer) }
                    if request.path.hasPrefix("/plan") { compute(request, stop) }
                    return .work(
                        HTTPWork(price: price, questionBytes: questionBytes, deadline: deadline) { [self] stop in
                            visit(.work, request)
                            if request.path.hasPrefix("/lines") { return lines(request, stop) }
                            if !request.path.hasPrefix("/free") { compute(request, stop) }
                            return Self.answer
                        })
                }, refusal: TestApplication.problem)
        }
    }

    private static let answer = HTTPResponse(status: 200, headers: [], body: .bytes([0x79]))

    private func visit(_ stage: Visit.Stage, _ request: HTTPRequest) {
        let isOnLoop = MultiThreadedEventLoopGroup.currentEventLoop != nil
        state.withLock { $0.visits.append(Visit(stage: stage, path: request.path, isOnLoop: isOnLoop)) }
    }

    private func compute(_ request: HTTPRequest, _ stop: StopFlag) {
        begun.arrive()
        defer { ended.arrive() }
        do throws(Stopped) {
            while !isOver.load(ordering: .acquiring) { try stop.check() }
        } catch {
            state.withLock { $0.stopped.append(request.path) }
        }
    }

    private func lines(_ request: HTTPRequest, _ stop: StopFlag) -> HTTPResponse {
        let count = Counter()
        return HTTPResponse(
            status: 200, headers: [],
            body: .chunks { [self] in
                switch count.next() {
                case 0: return HTTPChunk(Array("first\n".utf8))
                case 1:
                    compute(request, stop)
                    return HTTPChunk(Array("last\n".utf8), isCut: stop.isSet)
                default: return nil
                }
            })
    }
}
