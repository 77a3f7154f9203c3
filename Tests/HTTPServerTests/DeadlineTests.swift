import HTTPServer
import Stopping
import Testing

/// The bounds of waiting, computing and reading, and the end of a stop.
@Suite(.timeLimit(.minutes(10))) struct DeadlineTests {
    private static let long = HTTPPrice(nanoseconds: 2_000_000_000, printedBytes: 100)

    private static func get(_ path: String, _ version: String = "1.1", _ fields: String = "") -> String {
        "GET \(path) HTTP/\(version)\r\nHost: a\r\n\(fields)\r\n"
    }

    @Test("A computation over its deadline is stopped and its connection goes on")
    func aComputationOverItsDeadlineIsStoppedAndItsConnectionGoesOn() async throws {
        let (work, outcomes) = (PricedWork(), Outcomes())
        let responses = try await withServer(application: outcomes.noting(work.application(Self.long))) {
            $0.computeDeadline = .milliseconds(100)
        } _: { port in
            let client = try RawClient(port)
            try client.send(Self.get("/work") + Self.get("/quick"))
            let first = try client.response()
            try work.ended.awaitArrival()
            return [first, try client.response()]
        }
        #expect(responses.map(\.status) == [503, 200])
        #expect(responses[0]["Retry-After"] == nil && responses[0]["Connection"] == nil)
        #expect(outcomes.all.map(\.refusal) == [.deadline, nil])
        #expect(work.stopped == ["/work"])
    }

    /// A long body is read by a worker, and a short one by the event loop.
    @Test("A computation may have an earlier deadline of its own", arguments: [0, 9000])
    func aComputationMayHaveAnEarlierDeadline(_ bodyBytes: Int) async throws {
        let (work, outcomes) = (PricedWork(), Outcomes())
        let application = work.application(Self.long, deadline: .milliseconds(50))
        let status = try await withServer(application: outcomes.noting(application)) { _ in
        } _: { port in
            let client = try RawClient(port)
            try client.send("POST /work HTTP/1.1\r\nHost: a\r\nContent-Length: \(bodyBytes)\r\n\r\n")
            try client.send([UInt8](repeating: 0x61, count: bodyBytes))
            return try client.response().status
        }
        #expect(status == 503)
        #expect(outcomes.all.map(\.refusal) == [.deadline])
    }

    @Test("A deadline later than the server's changes nothing")
    func aLaterDeadlineChangesNothing() async throws {
        let work = PricedWork()
        let status = try await withServer(application: work.application(Self.long, deadline: .seconds(1000))) {
            $0.computeDeadline = .milliseconds(50)
        } _: { port in
            let client = try RawClient(port)
            try client.send(Self.get("/work"))
            return try client.response().status
        }
        #expect(status == 503)
    }

    @Test("Reading has the deadline too")
    func readingHasTheDeadlineToo() async throws {
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
    @Test("A request that waits too long is refused and does not run")
    func aRequestThatWaitsTooLongIsRefusedAndDoesNotRun() async throws {
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

    @Test(
        "An answer that is cut is not taken for whole", arguments: ["1.1", "1.0"], ["", "Accept-Encoding: gzip\r\n"])
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

    // MARK: Stopping

    @Test("A stop ends computations at its deadline")
    func aStopEndsComputationsAtItsDeadline() async throws {
        let work = PricedWork()
        var configuration = HTTPServerConfiguration.patient
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
