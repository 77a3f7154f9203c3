import AccessControl
import ArgumentParser
import DropoutService
import FoundationEssentials
import Glibc
import HTTPServer
import Logging
import Observability
import UnixSignals

/// `dropoutd serve`: answers requests until SIGTERM or SIGINT, then finishes open requests and exits with 0.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answers requests until SIGTERM or SIGINT.",
        discussion: """
            SIGTERM and SIGINT stop the server: /readyz answers 503, the server accepts requests for --drain-delay-seconds, \
            and open requests are finished. The exit code is 0. A second signal ends the process at once, with exit code 1.
            SIGHUP reads the certificates and the keys again. If a file is wrong, the old ones stay. Certificates that are \
            replaced on disk are read within a minute without a signal.
            """)

    @OptionGroup var settings: Settings

    func validate() throws { _ = try effective() }

    func run() async throws {
        let settings = try effective()
        // Without this a client or a reader of the log that leaves would end the process.
        signal(SIGPIPE, SIG_IGN)
        HeapPolicy.keepForTheNext()
        let log = LogSink.standardError(settings.logFormat)
        LoggingSystem.bootstrap { LineLogHandler(label: $0, sink: log) }
        var logger = Logger(label: "dropoutd")
        logger.logLevel = settings.logLevel
        for unknown in UnknownVariable.all(in: ProcessInfo.processInfo.environment) {
            logger.warning("\(unknown.message)")
        }
        // Before the port is known, so that a signal after the first line of the log is never lost.
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        let server: RunningServer
        do {
            server = try await RunningServer.start(settings, logger, log)
        } catch {
            // One line without the usage. Most often the port is taken or a file is wrong.
            log.add(Array("dropoutd: \(error)\n".utf8))
            throw ExitCode(1)
        }
        let scheme = settings.tls == nil ? "http" : "https"
        let address = Authority.text(settings.server.host, port: server.port)
        logger.info("listening on \(scheme)://\(address)", metadata: settings.metadata)
        if settings.hasDeprecatedOperations {
            logger.warning(
                "--max-operations is deprecated; use --max-compute-seconds, in seconds instead of nanoseconds")
        }
        if settings.largestTensor < settings.limits.maximumElements {
            logger.notice(
                "the memory is enough for tensors of \(settings.largestTensor) elements, which is less than --max-elements",
                metadata: ["max_elements": .stringConvertible(settings.limits.maximumElements)])
        }
        let givingBack = Task { await server.giveBackMemory() }
        let following = Task { await server.followCertificates() }
        await follow(signals, server, logger)
        givingBack.cancel()
        following.cancel()
        logger.info("stopped")
    }

    /// Follows the signals until the server has stopped.
    private func follow(_ signals: UnixSignalsSequence, _ server: RunningServer, _ logger: Logger) async {
        let (stopped, stop) = AsyncStream.makeStream(of: Void.self)
        let following = Task {
            var isStopping = false
            for await received in signals {
                switch received {
                case .sighup: server.reload()
                case _ where isStopping:
                    logger.warning("stopped at once")
                    Self.exit(withError: ExitCode(1))
                default:
                    isStopping = true
                    logger.info("stopping")
                    Task {
                        await server.stop()
                        stop.finish()
                    }
                }
            }
        }
        for await _ in stopped {}
        following.cancel()
    }

    private func effective() throws -> EffectiveSettings {
        try EffectiveSettings(
            settings, environment: ProcessInfo.processInfo.environment,
            cores: ProcessInfo.processInfo.activeProcessorCount, memoryBytes: MemoryLimit.current)
    }
}
