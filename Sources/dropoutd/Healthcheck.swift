import ArgumentParser
import DropoutService
import FoundationEssentials
import HTTPServer
import NIOCore
import NIOPosix
import NIOSSL

/// `dropoutd healthcheck`: asks a running server for /healthz. Docker needs it, because the image has no curl.
struct Healthcheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Exits with 0 if a server answers /healthz with 200, otherwise with 1.")

    @Option(
        help: "Port of the server. (\(Setting.port.variable); default: \(Setting.port.standardDescription))")
    var port: Int?

    @Option(help: "Address of the server.")
    var host = "127.0.0.1"

    @Flag(
        inversion: .prefixedNo,
        help: """
            Connect with TLS. The certificate of the server is not checked. (default: with TLS if \
            \(Setting.tlsCertificate.variable) is set)
            """)
    var tls: Bool?

    func run() async throws {
        let environment = ProcessInfo.processInfo.environment
        let port = port ?? environment[Setting.port.variable].flatMap { Int($0) } ?? Setting.port.standardNumber ?? 0
        let (host, group) = (Authority.bareHost(host), MultiThreadedEventLoopGroup.singleton)
        do {
            let usesTLS = tls ?? (environment[Setting.tlsCertificate.variable] != nil)
            let context = usesTLS ? try Self.clientContext() : nil
            let status = try await ask(host: host, port: port, context, group: group)
            guard status.hasPrefix("HTTP/1.1 200 ") else {
                throw ValidationError("the server answered \(status.prefix(40))")
            }
        } catch {
            try StandardStream.error.write(
                "dropoutd: no healthy server on \(Authority.text(host, port: port)): \(error)\n".utf8)
            throw ExitCode(1)
        }
    }

    /// Does not check the certificate, because the server on this machine has a certificate for another name.
    private static func clientContext() throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        return try NIOSSLContext(configuration: configuration)
    }

    /// The first bytes of the answer, within five seconds.
    private func ask(
        host: String, port: Int, _ context: NIOSSLContext?, group: MultiThreadedEventLoopGroup
    ) async throws -> String {
        let channel = try await ClientBootstrap(group: group)
            .connectTimeout(.seconds(5))
            .connect(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let context {
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLClientHandler(context: context, serverHostname: nil))
                    }
                    return try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        let timeout = channel.channel.eventLoop.scheduleTask(in: .seconds(5)) { channel.channel.close(promise: nil) }
        defer { timeout.cancel() }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(
                ByteBuffer(
                    string:
                        "GET \(HealthRoute.route.path) HTTP/1.1\r\nHost: \(Authority.text(host))\r\nConnection: close\r\n\r\n"
                ))
            var answer = ""
            for try await bytes in inbound {
                answer += String(buffer: bytes)
                if answer.utf8.count > 12 { break }
            }
            return answer
        }
    }
}
