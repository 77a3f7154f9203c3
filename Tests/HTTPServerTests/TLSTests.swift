import Foundation
import HTTPServer
import Synchronization
import Testing

/// TLS: versions, certificates of both sides, certificates that are replaced, and peers that do not speak it.
///
/// The certificates are ECDSA on P-256, valid to 2126: `server` and `second-server` for localhost by `authority`, `client` by
/// `client-authority`, `stranger` by `authority`. Out of their time are `expired` and `early`, both of `server`'s key.
@Suite(.timeLimit(.minutes(10))) struct TLSTests {
    private static let get = "GET /echo HTTP/1.1\r\nHost: localhost\r\n\r\n"

    private static func tls(clientAuthority: String? = nil) throws -> TLSSettings {
        try TLSSettings(
            certificateFile: TLSClient.file("server"), keyFile: TLSClient.file("server-key"),
            clientAuthorityFile: clientAuthority.map(TLSClient.file))
    }

    /// Copies of the server's files, which may be overwritten.
    private struct Files {
        let folder = FileManager.default.temporaryDirectory.appending(path: "dropoutd-tests-\(UUID().uuidString)")
        var certificate: String { folder.appending(path: "certificate.pem").path }
        var key: String { folder.appending(path: "key.pem").path }

        init(_ name: String) throws {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try put(name, key: "\(name)-key")
        }

        func put(_ name: String, key keyName: String) throws {
            try Data(contentsOf: URL(filePath: TLSClient.file(name))).write(to: URL(filePath: certificate))
            try Data(contentsOf: URL(filePath: TLSClient.file(keyName))).write(to: URL(filePath: key))
        }

        func put(text: String) throws { try Data(text.utf8).write(to: URL(filePath: certificate)) }

        func remove() { try? FileManager.default.removeItem(at: folder) }
    }

    // MARK: Versions

    @Test("A version that is safe is spoken", arguments: [12, 13]) func aVersionThatIsSafeIsSpoken(_ version: Int)
        async throws
    {
        let tls = try Self.tls()
        let (text, spoken) = try await withServer({ $0.tls = tls }) { port in
            let client = try TLSClient(port, versions: version...version)
            return (try client.echo("one") + client.echo("two"), client.version.map { "\($0)" })
        }
        #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(text.hasSuffix("GET /echo two\n"))
        #expect(spoken == (version == 12 ? "tlsv12" : "tlsv13"))
    }

    @Test("An old version is refused", arguments: [10...10, 10...11, 11...11]) func anOldVersionIsRefused(
        _ versions: ClosedRange<Int>
    ) async throws {
        let tls = try Self.tls()
        let isRefused = try await withServer({ $0.tls = tls }) { port in
            let isRefused = (try? TLSClient(port, versions: versions)) == nil
            // Others are served.
            return try isRefused && TLSClient(port).echo("x").hasPrefix("HTTP/1.1 200")
        }
        #expect(isRefused)
    }

    @Test("Both sides choose the newest version")
    func bothSidesChooseTheNewestVersion() async throws {
        let tls = try Self.tls()
        #expect(try await withServer({ $0.tls = tls }) { "\(try TLSClient($0).version as Any)" }.contains("tlsv13"))
    }

    // MARK: Requests

    @Test("Long answers refusals and the end of the connection come through")
    func longAnswersRefusalsAndTheEndOfTheConnectionComeThrough() async throws {
        let tls = try Self.tls()
        let (long, last, rest) = try await withServer({ $0.tls = tls }) { port in
            let client = try TLSClient(port)
            try client.send("GET /worker/chunks/100/100000 HTTP/1.1\r\nHost: a\r\n\r\n")
            let long = try client.text { $0.hasSuffix("\r\n0\r\n\r\n") }
            try client.send("GET /echo HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
            let last = try client.rest()
            return (long.utf8.count, last, try client.rest())
        }
        #expect(long > 10_000_000)
        #expect(last.hasPrefix("HTTP/1.1 400 Bad Request\r\n") && last.contains("Connection: close\r\n"))
        #expect(rest.isEmpty)
    }

    @Test("A long body comes through and is held no longer")
    func aLongBodyComesThroughAndIsHeldNoLonger() async throws {
        let tls = try Self.tls()
        let (text, held) = try await withServerItself({ $0.tls = tls }) { server in
            let client = try TLSClient(server.port)
            let body = String(repeating: "a", count: 3_000_000)
            try client.send(
                "POST /worker/echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 3000000\r\n\r\n" + body)
            return (try client.rest(), server.figures.heldBytes)
        }
        #expect(text.hasSuffix("POST /worker/echo -\n" + String(repeating: "a", count: 3_000_000)))
        #expect(held == 0)
    }

    @Test("A reader that takes nothing is left")
    func aReaderThatTakesNothingIsLeft() async throws {
        let tls = try Self.tls()
        let outcomes = Outcomes()
        try await withServer(application: outcomes.noting(.fake())) {
            $0.tls = tls
            $0.drainDeadline = .milliseconds(300)
        } _: { port in
            let client = try TLSClient(port)
            try client.send("GET /worker/chunks/\(Int.max)/100000 HTTP/1.1\r\nHost: a\r\n\r\n")
            _ = try client.text { !$0.isEmpty }
        }
        #expect(outcomes.all.map(\.isComplete) == [false])
    }

    // MARK: Peers that speak something else

    @Test("A plain client on a TLS port is closed")
    func aPlainClientOnATLSPortIsClosed() async throws {
        let tls = try Self.tls()
        let bytes = try await withServer({ $0.tls = tls }) { port in
            let client = try RawClient(port)
            try client.send(Self.get)
            return try Self.rest(client)
        }
        // Nothing but an alert of TLS at most.
        #expect(bytes.count <= 7)
    }

    @Test("A TLS client on a plain port is answered or closed")
    func aTLSClientOnAPlainPortIsAnsweredOrClosed() async throws {
        let (isRefused, status) = try await withServer { port in
            let isRefused = (try? TLSClient(port)) == nil
            let client = try RawClient(port)
            // The start of a ClientHello, with a line feed in it.
            try client.send([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xFC, 0x03, 0x03, 0x0A, 0x0A, 0x0A])
            return (isRefused, try client.response().status)
        }
        #expect(isRefused)
        #expect(status == 400)
    }

    @Test(
        "A handshake that does not come is closed after the header deadline",
        arguments: ["", "\u{16}", "\u{16}\u{03}\u{01}"])
    func aHandshakeThatDoesNotComeIsClosedAfterTheHeaderDeadline(_ text: String) async throws {
        let tls = try Self.tls()
        let rest = try await withServer({
            $0.tls = tls
            $0.headerDeadline = .milliseconds(200)
        }) { port in
            let client = try RawClient(port)
            try client.send(text)
            return try Self.rest(client)
        }
        #expect(rest.isEmpty)
    }

    @Test("After the handshake the idle time holds")
    func afterTheHandshakeTheIdleTimeHolds() async throws {
        let tls = try Self.tls()
        let text = try await withServer({
            $0.tls = tls
            $0.headerDeadline = .seconds(600)
            $0.idleTimeout = .milliseconds(100)
        }) { try TLSClient($0).rest() }
        #expect(text.isEmpty)
    }

    /// What comes until the connection ends, in whatever order.
    private static func rest(_ client: RawClient) throws -> [UInt8] {
        do throws(RawClient.Failure) {
            return try client.rest()
        } catch {
            guard error == .wasReset else { throw error }
            return []
        }
    }

    /// TLS ends with a farewell of both sides, which few clients that are idle give.
    /// The deadline is an hour, so that a stop which waits for it runs into the time limit.
    @Test("A stop does not wait for the farewells of idle clients until its deadline", .timeLimit(.minutes(10)))
    func aStopDoesNotWaitForTheFarewellsOfIdleClientsUntilItsDeadline() async throws {
        let tls = try Self.tls()
        let client = Mutex<TLSClient?>(nil)
        try await withServer({
            $0.tls = tls
            $0.drainDeadline = .seconds(3600)
        }) { port in
            let open = try TLSClient(port)
            _ = try open.echo("x")
            try open.endReading()
            client.withLock { $0 = open }
        }
        #expect(client.withLock { $0 != nil })
    }

    // MARK: Certificates of clients

    @Test("A client's certificate is asked for and checked", arguments: [12, 13])
    func aClientsCertificateIsAskedForAndChecked(_ version: Int) async throws {
        let tls = try Self.tls(clientAuthority: "client-authority")
        let seen = try await withServer({ $0.tls = tls }) { port in
            [nil, "stranger", "client"].map { identity in
                // With TLS 1.3 the client has finished before it is refused.
                (try? TLSClient(port, versions: version...version, identity: identity).echo("x")) != nil
            }
        }
        #expect(seen == [false, false, true])
    }

    @Test("A client's certificate is not asked for without an authority")
    func aClientsCertificateIsNotAskedForWithoutAnAuthority() async throws {
        let tls = try Self.tls()
        let text = try await withServer({ $0.tls = tls }) { try TLSClient($0, identity: "stranger").echo("x") }
        #expect(text.hasPrefix("HTTP/1.1 200"))
    }

    // MARK: Replaced certificates

    @Test("New connections have the new certificate and old ones go on")
    func newConnectionsHaveTheNewCertificateAndOldOnesGoOn() async throws {
        let files = try Files("server")
        defer { files.remove() }
        let tls = try TLSSettings(
            certificateFile: files.certificate, keyFile: files.key, clientAuthorityFile: nil)
        let seen = try await withServer({ $0.tls = tls }) { port in
            let old = try TLSClient(port)
            _ = try old.echo("before")
            try files.put("second-server", key: "second-server-key")
            let unread = try TLSClient(port)
            try tls.reload()
            let new = try TLSClient(port)
            return [
                old.certificate == (try TLSClient.certificate("server")), unread.certificate == old.certificate,
                new.certificate == (try TLSClient.certificate("second-server")),
                try old.echo("after").hasPrefix("HTTP/1.1 200"), try new.echo("x").hasPrefix("HTTP/1.1 200"),
            ]
        }
        #expect(seen == [true, true, true, true, true])
    }

    enum Wrong: CaseIterable { case otherKey, nonsense, empty, cut, missing }

    @Test("Wrong files leave what was read", arguments: Wrong.allCases) func wrongFilesLeaveWhatWasRead(_ wrong: Wrong)
        async throws
    {
        let files = try Files("server")
        defer { files.remove() }
        let tls = try TLSSettings(
            certificateFile: files.certificate, keyFile: files.key, clientAuthorityFile: nil)
        let (isRefused, isOld) = try await withServer({ $0.tls = tls }) { port in
            switch wrong {
            case .otherKey: try files.put("second-server", key: "server-key")
            case .nonsense: try files.put(text: "no certificate")
            case .empty: try files.put(text: "")
            case .cut:
                try files.put(
                    text: String(
                        decoding: Data(contentsOf: URL(filePath: files.certificate)).prefix(300), as: UTF8.self))
            case .missing: files.remove()
            }
            let isRefused = (try? tls.reload()) == nil
            return (isRefused, try TLSClient(port).certificate == TLSClient.certificate("server"))
        }
        #expect(isRefused)
        #expect(isOld)
    }

    @Test(
        "A server does not start with files that do not fit",
        arguments: [
            ("server", "second-server-key"), ("server-key", "server-key"), ("nowhere", "server-key"),
            ("server", "server"),
        ])
    func aServerDoesNotStartWithFilesThatDoNotFit(_ certificate: String, _ key: String) {
        #expect(throws: (any Error).self) {
            try TLSSettings(
                certificateFile: TLSClient.file(certificate), keyFile: TLSClient.file(key), clientAuthorityFile: nil)
        }
    }
}
