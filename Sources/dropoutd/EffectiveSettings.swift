import AccessControl
import ArgumentParser
import DropoutService
import HTTPServer
import Logging
import Observability

/// Settings after flags, environment and defaults were put together and checked. Files are not read yet.
struct EffectiveSettings {
    struct TLSFiles {
        let certificate: String
        let key: String
        let clientAuthority: String?
    }

    let server: HTTPServerConfiguration
    let limits: ServiceLimits
    /// Whether `--max-operations` is in use.
    let hasDeprecatedOperations: Bool
    let logLevel: Logger.Level
    let logFormat: LogFormat
    let logsPeers: Bool
    let drainDelay: Duration
    let tls: TLSFiles?
    let keyFile: String?
    let rate: RequestRate?
    let crossOrigin: CrossOrigin
    let isMetricsOpen: Bool

    /// - Throws: `ValidationError` naming the setting, its value and what is expected.
    init(_ settings: Settings, environment: [String: String], cores: Int, memoryBytes: Int) throws {
        let source = SettingSource(environment: environment)
        server = try Self.server(settings, source, cores: cores, memoryBytes: memoryBytes)
        var limits = ServiceLimits()
        limits.maximumElements = try source.integer(
            settings.maxElements, "MAX_ELEMENTS", 1...(1 << 30), limits.maximumElements)
        let seconds = try source.integer(settings.maxComputeSeconds, "MAX_COMPUTE_SECONDS", 1...86_400, 10)
        limits.maximumNanoseconds = seconds * 1_000_000_000
        let operations = try source.integer(
            settings.maxOperations, "MAX_OPERATIONS", 1...(1 << 48), 0, isOptional: true)
        if operations > 0 {
            guard !source.isGiven(settings.maxComputeSeconds, "MAX_COMPUTE_SECONDS") else {
                throw ValidationError(
                    "\(SettingSource.title("MAX_OPERATIONS")) and \(SettingSource.title("MAX_COMPUTE_SECONDS")) mean the same;"
                        + " one of them expected")
            }
            limits.maximumNanoseconds = operations
        }
        hasDeprecatedOperations = operations > 0
        limits.maximumHeldBytes = server.memoryShares.computingBytes
        self.limits = limits
        logLevel = try Self.logLevel(settings, source)
        let format = source.text(settings.logFormat, "LOG_FORMAT") ?? "json"
        guard let logFormat = LogFormat(rawValue: format) else {
            throw source.wrong("LOG_FORMAT", format, "json or text expected")
        }
        self.logFormat = logFormat
        logsPeers = try source.bool(settings.logPeers, "LOG_PEERS")
        drainDelay = try source.seconds(settings.drainDelaySeconds, "DRAIN_DELAY_SECONDS", 0...3600, 0)
        tls = try Self.tls(settings, source)
        keyFile = source.text(settings.apiKeys, "API_KEYS")
        rate = try Self.rate(settings, source)
        isMetricsOpen = try source.bool(settings.metricsOpen, "METRICS_OPEN")
        let origins = source.text(settings.corsOrigins, "CORS_ORIGINS") ?? ""
        do {
            crossOrigin = try CrossOrigin(origins: origins.split(separator: ",").map(String.init))
        } catch {
            throw ValidationError("\(SettingSource.title("CORS_ORIGINS")): \(error)")
        }
    }

