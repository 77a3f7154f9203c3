import Foundation
import HTTPServer
import NIOCore
import Testing

/// Starting on an address that is taken, and stopping: what is in work is finished, and nothing new is begun.
@Suite(.timeLimit(.minutes(10))) struct StopTests {
    private static let get = "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n"

    private static func start(_ gate: Gate? = nil, _ adjust: (inout HTTPServerConfiguration) -> Void = { _ in })
        async throws -> HTTPListener
    {
        var configuration = HTTPServerConfiguration.patient
        configuration.drainDeadline = .seconds(3600)
        adjust(&configuration)
        return try await HTTPListener.start(configuration, TestApplication.fake(gate), WorkerPool(configuration))
    }

    /// Has the server stop while `talk` goes on.
    private static func stop(
        _ server: HTTPListener, _ talk: @escaping @Sendable (_ stop: () -> Void) throws -> [RawResponse]
    ) async throws -> [RawResponse] {
        let order = AsyncStream.makeStream(of: Void.self)
        async let stopped: Void = {
            for await _ in order.stream {}
            await server.stop()
        }()
        let responses = await onThread { try talk { order.continuation.finish() } }
        order.continuation.finish()
        await stopped
        return try responses.get()
    }

    @Test("Idle connections are closed and new ones refused")
    func idleConnectionsAreClosedAndNewOnesRefused() async throws {
        let server = try await Self.start()
        let port = server.port
        let responses = try await Self.stop(server) { stop in
            let (idle, fresh) = (try RawClient(port), try RawClient(port))
            try idle.send(Self.get)
            try fresh.send("\r\n")
            let responses = [try idle.response()]
            stop()
            guard try idle.rest().isEmpty, try fresh.rest().isEmpty else { return [] }
            do throws(RawClient.Failure) {
                _ = try RawClient(port)
                return []
            } catch {
                return error == .cannotConnect(ECONNREFUSED) ? responses : []
            }
        }
        #expect(responses.map(\.status) == [200])
    }

    @Test("What is being computed is finished")
    func whatIsInWorkIsFinished() async throws {
        let gate = Gate()
        let server = try await Self.start(gate)
        let port = server.port
        let responses = try await Self.stop(server) { stop in
            let clients = try (0..<4).map { _ in try RawClient(port) }
            try clients[0].send("GET /worker/gated HTTP/1.1\r\nHost: a\r\n\r\n" + Self.get)
            try gate.awaitArrival()
            // A header and a body that are still on their way; both have been seen when the go-ahead comes.
            try clients[1].send("POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
            _ = try clients[1].response()
            try clients[2].send(Self.get + "GET /echo HTT")
            _ = try clients[2].response()
            try clients[3].send(Self.get)
            _ = try clients[3].response()
            stop()
            // The stop has reached the connections when the idle one is closed.
            _ = try clients[3].rest()
            try clients[1].send("hello")
            try clients[2].send("P/1.1\r\nHost: a\r\n\r\n")
            gate.open()
            let responses = try clients[..<3].map { try $0.response() }
            guard try clients[..<3].allSatisfy({ try $0.rest().isEmpty }) else { return [] }
            return responses
        }
        #expect(responses.map(\.text) == ["GET /worker/gated -\n", "POST /echo -\nhello", "GET /echo -\n"])
        #expect(responses.map { $0["Connection"] } == ["close", "close", "close"])
    }

    @Test("What is still busy after the drain deadline is cut")
    func whatIsStillBusyAfterTheDrainDeadlineIsCut() async throws {
        let server = try await Self.start { $0.drainDeadline = .milliseconds(100) }
        let port = server.port
        let isCut = try await Self.stop(server) { stop in
            let client = try RawClient(port)
            try client.send("GET /worker/chunks/\(Int.max)/100000 HTTP/1.1\r\nHost: a\r\n\r\n")
            try client.waitForAnswer()
            stop()
            do throws(RawClient.Failure) {
                return [try client.response()]
            } catch {
                guard error == .endedEarly || error == .wasReset else { throw error }
                return []
            }
        }
        #expect(isCut.isEmpty)
    }

    @Test("A computation that goes on is not waited for beyond the drain deadline")
    func aComputationThatGoesOnIsNotWaitedForBeyondTheDrainDeadline() async throws {
        let gate = Gate()
        let server = try await Self.start(gate) { $0.drainDeadline = .milliseconds(100) }
        let client = try RawClient(server.port)
        try client.send("GET /worker/gated HTTP/1.1\r\nHost: a\r\n\r\n")
        try gate.awaitArrival()
        // Returns while the worker stands at the gate, which is opened behind it.
        await server.stop()
        #expect(throws: RawClient.Failure.self) { try client.response() }
        gate.open()
    }

    @Test("Stopping twice is harmless")
    func stoppingTwiceIsHarmless() async throws {
        let server = try await Self.start()
        async let first: Void = server.stop()
        async let second: Void = server.stop()
        _ = await (first, second)
        await server.stop()
    }

    @Test("A port that is taken is an error that says so")
    func aPortThatIsTakenIsAnErrorThatSaysSo() async throws {
        let server = try await Self.start()
        let error = await #expect(throws: IOError.self) {
            _ = try await Self.start { $0.port = server.port }
        }
        #expect(error?.errnoCode == EADDRINUSE)
        #expect(error.map { "\($0)" }?.contains("in use") == true)
        // The first goes on.
        let port = server.port
        let status = await onThread {
            let client = try RawClient(port)
            try client.send(Self.get)
            return try client.response().status
        }
        await server.stop()
        #expect(try status.get() == 200)
    }

    @Test("A port can be taken again after a stop")
    func aPortCanBeTakenAgainAfterAStop() async throws {
        let server = try await Self.start()
        let port = server.port
        let response = await onThread {
            let client = try RawClient(port)
            try client.send(Self.get)
            return try client.response().status
        }
        await server.stop()
        #expect(try response.get() == 200)
        let again = try await Self.start { $0.port = port }
        #expect(again.port == port)
        await again.stop()
    }
}
