import HTTPServer
import Testing

/// What a client has left is not computed, wherever its request is.
@Suite(.timeLimit(.minutes(10))) struct GoneClientTests {
    private static let long = HTTPPrice(nanoseconds: 2_000_000_000, printedBytes: 100)

    private static func get(_ path: String) -> String { "GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n" }

    private static func post(_ path: String) -> String {
        "POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\n" + String(repeating: "a", count: 9000)
    }

    /// Asks until nothing waits and nothing is computed any more.
    private static func isIdle(_ server: HTTPListener) throws -> Bool {
        let witness = try RawClient(server.port)
        for _ in 0..<20_000 {
            let figures = server.figures
            if figures.waiting == 0, figures.longRunning == 0, figures.heldBytes == 0 { return true }
            try witness.send(get("/quick"))
            _ = try witness.response()
        }
        return false
    }

    // MARK: Resets

    @Test("A reset stops what is computed", arguments: ["/work", "/plan", "/lines"]) func aResetStopsWhatIsComputed(
        _ path: String
    ) async throws {
        let (work, outcomes) = (PricedWork(), Outcomes())
        let isIdle = try await withServerItself(application: outcomes.noting(work.application(Self.long))) { server in
            let client = try RawClient(server.port)
            try client.send(Self.post(path))
            try work.begun.awaitArrival()
            client.reset()
            try work.ended.awaitArrival()
            return try Self.isIdle(server)
        }
        #expect(work.stopped == [path])
        #expect(isIdle)
        #expect(outcomes.all.first?.status == (path == "/lines" ? 200 : nil))
        #expect(outcomes.all.first?.isComplete == false)
    }

    /// The gate holds back what a client sends ahead; a reset is seen all the same.
    @Test("A reset after more requests stops what is computed")
    func aResetAfterMoreRequestsStopsWhatIsComputed() async throws {
        let work = PricedWork()
        try await withServer(application: work.application(Self.long)) { port in
            let client = try RawClient(port)
            try client.send(Self.get("/work") + String(repeating: Self.get("/other"), count: 3000))
            try work.begun.awaitArrival()
            client.reset()
            try work.ended.awaitArrival()
        }
        #expect(work.stopped == ["/work"])
        #expect(work.visits.map(\.path) == ["/work", "/work"])
    }

    @Test("A reset takes what waits out of the queue", arguments: [true, false]) func aResetTakesWhatWaitsOutOfTheQueue(
        _ isLong: Bool
    ) async throws {
        let work = PricedWork()
        let (waiting, left) = try await withServerItself(application: work.application(Self.long)) { server in
            let first = try RawClient(server.port)
            try first.send(Self.get("/first"))
            try work.begun.awaitArrival()
            let others = try (0..<20).map { _ in try RawClient(server.port) }
            let witness = try RawClient(server.port)
            for other in others { try other.send(isLong ? Self.get("/other") : Self.post("/other")) }
            func ask(until isReached: () -> Bool) throws {
                for _ in 0..<20_000 where !isReached() {
                    try witness.send(Self.get("/quick"))
                    _ = try witness.response()
                }
            }
            try ask { server.figures.waiting == 20 }
            let waiting = server.figures.waiting
            for other in others { other.reset() }
            try ask { server.figures.waiting == 0 }
            let left = server.figures.waiting
            work.end()
            _ = try first.response()
            return (waiting, left)
        }
        #expect(waiting == 20)
        #expect(left == 0)
        #expect(work.visits.filter { $0.stage == .work }.map(\.path) == ["/first"])
    }

    // MARK: A client that ends its side

    @Test(
        "A client that ends its side is answered up to a second of computing", arguments: ["/work", "/lines"],
        [true, false])
    func aClientThatEndsItsSideIsAnsweredUpToASecondOfComputing(_ path: String, _ isDear: Bool) async throws {
        let work = PricedWork()
        let price = HTTPPrice(nanoseconds: isDear ? 1_000_000_000 : 999_999_999, printedBytes: 100)
        let body = try await withServer(application: work.application(price)) { port in
            let client = try RawClient(port)
            try client.send(Self.get(path))
            try work.begun.awaitArrival()
            client.endSending()
            if isDear { try work.ended.awaitArrival() } else { work.end() }
            return try client.rest()
        }
        #expect(work.stopped == (isDear ? [path] : []))
        #expect(body.isEmpty == (isDear && path == "/work"))
        #expect(String(decoding: body, as: UTF8.self).hasSuffix("0\r\n\r\n") == (!isDear && path == "/lines"))
    }

}
