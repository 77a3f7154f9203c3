import AccessControl
import DropoutService
import HTTPServer
import Logging
import Observability
import Synchronization
import TensorJSON

/// A server with its keys, certificates, log and metrics, from its start to its stop.
final class RunningServer: Sendable {
    private let server: HTTPListener
    private let tls: TLSSettings?
    private let keys: KeyRing?
    private let keyFile: String?
    private let drainDelay: Duration
    private let isReady: Flag
    private let logger: Logger

    /// The port on which the server listens.
    var port: Int { server.port }

    /// A switch that threads share.
    private final class Flag: Sendable {
        let isSet = Atomic(true)
    }

    /// The server whose figures `/metrics` shows. Nil until it has started.
    private final class FigureSource: Sendable {
        let server = Mutex<HTTPListener?>(nil)
    }

    /// Reads the files that the settings name, and listens.
    ///
    /// - Throws: ``StartError`` with what is wrong, in one line.
    static func start(
        _ settings: EffectiveSettings, _ logger: Logger, _ log: LogSink
    ) async throws(StartError) -> RunningServer {
        var configuration = settings.server
        let tls = try settings.tls.map { files throws(StartError) in try StartError.tls(files) }
        configuration.tls = tls
        let keys = try settings.keyFile.map { file throws(StartError) in try StartError.keys(file) }
        let metrics = Metrics(version: Dropoutd.version, routes: Route.all.map(\.path))
        let (flag, source, inferences) = (Flag(), FigureSource(), InferenceStatistics())
        var status = ServiceStatus()
        status.version = Dropoutd.version
        status.showsPage = settings.showsPage
        status.inferences = { inferences.figures(of: $0) }
        status.isReady = { flag.isSet.load(ordering: .relaxed) }
        status.metrics = { [budget = configuration.memoryBudgetBytes] in
            var figures = ServerFigures(source.server.withLock { $0?.figures }, budgetBytes: budget)
            figures.certificateExpiry = tls?.expiry
            return metrics.page(server: figures, process: .now(), droppedLogLines: log.dropped)
        }
        try StartProbe.threads(
            configuration.eventLoopCount + configuration.workerCount, memoryBytes: configuration.memoryBudgetBytes)
        let connections = try StartProbe.descriptors(
            loops: configuration.eventLoopCount, connections: configuration.maximumConnections)
        if connections < configuration.maximumConnections {
            logger.warning(
                "fewer files may be open than connections (ulimit -n)",
                metadata: [
                    "possible_connections": .stringConvertible(connections),
                    "max_connections": .stringConvertible(configuration.maximumConnections),
                ])
        }
        let workers = WorkerPool(configuration)
        let application = Application(
            service: DropoutAPI(
                limits: settings.limits, status: status,
                concurrency: Concurrency(
                    // The calling thread belongs to the pool and is not idle.
                    width: { 1 + workers.idleCount }, run: { workers.run($0, $1) }),
                version: Dropoutd.version),
            keys: keys, limiter: keys == nil && settings.rate == nil ? nil : RateLimiter(standard: settings.rate),
            crossOrigin: settings.crossOrigin, isMetricsOpen: settings.isMetricsOpen,
            metrics: metrics, inferences: inferences, log: log, logLevel: logger.logLevel, logsPeers: settings.logsPeers
        )
        do {
            let server = try await HTTPListener.start(configuration, application, workers)
            source.server.withLock { $0 = server }
            let running = RunningServer(server, tls, keys, settings, flag, logger)
            running.warnOfCertificates(at: .now)
            return running
        } catch {
            let address = Authority.text(configuration.host, port: configuration.port)
            throw StartError(text: "cannot listen on \(address): \(error)")
        }
    }

    private init(
        _ server: HTTPListener, _ tls: TLSSettings?, _ keys: KeyRing?, _ settings: EffectiveSettings,
        _ isReady: Flag, _ logger: Logger
    ) {
        self.server = server
        self.tls = tls
        self.keys = keys
        keyFile = settings.keyFile
        drainDelay = settings.drainDelay
        self.isReady = isReady
        self.logger = logger
    }

    /// Reads certificates and keys again. If a file is wrong, the old certificates or keys stay in force. Open connections and
    /// requests notice nothing.
    func reload() {
        if let tls {
            do throws(TLSError) {
                try tls.reload()
                logger.info("certificates read again")
                warnOfCertificates(at: .now)
            } catch {
                logger.error("the certificates stay as they were", metadata: ["reason": "\(error)"])
            }
        }
        if let keys, let keyFile {
            do throws(StartError) {
                keys.replace(try StartError.keyFile(keyFile))
                logger.info("keys read again")
            } catch {
                logger.error("the keys stay as they were", metadata: ["reason": "\(error)"])
            }
        }
    }

    /// Takes certificates that were replaced on disk, without a signal. Goes on until it is cancelled.
    ///
    /// Two looks have to find the same files, so new certificates are served 10 to 20 seconds after they are whole.
    func followCertificates() async {
        guard let tls else { return }
        while (try? await Task.sleep(for: .seconds(10))) != nil {
            do throws(TLSError) {
                guard try tls.reloadIfReplaced() else { continue }
                logger.info("certificates read again")
                warnOfCertificates(at: .now)
            } catch {
                logger.error("the certificates stay as they were", metadata: ["reason": "\(error)"])
            }
        }
    }

    /// Logs a warning for each certificate that is not valid now. It is no error, because the clock of this machine may be wrong.
    private func warnOfCertificates(at time: WallTime) {
        for span in tls?.spans ?? [] where !span.contains(Int(time.milliseconds / 1000)) {
            let isEarly = time.milliseconds / 1000 < span.notBefore
            logger.warning(
                isEarly ? "a certificate is not valid yet" : "a certificate has expired",
                metadata: [
                    "file": "\(span.file)", "certificate": .stringConvertible(span.number),
                    "not_before": "\(WallTime(milliseconds: Int64(span.notBefore) * 1000).text)",
                    "not_after": "\(WallTime(milliseconds: Int64(span.notAfter) * 1000).text)",
                ])
        }
    }

    /// Returns memory to the system after large requests. Goes on until it is cancelled.
    func giveBackMemory() async {
        var memory = KeptMemory()
        while (try? await Task.sleep(for: .seconds(2))) != nil {
            if memory.isDue(peakBytes: server.takePeakOfHeldBytes(), heldBytes: server.figures.heldBytes) {
                HeapPolicy.giveBack()
            }
        }
    }

    /// Stops the server. `/readyz` answers 503, requests are accepted for the drain delay, and open requests are finished.
    func stop() async {
        isReady.isSet.store(false, ordering: .relaxed)
        try? await Task.sleep(for: drainDelay)
        await server.stop()
    }
}

extension ServerFigures {
    fileprivate init(_ figures: HTTPServerFigures?, budgetBytes: Int) {
        self.init()
        self.budgetBytes = budgetBytes
        guard let figures else { return }
        queueLength = figures.waiting
        heldBytes = figures.heldBytes
        computingBytes = figures.computingBytes
        longRunning = figures.longRunning
        openConnections = figures.connections.open
        acceptedConnections = figures.connections.opened
        refusedConnections = figures.connections.refused
    }
}
