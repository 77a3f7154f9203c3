import ArgumentParser
import DropoutService
import Foundation
import HTTPServer
import Logging
import ServiceLifecycle
import UnixSignals

/// `dropoutd serve`: answers until SIGTERM or SIGINT, then lets what is in work finish and exits with 0.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Answers requests until SIGTERM or SIGINT.")

    @OptionGroup var settings: Settings

    func validate() throws { _ = try effective() }

    func run() async throws {
        let effective = try effective()
        LoggingSystem.bootstrap { StreamLogHandler.standardError(label: $0) }
        var logger = Logger(label: "dropoutd")
        logger.logLevel = effective.logLevel
        let server: HTTPServer
        do {
            server = try await HTTPServer.start(
                effective.server, HTTPHandler(DropoutService(limits: effective.limits)), WorkerPool(effective.server))
        } catch {
            // One clear line: most often the port is taken or the address is not this machine's.
            FileHandle.standardError.write(
                Data("dropoutd: cannot listen on \(effective.server.host):\(effective.server.port): \(error)\n".utf8))
            throw ExitCode(1)
        }
        logger.info(
            "listening on http://\(effective.server.host):\(server.port)", metadata: effective.metadata)
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [ServerService(server: server)], gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger))
        try await group.run()
        logger.info("stopped")
    }

    private func effective() throws -> EffectiveSettings {
        try EffectiveSettings(
            settings, environment: ProcessInfo.processInfo.environment,
            cores: ProcessInfo.processInfo.activeProcessorCount)
    }
}

/// The server as a service: runs until the group shuts down, then drains.
private struct ServerService: Service {
    let server: HTTPServer

    func run() async throws {
        try await gracefulShutdown()
        await server.stop()
    }
}
