import HTTPServer
import NIOPosix
import Synchronization
import Testing

/// Where a request is read and computed follows from its price, and nothing is read twice.
@Suite(.timeLimit(.minutes(10))) struct PlaceOfWorkTests {
    private static func post(_ path: String, _ count: Int) -> [UInt8] {
        Array("POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: \(count)\r\n\r\n".utf8)
            + [UInt8](repeating: 0x61, count: count)
    }

    @Test(
        "A plan runs where its price says",
        arguments: [
            (0, 0, true, true), (8192, 0, true, true), (8193, 0, false, false), (10, 99_999, true, true),
            (10, 100_000, true, false), (10, 50_000_001, true, false), (9000, 1_000_000, false, false),
            (9000, 60_000_000, false, false), (100_000, 2_000_000_000, false, false),
        ])
    func aPlanRunsWhereItsPriceSays(
        _ bodyBytes: Int, _ nanoseconds: Int, _ isReadOnLoop: Bool, _ isComputedOnLoop: Bool
    ) async throws {
        let work = PricedWork()
        let application = work.application(HTTPPrice(nanoseconds: nanoseconds))
        let status = try await withServer(application: application) { port in
            let client = try RawClient(port)
            try client.send(Self.post("/free", bodyBytes))
            return try client.response().status
        }
        #expect(status == 200)
        #expect(
            work.visits == [
                .init(stage: .plan, path: "/free", isOnLoop: isReadOnLoop),
                .init(stage: .work, path: "/free", isOnLoop: isComputedOnLoop),
            ])
    }

    @Test("A short body is read on a worker if the application says so")
    func aShortBodyIsReadOnAWorkerIfAsked() async throws {
        let isOnLoop = Mutex<Bool?>(nil)
        let application = TestApplication { _ in
            TestExchange(
                isReadByWorker: true,
                plan: { _, _ in
                    isOnLoop.withLock { $0 = MultiThreadedEventLoopGroup.currentEventLoop != nil }
                    return .answer(HTTPResponse(status: 200, headers: [], body: .bytes([0x79])))
                })
        }
        let status = try await withServer(application: application) { port in
            let client = try RawClient(port)
            try client.send(Self.post("/", 10))
            return try client.response().status
        }
        #expect(status == 200)
        #expect(isOnLoop.withLock { $0 } == false)
    }

    @Test("Work that holds much is not for the event loop")
    func workThatHoldsMuchIsNotForTheEventLoop() async throws {
        let work = PricedWork()
        _ = try await servedAnswers(
            to: "GET /free HTTP/1.1\r\nHost: a\r\n\r\n", application: work.application(HTTPPrice(heldBytes: 2 << 20)))
        #expect(work.visits.map(\.isOnLoop) == [true, false])
    }

    /// A request that waits holds its question, not its body.
    @Test("A long plan waits without its body", arguments: [100, 300_000]) func aLongPlanWaitsWithoutItsBody(
        _ bodyBytes: Int
    ) async throws {
        let work = PricedWork()
        let price = HTTPPrice(nanoseconds: 60_000_000, heldBytes: 2_000_000, printedBytes: 100)
        let held = try await withServerItself(application: work.application(price, questionBytes: 1234)) { server in
            let (first, second) = (try RawClient(server.port), try RawClient(server.port))
            try first.send(Self.post("/first", 0))
            try work.begun.awaitArrival()
            let before = server.figures.heldBytes
            try second.send(Self.post("/second", bodyBytes))
            let witness = try RawClient(server.port)
            for _ in 0..<20_000 where server.figures.waiting == 0 || server.figures.heldBytes != before + 1234 {
                try witness.send("GET /quick HTTP/1.1\r\nHost: a\r\n\r\n")
                _ = try witness.response()
            }
            let held = [before, server.figures.heldBytes - before, server.figures.computingBytes]
            work.end()
            _ = try (first.response(), second.response())
            return held
        }
        // The answer's numbers and text are held before they are there.
        #expect(held == [2_000_000 + 400 + 100, 1234, 2_000_000])
    }

    @Test("A plan over the memory for computing is too expensive", arguments: [0, 9000])
    func aPlanOverTheMemoryForComputingIsTooExpensive(_ bodyBytes: Int) async throws {
        let outcomes = Outcomes()
        let application = PricedWork().application(HTTPPrice(nanoseconds: 100, heldBytes: 601_000))
        let response = try await withServer(
            application: outcomes.noting(application), { $0.memoryBudgetBytes = 1_600_000 }
        ) {
            let client = try RawClient($0)
            try client.send(Self.post("/x", bodyBytes))
            return try client.response()
        }
        #expect(response.status == 422 && response["Retry-After"] == nil && response["Connection"] == nil)
        #expect(outcomes.all.map(\.refusal) == [.tooExpensive(heldBytes: 601_000, limitBytes: 600_000 + 0)])
    }
}