    private static func server(
        _ settings: Settings, _ source: SettingSource, cores: Int, memoryBytes: Int
    ) throws -> HTTPServerConfiguration {
        var server = HTTPServerConfiguration()
        server.host = Authority.bareHost(source.text(settings.host, "HOST") ?? server.host)
        server.port = try source.integer(settings.port, "PORT", 0...65_535, server.port)
        let threads = try source.integer(settings.threads, "THREADS", 1...1024, max(1, cores))
        (server.eventLoopCount, server.workerCount) = (threads, threads)
        server.maximumWaitingRequests = try source.integer(
            settings.maxWaiting, "MAX_WAITING", 0...1_000_000, server.maximumWaitingRequests)
        server.maximumBodyBytes = try source.integer(
            settings.maxBodyBytes, "MAX_BODY_BYTES", 1...Int(UInt32.max), server.maximumBodyBytes)
        server.memoryBudgetBytes = try source.integer(
            settings.memoryBudgetBytes, "MEMORY_BUDGET_BYTES", 1...(1 << 50), memoryBytes / 2)
        let perCaller = try source.integer(
            settings.maxConcurrentPerCaller, "MAX_CONCURRENT_PER_CALLER", 0...1024, max(1, threads - 1))
        server.maximumConcurrentPerCaller = perCaller
        server.maximumConnections = try source.integer(
            settings.maxConnections, "MAX_CONNECTIONS", 1...1_000_000, server.maximumConnections)
        let perAddress = try source.integer(
            settings.maxConnectionsPerAddress, "MAX_CONNECTIONS_PER_ADDRESS", 0...1_000_000,
            max(1, server.maximumConnections * 3 / 4))
        server.maximumConnectionsPerAddress = perAddress == 0 ? nil : perAddress
        server.maximumRequestsPerConnection = try source.integer(
            settings.maxRequestsPerConnection, "MAX_REQUESTS_PER_CONNECTION", 1...(1 << 40),
            server.maximumRequestsPerConnection)
        server.maximumHeaderBytes = try source.integer(
            settings.maxHeaderBytes, "MAX_HEADER_BYTES", 256...(1 << 24), server.maximumHeaderBytes)
        server.maximumHeaderCount = try source.integer(
            settings.maxHeaderCount, "MAX_HEADER_COUNT", 1...10_000, server.maximumHeaderCount)
        server.maximumTargetBytes = try source.integer(
            settings.maxTargetBytes, "MAX_TARGET_BYTES", 64...(1 << 24), server.maximumTargetBytes)
        server.headerDeadline = try source.seconds(settings.headerSeconds, "HEADER_SECONDS", 1...3600, 10)
        server.bodyDeadline = try source.seconds(settings.bodySeconds, "BODY_SECONDS", 1...86_400, 30)
        server.minimumBytesPerSecond = try source.integer(
            settings.minBytesPerSecond, "MIN_BYTES_PER_SECOND", 1...(1 << 30), server.minimumBytesPerSecond)
        server.minimumAnswerBytesPerSecond = try source.integer(
            settings.minAnswerBytesPerSecond, "MIN_ANSWER_BYTES_PER_SECOND", 1...(1 << 30),
            server.minimumAnswerBytesPerSecond)
        server.queueDeadline = try source.seconds(settings.queueSeconds, "QUEUE_SECONDS", 1...3600, 30)
        server.computeDeadline = try source.seconds(
            settings.computeDeadlineSeconds, "COMPUTE_DEADLINE_SECONDS", 1...86_400, 30)
        server.idleTimeout = try source.seconds(settings.idleSeconds, "IDLE_SECONDS", 1...86_400, 75)
        server.writeStallDeadline = try source.seconds(settings.stallSeconds, "STALL_SECONDS", 1...3600, 30)
        server.drainDeadline = try source.seconds(settings.drainSeconds, "DRAIN_SECONDS", 0...3600, 20)
        return server
    }

    private static func logLevel(_ settings: Settings, _ source: SettingSource) throws -> Logger.Level {
        let level = source.text(settings.logLevel, "LOG_LEVEL") ?? "info"
        guard let logLevel = Logger.Level(rawValue: level) else {
            let names = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw source.wrong("LOG_LEVEL", level, "one of \(names) expected")
        }
        return logLevel
    }

    private static func tls(_ settings: Settings, _ source: SettingSource) throws -> TLSFiles? {
        let certificate = source.text(settings.tlsCertificate, "TLS_CERTIFICATE")
        let key = source.text(settings.tlsKey, "TLS_KEY")
        let authority = source.text(settings.tlsClientCa, "TLS_CLIENT_CA")
        switch (certificate, key) {
        case (let certificate?, let key?):
            return TLSFiles(certificate: certificate, key: key, clientAuthority: authority)
        case (nil, nil) where authority == nil: return nil
        default:
            throw ValidationError(
                "TLS needs both \(SettingSource.title("TLS_CERTIFICATE")) and \(SettingSource.title("TLS_KEY"))")
        }
    }

    private static func rate(_ settings: Settings, _ source: SettingSource) throws -> RequestRate? {
        let burst = try source.integer(settings.rateBurst, "RATE_BURST", 0...1_000_000, 0)
        guard let text = source.text(settings.rateLimit, "RATE_LIMIT") else {
            guard burst == 0 else {
                throw ValidationError(
                    "\(SettingSource.title("RATE_BURST")) needs \(SettingSource.title("RATE_LIMIT"))")
            }
            return nil
        }
        guard let rate = RequestRate(text, burst: burst == 0 ? nil : burst) else {
            throw source.wrong("RATE_LIMIT", text, "a rate such as 100/s, 30/m, 500/h or 10000/d expected")
        }
        return rate
    }

    /// For the log: what is in force.
    var metadata: Logger.Metadata {
        [
            "host": "\(server.host)", "threads": .stringConvertible(server.workerCount),
            "tls": .stringConvertible(tls != nil), "keys": .stringConvertible(keyFile != nil),
            "max_body_bytes": .stringConvertible(server.maximumBodyBytes),
            "max_elements": .stringConvertible(limits.maximumElements),
            "max_connections": .stringConvertible(server.maximumConnections),
            "memory_budget_bytes": .stringConvertible(server.memoryBudgetBytes),
            "largest_tensor": .stringConvertible(largestTensor), "log_level": "\(logLevel.rawValue)",
        ]
    }

    /// Elements of the largest tensor of `/forward` that the memory and the limits allow.
    var largestTensor: Int {
        LargestTensor.elements(
            computingBytes: server.memoryShares.computingBytes, maximumElements: limits.maximumElements)
    }
}
