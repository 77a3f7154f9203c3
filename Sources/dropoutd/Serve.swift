import AccessControl
import ArgumentParser
import DropoutService
import FoundationEssentials
import Glibc
import HTTPServer
import Logging
import Observability
import UnixSignals

/// `dropoutd serve`: answers until SIGTERM or SIGINT, then lets what is in work finish and exits with 0.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answers requests until SIGTERM or SIGINT.",
        discussion: """
            SIGTERM and SIGINT stop it: /readyz answers 503, then nothing new is accepted, what is in work is finished, and \
            it exits with 0. A second one ends it at once.
            SIGHUP reads the certificates and the keys again; where one is wrong, the old ones stay.
            """)

    @OptionGroup var settings: Settings

    func validate() throws { _ = try effective() }

    func run() async throws {
        let settings = try effective()
        // A client or a log reader that leaves is no reason to end.
        signal(SIGPIPE, SIG_IGN)
        HeapPolicy.keepForTheNext()
        let log = LogSink.standardError(settings.logFormat)
        LoggingSystem.bootstrap { LineLogHandler(label: $0, sink: log) }
        var logger = Logger(label: "dropoutd")
        logger.logLevel = settings.logLevel
        for unknown in UnknownVariable.all(in: ProcessInfo.processInfo.environment) {
            logger.warning("\(unknown.message)")
        }
        // From here on, so that one who has seen the port may send one.
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        let server: RunningServer
        do {
            server = try await RunningServer.start(settings, logger, log)
        } catch {
            // One clear line: most often the port is taken, or a file is not what it should be.
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
                "the memory is enough for tensors of \(settings.largestTensor) elements, not for those of --max-elements",
                metadata: ["max_elements": .stringConvertible(settings.limits.maximumElements)])
        }
        let givingBack = Task { await server.giveBackMemory() }
        await follow(signals, server, logger)
        givingBack.cancel()
        logger.info("stopped")
    }

    /// Does as the signals say until the server has stopped.
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
