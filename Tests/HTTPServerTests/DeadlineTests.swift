import HTTPServer
import Stopping
import Testing

/// The bounds of waiting, computing and reading, and the end of a stop.
@Suite(.timeLimit(.minutes(1))) struct DeadlineTests {
    private static let long = HTTPPrice(nanoseconds: 2_000_000_000, printedBytes: 100)

    private static func get(_ path: String, _ version: String = "1.1", _ fields: String = "") -> String {
        "GET \(path) HTTP/\(version)\r\nHost: a\r\n\(fields)\r\n"
    }

    @Test func aComputationOverItsDeadlineIsStoppedAndItsConnectionGoesOn() async throws {
        let (work, outcomes) = (PricedWork(), Outcomes())
        let responses = try await withServer(application: outcomes.noting(work.application(Self.long))) {
            $0.computeDeadline = .milliseconds(100)
        } _: { port in
            let client = try RawClient(port)
            try client.send(Self.get("/work") + Self.get("/free"))
            let first = try client.response()
            try work.ended.awaitArrival()
            return [first, try client.response()]
        }
        #expect(responses.map(\.status) == [503, 200])
        #expect(responses[0]["Retry-After"] == nil && responses[0]["Connection"] == nil)
        #expect(outcomes.all.map(\.refusal) == [.deadline, nil])
        #expect(work.stopped == ["/work"])
    }

    @Test func readingHasTheDeadlineToo() async throws {
        let work = PricedWork()
        let status = try await withServer(application: work.application(Self.long)) {
            $0.computeDeadline = .milliseconds(100)
        } _: { port in
            let client = try RawClient(port)
            try client.send("POST /plan HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\n")
            try client.send([UInt8](repeating: 0x61, count: 9000))
            return try client.response().status
        }
        #expect(status == 503)
        #expect(work.stopped == ["/plan"])
    }

    /// The time in the queue is not the computation's: two that take 60 ms each are both answered.
    @Test func aRequestThatWaitsTooLongIsRefusedAndDoesNotRun() async throws {
        let (work, outcomes) = (PricedWork(), Outcomes())
        let response = try await withServer(application: outcomes.noting(work.application(Self.long))) {
            $0.queueDeadline = .milliseconds(100)
        } _: { port in
            let (first, second) = (try RawClient(port), try RawClient(port))
            try first.send(Self.get("/first"))
            try work.begun.awaitArrival()
            try second.send(Self.get("/second"))
            let response = try second.response()
            work.end()
            _ = try first.response()
            return response
        }
        #expect(response.status == 503 && response["Retry-After"] == "1" && response["Connection"] == nil)
        #expect(outcomes.all.first?.refusal == .queue)
        #expect(work.visits.filter { $0.stage == .work }.map(\.path) == ["/first"])
    }

    /// Each chunk computes for a while; the deadline counts them together.
    @Test func anAnswerThatIsComputedWhileItIsSentIsCutByTheDeadline() async throws {
        let outcomes = Outcomes()
        let chunks = Counter()
        let application = TestApplication.always(
            TestExchange(
                plan: { _, _ in
                    .work(
                        HTTPWork(price: Self.long) { stop in
                            HTTPResponse(
                                status: 200, headers: [],
                                body: .chunks {
                                    _ = chunks.next()
                                    let end = ContinuousClock.now + .milliseconds(10)
                                    while ContinuousClock.now < end {}
                                    return HTTPChunk(Array("line\n".utf8), isCut: stop.isSet)
                                })
                        })
                }, refusal: TestApplication.problem))
        let failure = try await withServerItself(application: outcomes.noting(application)) {
            $0.computeDeadline = .milliseconds(50)
        } _: { server in
            let client = try RawClient(server.port)
            try client.send(Self.get("/"))
            do throws(RawClient.Failure) {
                _ = try client.response()
                return RawClient.Failure?.none
            } catch {
                return error
            }
        }
        #expect(failure == .endedEarly)
        #expect(outcomes.all.map(\.isComplete) == [false] && outcomes.all.map(\.refusal) == [.deadline])
        #expect((2...8).contains(chunks.count))
    }

    // MARK: Cut answers

    private static func cutHandler(_ body: [HTTPChunk]) -> TestApplication {
        .always(
            .answering(onWorker: { _ in
                let count = Counter()
                return HTTPResponse(
                    status: 200, headers: [],
                    body: .chunks {
                        let number = count.next()
                        return number < body.count ? body[number] : nil
                    })
            }))
    }

    private static let cut = [HTTPChunk(Array("one\n".utf8)), HTTPChunk(Array("problem\n".utf8), isCut: true)]

    @Test(arguments: ["1.1", "1.0"], ["", "Accept-Encoding: gzip\r\n"])
    func anAnswerThatIsCutIsNotTakenForWhole(_ version: String, _ fields: String) async throws {
        let outcomes = Outcomes()
        let failure = try await withServerItself(application: outcomes.noting(Self.cutHandler(Self.cut))) { server in
            let client = try RawClient(server.port)
            try client.send(Self.get("/", version, fields))
            do throws(RawClient.Failure) {
                _ = try client.response()
                return RawClient.Failure?.none
            } catch {
                return error
            }
        }
        #expect(failure == (version == "1.1" ? .endedEarly : .wasReset))
        #expect(outcomes.all.map(\.isComplete) == [false])
    }

    @Test func theLastLineOfAnAnswerThatIsCutArrives() async throws {
        let bytes = try await withServer(application: Self.cutHandler(Self.cut)) { port in
            let client = try RawClient(port)
            try client.send(Self.get("/"))
            return try client.rest()
        }
        #expect(String(decoding: bytes, as: UTF8.self).hasSuffix("\r\n\r\n4\r\none\n\r\n8\r\nproblem\n\r\n"))
    }

    // MARK: Readers

    /// Reads an answer of 100 MB at far more than the slowest rate, and returns whether it is cut.
    private static func isCut(_ adjust: @escaping @Sendable (inout HTTPServerConfiguration) -> Void) async throws
        -> Bool
    {
        let application = TestApplication.always(
            .answering(
                onWorker: { _ in
                    let count = Counter()
                    return HTTPResponse(
                        status: 200, headers: [],
                        body: .parts {
                            count.next() < 1000
                                ? HTTPPart(maximumBytes: 100_000) { memory in
                                    memory.initializeMemory(as: UInt8.self, repeating: 0x61)
                                    return 100_000
                                } : nil
                        })
                }, price: HTTPPrice(nanoseconds: 1_000_000, printedBytes: 100_000_000)))
        return try await withServer(
            application: application,
            {
                $0.idleTimeout = .milliseconds(50)
                adjust(&$0)
            }
        ) { port in
            let client = try RawClient(port)
            try client.send(Self.get("/"))
            do throws(RawClient.Failure) {
                for _ in 0..<40 {
                    _ = try client.bytes(1_000_000)
                    // A connection without a request is closed at each tick of 50 ms.
                    _ = try RawClient(port).rest()
                }
                return false
            } catch {
                guard error == .wasReset || error == .endedEarly else { throw error }
                return true
            }
        }
    }

    @Test func anAnswerThatIsReadTooSlowlyAsAWholeIsCut() async throws {
        // 0.2 s and 0.1 s for the bytes; they take two seconds.
        let isCut = try await Self.isCut {
            $0.answerDeadline = .milliseconds(200)
            $0.minimumAnswerBytesPerSecond = 1_000_000_000
        }
        #expect(isCut)
    }

    @Test func theTimeForAnAnswerGrowsWithItsSize() async throws {
        let isCut = try await Self.isCut {
            $0.answerDeadline = .milliseconds(200)
            $0.minimumAnswerBytesPerSecond = 1_000_000
        }
        #expect(!isCut)
    }

    // MARK: Stopping

    @Test func aStopEndsComputationsAtItsDeadline() async throws {
        let work = PricedWork()
        var configuration = HTTPServerConfiguration()
        configuration.port = 0
        configuration.drainDeadline = .milliseconds(100)
        let server = try await HTTPListener.start(configuration, work.application(Self.long), WorkerPool(configuration))
        let clients = try (0..<2).map { _ in try RawClient(server.port) }
        for client in clients { try client.send(Self.get("/work")) }
        try work.begun.awaitArrival()
        await server.stop()
        try work.ended.awaitArrival()
        #expect(work.stopped == ["/work"])
        #expect(work.visits.filter { $0.stage == .work }.count == 1)
    }
}
