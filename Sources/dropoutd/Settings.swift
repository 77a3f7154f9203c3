import ArgumentParser

/// The flags of `dropoutd serve`, as they were given. `Setting` describes each of them.
struct Settings: ParsableArguments {
    // MARK: Address and threads
    @Option(.host) var host: String?
    @Option(.port) var port: Int?
    @Option(.threads) var threads: Int?

    // MARK: Limits of one request
    @Option(.maxBodyBytes) var maxBodyBytes: Int?
    @Option(.maxElements) var maxElements: Int?
    @Option(.maxComputeSeconds) var maxComputeSeconds: Int?
    @Option(.maxOperations) var maxOperations: Int?
    @Option(.computeDeadlineSeconds) var computeDeadlineSeconds: Int?
    @Option(.maxHeaderBytes) var maxHeaderBytes: Int?
    @Option(.maxHeaderCount) var maxHeaderCount: Int?
    @Option(.maxTargetBytes) var maxTargetBytes: Int?

    // MARK: Memory and the queue
    @Option(.memoryBudgetBytes) var memoryBudgetBytes: Int?
    @Option(.maxWaiting) var maxWaiting: Int?
    @Option(.maxConcurrentPerCaller) var maxConcurrentPerCaller: Int?
    @Option(.queueSeconds) var queueSeconds: Int?

    // MARK: Connections
    @Option(.maxConnections) var maxConnections: Int?
    @Option(.maxConnectionsPerAddress) var maxConnectionsPerAddress: Int?
    @Option(.maxRequestsPerConnection) var maxRequestsPerConnection: Int?

    // MARK: Slow and idle clients
    @Option(.headerSeconds) var headerSeconds: Int?
    @Option(.bodySeconds) var bodySeconds: Int?
    @Option(.minBytesPerSecond) var minBytesPerSecond: Int?
    @Option(.minAnswerBytesPerSecond) var minAnswerBytesPerSecond: Int?
    @Option(.idleSeconds) var idleSeconds: Int?
    @Option(.stallSeconds) var stallSeconds: Int?

    // MARK: Stopping
    @Option(.drainDelaySeconds) var drainDelaySeconds: Int?
    @Option(.drainSeconds) var drainSeconds: Int?

    // MARK: TLS
    @Option(.tlsCertificate) var tlsCertificate: String?
    @Option(.tlsKey) var tlsKey: String?
    @Option(.tlsClientCa) var tlsClientCa: String?

    // MARK: Callers
    @Option(.apiKeys) var apiKeys: String?
    @Option(.rateLimit) var rateLimit: String?
    @Option(.rateBurst) var rateBurst: Int?
    @Option(.corsOrigins) var corsOrigins: String?
    @Flag(.page) var page: Bool?
    @Flag(.metricsOpen) var metricsOpen: Bool?

    // MARK: Log
    @Option(.logLevel) var logLevel: String?
    @Option(.logFormat) var logFormat: String?
    @Flag(.logPeers) var logPeers: Bool?
}

extension Option {
    fileprivate init<Argument: ExpressibleByArgument>(_ setting: Setting) where Value == Argument? {
        self.init(name: .customLong(setting.flag), help: ArgumentHelp(stringLiteral: setting.help))
    }
}

extension Flag where Value == Bool? {
    fileprivate init(_ setting: Setting) {
        self.init(
            name: .customLong(setting.flag), inversion: .prefixedNo, help: ArgumentHelp(stringLiteral: setting.help))
    }
}
