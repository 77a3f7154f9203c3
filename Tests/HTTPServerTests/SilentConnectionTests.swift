import HTTPServer
import NIOCore
import Testing

/// Connections that are held without being used make room for others.
@Suite(.timeLimit(.minutes(10))) struct SilentConnectionTests {
    private static let get = "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n"

    private static func ask(_ client: RawClient, _ request: String = get) throws -> Int {
        try client.send(request)
        return try client.response().status
    }

    @Test("Over a bound the connection that is silent longest goes", arguments: [true, false])
    func overABoundTheConnectionThatIsSilentLongestGoes(_ isOfAddress: Bool)
        async throws
    {
        let (statuses, rest, figures) = try await withServerItself({
            $0.silence = .zero
            if isOfAddress { $0.maximumConnectionsPerAddress = 3 } else { $0.maximumConnections = 3 }
        }) { server in
            let clients = try (0..<3).map { _ in try RawClient(server.port) }
            // The second is silent longest now, and then the third.
            var statuses = try [1, 2, 0].map { try Self.ask(clients[$0]) }
            let others = try (0..<2).map { _ in try RawClient(server.port) }
            statuses += try others.map { try Self.ask($0) }
            let rest = try clients[1].rest() + clients[2].rest()
            statuses.append(try Self.ask(clients[0]))
            return (statuses, rest, server.figures.connections)
        }
        #expect(statuses == [200, 200, 200, 200, 200, 200])
        #expect(rest.isEmpty)
        #expect(figures.refused == 0 && figures.opened == 5)
    }

    @Test("A connection with a request that is computed stays")
    func aConnectionWithARequestInWorkStays() async throws {
        let gate = Gate()
        let statuses = try await withServer(
            application: .fake(gate),
            {
                $0.silence = .zero
                $0.maximumConnections = 1
            }
        ) { port in
            let first = try RawClient(port)
            try first.send("GET /worker/gated HTTP/1.1\r\nHost: a\r\n\r\n")
            try gate.awaitArrival()
            let refused = try Self.ask(RawClient(port))
            gate.open()
            return [refused, try first.response().status]
        }
        #expect(statuses == [503, 200])
    }

    @Test("A connection that was heard of a little ago stays")
    func aConnectionThatWasHeardOfALittleAgoStays() async throws {
        let statuses = try await withServer({ $0.maximumConnections = 1 }) { port in
            let first = try RawClient(port)
            return [try Self.ask(first), try Self.ask(RawClient(port)), try Self.ask(first)]
        }
        #expect(statuses == [200, 503, 200])
    }

    /// 64 more than the bound are kept; the next ones find the places of those that say nothing.
    @Test("A client that holds all connections keeps nobody out")
    func whoeverHoldsAllConnectionsKeepsNobodyOut() async throws {
        let statuses = try await withServer({
            $0.silence = .zero
            $0.maximumConnections = 10
        }) { port in
            let silent = try (0..<100).map { _ in try RawClient(port) }
            return try withExtendedLifetime(silent) { try (0..<100).map { _ in try Self.ask(RawClient(port)) } }
        }
        #expect(statuses == Array(repeating: 200, count: 100))
    }

    @Test("An IPv6 client is known by its first 64 bits")
    func anIPv6ClientIsKnownByItsFirst64Bits() throws {
        func network(_ text: String) throws -> ClientNetwork? {
            ClientNetwork(try SocketAddress(ipAddress: text, port: 1))
        }
        #expect(try network("192.0.2.7") == .ipv4(0xC000_0207))
        #expect(try network("::ffff:192.0.2.7") == .ipv4(0xC000_0207))
        #expect(try network("2001:db8:1:2:3:4:5:6") == .ipv6(0x2001_0DB8_0001_0002))
        #expect(try network("2001:db8:1:2::1") == network("2001:db8:1:2:ffff::"))
        #expect(try network("2001:db8:1:3::1") != network("2001:db8:1:2::1"))
        #expect(try network("::1") == .ipv6(0))
        #expect(ClientNetwork(nil) == nil)
        #expect(ClientNetwork(try SocketAddress(unixDomainSocketPath: "/a")) == nil)
    }
}
