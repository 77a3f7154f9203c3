import HTTPServer
import NIOCore
import Testing

@Suite struct CallerAddressTests {
    @Test(
        "An IPv4 address is one caller, and so is a /64 of IPv6",
        arguments: [
            ("192.0.2.1", "192.0.2.1"), ("127.0.0.2", "127.0.0.2"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("2001:db8:1:2::", "2001:db8:1:2::/64"),
            ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"), ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
            ("::1", "::/64"), ("fe80::1", "fe80::/64"),
            // IPv4 inside IPv6.
            ("::ffff:192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.2", "192.0.2.2"),
            ("64:ff9b::192.0.2.1", "192.0.2.1"), ("64:ff9b:1::192.0.2.1", "64:ff9b:1::/64"),
            ("::fffe:192.0.2.1", "::/64"),
        ])
    func callerAddress(_ address: String, _ caller: String) throws {
        #expect(try SocketAddress(ipAddress: address, port: 80).callerAddress == caller)
    }

    @Test("A socket of the file system has no address")
    func fileSystem() throws {
        #expect(try SocketAddress(unixDomainSocketPath: "/tmp/socket").callerAddress == nil)
    }

    @Test("A request knows the address that counts as its caller")
    func request() async throws {
        let application = TestApplication.always(
            .answering(onWorker: { request in
                let text = "\(request.peer ?? "none") \(request.callerAddress ?? "none")"
                return HTTPResponse(status: 200, headers: [], body: .bytes(Array(text.utf8)))
            }))
        let responses = try await servedAnswers(to: "GET / HTTP/1.1\r\nHost: a\r\n\r\n", application: application)
        #expect(responses.map(\.text) == ["127.0.0.1 127.0.0.1"])
    }
}
