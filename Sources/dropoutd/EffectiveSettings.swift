import AccessControl
import ArgumentParser
package import DropoutService
package import HTTPServer
import Logging
import Observability

/// The settings in force, checked: flags, environment and defaults together. The files that they name are not read yet.
package struct EffectiveSettings {
    struct TLSFiles {
        let certificate: String
        let key: String
        let clientAuthority: String?
    }

    package let server: HTTPServerConfiguration
    package let limits: ServiceLimits
    /// Whether `--max-operations` is in use.
    let hasDeprecatedOperations: Bool
    let logLevel: Logger.Level
    let logFormat: LogFormat
    let logsPeers: Bool
    package let drainDelay: Duration
    let tls: TLSFiles?
    let keyFile: String?
    let rate: RequestRate?
    let crossOrigin: CrossOrigin
    let showsPage: Bool
    let isMetricsOpen: Bool

    /// - Throws: `ValidationError` with the setting, its value and what is expected.
    init(_ settings: Settings, environment: [String: String], cores: Int, memoryBytes: Int) throws {
        let source = SettingSource(environment: environment)
        server = try Self.server(settings, source, cores: cores, memoryBytes: memoryBytes)
        let operations = try source.givenInteger(settings.maxOperations, .maxOperations)
        hasDeprecatedOperations = operations != nil
        limits = try Self.limits(settings, source, operations, heldBytes: server.memoryShares.computingBytes)
        logLevel = try Self.logLevel(settings, source)
        let format = source.text(settings.logFormat, .logFormat) ?? ""
        guard let logFormat = LogFormat(rawValue: format) else {
            throw source.wrong(.logFormat, format, "json or text expected")
        }
        self.logFormat = logFormat
        logsPeers = try source.bool(settings.logPeers, .logPeers)
        drainDelay = try source.seconds(settings.drainDelaySeconds, .drainDelaySeconds)
        tls = try Self.tls(settings, source)
        keyFile = source.text(settings.apiKeys, .apiKeys)
        rate = try Self.rate(settings, source)
        showsPage = try source.bool(settings.page, .page)
        isMetricsOpen = try source.bool(settings.metricsOpen, .metricsOpen)
        let origins = source.text(settings.corsOrigins, .corsOrigins) ?? ""
        do {
            crossOrigin = try CrossOrigin(origins: origins.split(separator: ",").map(String.init))
        } catch {
            throw ValidationError("\(Setting.corsOrigins.title): \(error)")
        }
    }

    /// The settings of a command line and an environment.
    package init(arguments: [String], environment: [String: String], cores: Int, memoryBytes: Int) throws {
        try self.init(
            Settings.parse(arguments), environment: environment, cores: cores, memoryBytes: memoryBytes)
    }

    private static func server(
        _ settings: Settings, _ source: SettingSource, cores: Int, memoryBytes: Int
    ) throws -> HTTPServerConfiguration {
        var server = HTTPServerConfiguration()
        server.host = Authority.bareHost(source.text(settings.host, .host) ?? server.host)
        server.port = try source.integer(settings.port, .port)
        let threads = try source.integer(settings.threads, .threads, otherwise: max(1, cores))
        (server.eventLoopCount, server.workerCount) = (threads, threads)
        server.maximumWaitingRequests = try source.integer(settings.maxWaiting, .maxWaiting)
        server.maximumBodyBytes = try source.integer(settings.maxBodyBytes, .maxBodyBytes)
        server.memoryBudgetBytes = try source.integer(
            settings.memoryBudgetBytes, .memoryBudgetBytes, otherwise: memoryBytes / 2)
        server.maximumConcurrentPerCaller = try source.integer(
            settings.maxConcurrentPerCaller, .maxConcurrentPerCaller, otherwise: max(1, threads - 1))
        server.maximumConnections = try source.integer(settings.maxConnections, .maxConnections)
        let perAddress = try source.integer(
            settings.maxConnectionsPerAddress, .maxConnectionsPerAddress,
            otherwise: max(1, server.maximumConnections * 3 / 4))
        server.maximumConnectionsPerAddress = perAddress == 0 ? nil : perAddress
        server.maximumRequestsPerConnection = try source.integer(
            settings.maxRequestsPerConnection, .maxRequestsPerConnection)
        server.maximumHeaderBytes = try source.integer(settings.maxHeaderBytes, .maxHeaderBytes)
        server.maximumHeaderCount = try source.integer(settings.maxHeaderCount, .maxHeaderCount)
        server.maximumTargetBytes = try source.integer(settings.maxTargetBytes, .maxTargetBytes)
        server.headerDeadline = try source.seconds(settings.headerSeconds, .headerSeconds)
        server.bodyDeadline = try source.seconds(settings.bodySeconds, .bodySeconds)
        server.minimumBytesPerSecond = try source.integer(settings.minBytesPerSecond, .minBytesPerSecond)
        server.minimumAnswerBytesPerSecond = try source.integer(
            settings.minAnswerBytesPerSecond, .minAnswerBytesPerSecond)
        server.queueDeadline = try source.seconds(settings.queueSeconds, .queueSeconds)
        server.computeDeadline = try source.seconds(settings.computeDeadlineSeconds, .computeDeadlineSeconds)
        server.idleTimeout = try source.seconds(settings.idleSeconds, .idleSeconds)
        server.writeStallDeadline = try source.seconds(settings.stallSeconds, .stallSeconds)
        server.drainDeadline = try source.seconds(settings.drainSeconds, .drainSeconds)
        return server
    }

    private static func limits(
        _ settings: Settings, _ source: SettingSource, _ operations: Int?, heldBytes: Int
    ) throws -> ServiceLimits {
        let seconds = try source.givenInteger(settings.maxComputeSeconds, .maxComputeSeconds)
        guard operations == nil || seconds == nil else {
            throw ValidationError(
                "\(Setting.maxOperations.title) and \(Setting.maxComputeSeconds.title) mean the same; "
                    + "one of them expected")
        }
        var limits = ServiceLimits()
        limits.maximumElements = try source.integer(settings.maxElements, .maxElements)
        let nanoseconds = try source.integer(settings.maxComputeSeconds, .maxComputeSeconds) * 1_000_000_000
        limits.maximumNanoseconds = operations ?? nanoseconds
        limits.maximumHeldBytes = heldBytes
        return limits
    }

    private static func logLevel(_ settings: Settings, _ source: SettingSource) throws -> Logger.Level {
        let level = source.text(settings.logLevel, .logLevel) ?? ""
        guard let logLevel = Logger.Level(rawValue: level) else {
            let names = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw source.wrong(.logLevel, level, "one of \(names) expected")
        }
        return logLevel
    }

    private static func tls(_ settings: Settings, _ source: SettingSource) throws -> TLSFiles? {
        let certificate = source.text(settings.tlsCertificate, .tlsCertificate)
        let key = source.text(settings.tlsKey, .tlsKey)
        let authority = source.text(settings.tlsClientCa, .tlsClientCa)
        switch (certificate, key) {
        case (let certificate?, let key?):
            return TLSFiles(certificate: certificate, key: key, clientAuthority: authority)
        case (nil, nil) where authority == nil: return nil
        default:
            throw ValidationError("TLS needs both \(Setting.tlsCertificate.title) and \(Setting.tlsKey.title)")
        }
    }

    private static func rate(_ settings: Settings, _ source: SettingSource) throws -> RequestRate? {
        let burst = try source.integer(settings.rateBurst, .rateBurst)
        guard let text = source.text(settings.rateLimit, .rateLimit) else {
            guard burst == 0 else {
                throw ValidationError("\(Setting.rateBurst.title) needs \(Setting.rateLimit.title)")
            }
            return nil
        }
        guard let rate = RequestRate(text, burst: burst == 0 ? nil : burst) else {
            throw source.wrong(.rateLimit, text, "a rate such as 100/s, 30/m, 500/h or 10000/d expected")
        }
        return rate
    }

    /// The most important settings, for the first line of the log.
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

    /// The number of elements of the largest tensor that `/forward` can answer with this memory and these limits.
    var largestTensor: Int {
        LargestTensor.elements(
            computingBytes: server.memoryShares.computingBytes, maximumElements: limits.maximumElements)
    }
}
