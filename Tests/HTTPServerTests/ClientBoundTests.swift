import HTTPServer
import Testing

/// What one client may take: connections, requests on one connection, and time for an answer.
@Suite(.timeLimit(.minutes(10))) struct ClientBoundTests {
    private static let get = "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n"

    // MARK: Connections

    @Test("Connections of one address are bounded apart from all")
    func connectionsOfOneAddressAreBoundedApartFromAll() async throws {
        let (statuses, retry, figures) = try await withServerItself({ $0.maximumConnectionsPerAddress = 2 }) { server in
            let clients = try (0..<3).map { _ in try RawClient(server.port) }
            var (statuses, retry) = ([Int](), String?.none)
            for client in clients {
                try client.send(Self.get)
                let response = try client.response()
                statuses.append(response.status)
                retry = response["Retry-After"]
            }
            return (statuses, retry, server.figures.connections)
        }
        #expect(statuses == [200, 200, 503])
        #expect(retry == "1")
        #expect(figures.opened == 3 && figures.refused == 1)
    }

    @Test("Connections of one address far too many are closed")
    func connectionsOfOneAddressFarTooManyAreClosed() async throws {
        let rest = try await withServer({ $0.maximumConnectionsPerAddress = 1 }) { port in
            let open = try (0..<65).map { _ in try RawClient(port) }
            return try withExtendedLifetime(open) { try RawClient(port).rest() }
        }
        #expect(rest.isEmpty)
    }

    // MARK: Reading

    /// Reads an answer without end, so many bytes at each tick of a clock, and returns whether that ends within 40 ticks.
    private static func isCut(_ bytesPerTick: Int, _ path: String) async throws -> Bool {
        let outcomes = Outcomes()
        return try await withServerItself(application: outcomes.noting(.fake())) {
            // The time from tick to tick.
            $0.headerDeadline = .milliseconds(50)
            $0.writeStallDeadline = .milliseconds(300)
            $0.minimumBytesPerSecond = 100_000
        } _: { server in
            let client = try RawClient(server.port)
            try client.send("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n")
            try client.waitForAnswer()
            for _ in 0..<40 {
                do throws(RawClient.Failure) {
                    if bytesPerTick > 0 { _ = try client.bytes(bytesPerTick) }
                } catch {
                    return error == .wasReset || error == .endedEarly
                }
                try RawClient.awaitHeaderDeadline(server.port)
                if outcomes.all.contains(where: { !$0.isComplete }) { return true }
            }
            return false
        }
    }

    @Test("A reader that is slower than the minimum is left", arguments: [0, 100])
    func aReaderThatIsSlowerThanTheMinimumIsLeft(_ bytesPerTick: Int) async throws {
        #expect(try await Self.isCut(bytesPerTick, "/worker/chunks/\(Int.max)/100000"))
    }

    @Test("A reader that is slower than the minimum is left in the middle of an answer in one piece")
    func aReaderThatIsSlowerThanTheMinimumIsLeftInTheMiddleOfAnAnswerInOnePiece() async throws {
        let isLeft = try await withServerItself({
            $0.writeStallDeadline = .milliseconds(200)
            $0.maximumBodyBytes = 64 << 20
        }) { server in
            let client = try RawClient(server.port)
            let body = [UInt8](repeating: 0x61, count: 30_000_000)
            try client.send("POST /worker/echo HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.count)\r\n\r\n")
            try client.send(body)
            try client.waitForAnswer()
            let witness = try RawClient(server.port)
            for _ in 0..<100_000 where server.figures.connections.open > 1 {
                try witness.send(Self.get)
                _ = try witness.response()
            }
            return server.figures.connections.open == 1
        }
        #expect(isLeft)
    }

}
