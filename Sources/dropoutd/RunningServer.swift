import AccessControl
import DropoutService
import HTTPServer
import Logging
import Observability
import Synchronization
import TensorJSON

/// A server with all that it needs, from its start to its stop; a test may run one too, on port 0.
final class RunningServer: Sendable {
    private let server: HTTPListener
    private let tls: TLSSettings?
    private let keys: KeyRing?
    private let keyFile: String?
    private let drainDelay: Duration
    private let isReady: Flag
    private let logger: Logger

    /// The port that is listened on.
    var port: Int { server.port }

    /// A switch that threads share.
    private final class Flag: Sendable {
        let isSet = Atomic(true)
    }

    /// What `/metrics` asks for its figures, once there is a server.
    private final class FigureSource: Sendable {
        let server = Mutex<HTTPListener?>(nil)
    }

    /// Reads the files that the settings name, and listens.
    ///
    /// - Throws: ``StartError`` with what is wrong in one line.
    static func start(
        _ settings: EffectiveSettings, _ logger: Logger, _ log: LogSink
    ) async throws(StartError) -> RunningServer {
        var configuration = settings.server
        let tls = try settings.tls.map { files throws(StartError) in try StartError.tls(files) }
        configuration.tls = tls
        let keys = try settings.keyFile.map { file throws(StartError) in try StartError.keys(file) }
        let metrics = Metrics(version: Dropoutd.version, routes: Route.all.map(\.path))
        let (flag, source) = (Flag(), FigureSource())
        var status = ServiceStatus()
        status.isReady = { flag.isSet.load(ordering: .relaxed) }
        status.metrics = { [budget = configuration.memoryBudgetBytes] in
            metrics.page(
                server: ServerFigures(source.server.withLock { $0?.figures }, budgetBytes: budget),
                process: .now(), droppedLogLines: log.dropped)
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
                    // This thread is one of the pool's, so it is not among the idle ones.
                    width: { 1 + workers.idleCount }, run: { workers.run($0, $1) })),
            keys: keys, limiter: keys == nil && settings.rate == nil ? nil : RateLimiter(standard: settings.rate),
            crossOrigin: settings.crossOrigin, isMetricsOpen: settings.isMetricsOpen,
            metrics: metrics, log: log, logLevel: logger.logLevel, logsPeers: settings.logsPeers)
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

    /// Reads certificates and keys again. Connections and requests in work notice nothing; where a file is wrong, what was
    /// read before stays in force.
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

    /// Clients refuse a certificate out of its time, but whose clock is wrong is not known here: a warning.
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

    /// Gives memory back to the system when requests that took much are over; until cancelled.
    func giveBackMemory() async {
        var memory = KeptMemory()
        while (try? await Task.sleep(for: .seconds(2))) != nil {
            if memory.isDue(peakBytes: server.takePeakOfHeldBytes(), heldBytes: server.figures.heldBytes) {
                HeapPolicy.giveBack()
            }
        }
    }

    /// Says that it is not ready, goes on for the drain delay, lets what is in work finish, and returns.
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
