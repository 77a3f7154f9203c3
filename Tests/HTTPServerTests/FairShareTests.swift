import HTTPServer
import Testing

/// One caller's requests leave room for those of others.
@Suite(.timeLimit(.minutes(10))) struct FairShareTests {
    private static let long = HTTPPrice(nanoseconds: 2_000_000_000, printedBytes: 100)
    /// The caller is named by the query.
    private static let caller: @Sendable (HTTPRequest?) -> String = { $0?.query ?? "" }

    private static func get(_ target: String) -> String { "GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n" }

    private static func post(_ target: String, _ count: Int) -> [UInt8] {
        Array("POST \(target) HTTP/1.1\r\nHost: a\r\nContent-Length: \(count)\r\n\r\n".utf8)
            + [UInt8](repeating: 0x61, count: count)
    }

    /// The one worker computes for a long time, and reads others' requests meanwhile.
    @Test("Short requests are answered while a long one is computed")
    func shortRequestsAreAnsweredWhileALongOneIsComputed() async throws {
        let work = PricedWork()
        let application = TestApplication { request in
            let price = request?.path == "/free" ? HTTPPrice(nanoseconds: 1_000_000) : Self.long
            return work.application(price, caller: Self.caller).begin(request)
        }
        let statuses = try await withServer(application: application) { port in
            let (first, second) = (try RawClient(port), try RawClient(port))
            try first.send(Self.get("/work?a"))
            try work.begun.awaitArrival()
            var statuses: [Int] = []
            for caller in ["a", "b"] {
                for _ in 0..<10 {
                    try second.send(Self.post("/free?\(caller)", 20_000))
                    statuses.append(try second.response().status)
                }
            }
            work.end()
            statuses.append(try first.response().status)
            return statuses
        }
        #expect(statuses == Array(repeating: 200, count: 21))
    }

    @Test("Long requests of two callers take turns")
    func longRequestsOfTwoCallersTakeTurns() async throws {
        let work = PricedWork()
        let order = try await withServerItself(application: work.application(Self.long, caller: Self.caller)) {
            server in
            let first = try RawClient(server.port)
            try first.send(Self.get("/work?a"))
            try work.begun.awaitArrival()
            let clients = try ["/free/a1?a", "/free/a2?a", "/free/a3?a", "/free/b1?b"].map { target in
                let client = try RawClient(server.port)
                let waiting = server.figures.waiting
                try client.send(Self.get(target))
                let witness = try RawClient(server.port)
                for _ in 0..<20_000 where server.figures.waiting == waiting {
                    try witness.send(Self.get("/quick"))
                    _ = try witness.response()
                }
                return client
            }
            work.end()
            for client in [first] + clients { _ = try client.response() }
            return work.visits.filter { $0.stage == .work }.map(\.path)
        }
        #expect(order == ["/work", "/free/a1", "/free/b1", "/free/a2", "/free/a3"])
    }

    /// One long plan of a caller is computed at a time, and a second worker is idle.
    @Test("A chunk that takes long waits for its caller's turn, and a short one does not", arguments: [true, false])
    func longChunksAreLongWork(_ isLong: Bool) async throws {
        let work = PricedWork()
        let chunks = Counter()
        let application = TestApplication { request in
            guard request?.path == "/lines" else { return work.application(Self.long).begin(request) }
            return TestExchange(plan: { _, _ in
                .answer(
                    HTTPResponse(
                        status: 200, headers: [],
                        body: .chunks {
                            chunks.next() < 2 ? HTTPChunk(Array("line\n".utf8), isNextLong: isLong) : nil
                        }))
            })
        }
        let made = try await withServer(
            application: application, { $0.workerCount = 2 }
        ) { port in
            let (first, second, third) = (try RawClient(port), try RawClient(port), try RawClient(port))
            try first.send(Self.get("/work"))
            try work.begun.awaitArrival()
            try second.send(Self.get("/lines"))
            for _ in 0..<20_000 where chunks.count == 0 {
                try third.send(Self.get("/quick"))
                _ = try third.response()
            }
            if !isLong { _ = try second.response() }
            for _ in 0..<100 {
                try third.send(Self.get("/quick"))
                _ = try third.response()
            }
            let made = chunks.count
            work.end()
            if isLong { _ = try second.response() }
            _ = try first.response()
            return made
        }
        #expect(made == (isLong ? 1 : 3))
    }

    /// Answers that nobody reads hold their half of the budget; small requests get through, and the holder's own large
    /// ones do not.
    @Test("Slow readers do not shut others out")
    func slowReadersDoNotShutOthersOut() async throws {
        let big = TestApplication { request in
            let call = TestApplication.fake().begin(request)
            return TestExchange(
                caller: { request?.query ?? "" },
                plan: { request, stop in
                    guard request.path == "/big" else { return call.plan(request, stop: stop) }
                    let price = HTTPPrice(nanoseconds: 1_000_000, heldBytes: 500_000, printedBytes: 1 << 30)
                    return .work(
                        HTTPWork(price: price) { _ in
                            HTTPResponse(
                                status: 200, headers: [],
                                body: .parts {
                                    HTTPPart(maximumBytes: 100_000) { memory in
                                        memory.initializeMemory(as: UInt8.self, repeating: 0x61)
                                        return 100_000
                                    }
                                }, heldBytes: 500_000)
                        })
                }, refusal: { call.response(to: $0) })
        }
        let (statuses, held) = try await withServerItself(application: big) {
            // Some three megabytes are held by each such answer.
            $0.memoryBudgetBytes = 20_000_000
        } _: { server in
            let readers = try (0..<4).map { _ in try RawClient(server.port) }
            var statuses: [Int] = []
            for (number, reader) in readers.enumerated() {
                try reader.send(Self.get("/big?\(number)"))
                statuses.append(try reader.head().status)
            }
            let held = server.figures.heldBytes
            let other = try RawClient(server.port)
            for (caller, count) in [("x", 20_000), ("x", 400_000), ("0", 20_000), ("0", 5_000_000)] {
                try other.send(Self.post("/worker/echo?\(caller)", count))
                let response = try other.response()
                statuses.append(response.status)
                if response["Connection"] == "close" { break }
            }
            return (withExtendedLifetime(readers) { statuses }, held)
        }
        #expect(statuses == [200, 200, 503, 503, 200, 200, 200, 503])
        #expect(held <= 10_000_000)
    }
}
