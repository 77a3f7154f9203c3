import ArgumentParser
import DropoutService
import FoundationEssentials
import HTTPServer
import NIOCore
import NIOPosix

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
            let status = try await ask(host: host, port: port, usesTLS: usesTLS, group: group)
            guard status.hasPrefix("HTTP/1.1 200 ") else {
                throw ValidationError("the server answered \(status.prefix(40))")
            }
        } catch {
            try StandardStream.error.write(
                "dropoutd: no healthy server on \(Authority.text(host, port: port)): \(error)\n".utf8)
            throw ExitCode(1)
        }
    }

    /// The first bytes of the answer, within five seconds.
    private func ask(
        host: String, port: Int, usesTLS: Bool, group: MultiThreadedEventLoopGroup
    ) async throws -> String {
        let channel = try await ClientBootstrap(group: group)
            .connectTimeout(.seconds(5))
            .connect(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    if usesTLS {
                        try channel.pipeline.syncOperations.addHandler(UncheckedTLSClient.handler())
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
