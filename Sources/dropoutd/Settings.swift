import ArgumentParser

/// The settings of `serve`, each from its flag, its environment variable or its default.
struct Settings: ParsableArguments {
    // MARK: Where

    @Option(help: "Address to listen on. DROPOUTD_HOST; default 127.0.0.1")
    var host: String?

    @Option(help: "Port to listen on, 0 for any free one. DROPOUTD_PORT; default 8080")
    var port: Int?

    @Option(help: "Threads that compute and event loops, each. DROPOUTD_THREADS; default: the number of cores")
    var threads: Int?

    // MARK: How much

    @Option(help: "Largest request body, inflated where it was compressed. DROPOUTD_MAX_BODY_BYTES; default 67108864")
    var maxBodyBytes: Int?

    @Option(help: "Most elements of one request's tensors. DROPOUTD_MAX_ELEMENTS; default 16777216")
    var maxElements: Int?

    @Option(help: "Most seconds of one core that a request may cost. DROPOUTD_MAX_COMPUTE_SECONDS; default 10")
    var maxComputeSeconds: Int?

    @Option(help: "Deprecated: the same in nanoseconds. DROPOUTD_MAX_OPERATIONS; default: not used")
    var maxOperations: Int?

    @Option(help: "Bytes that requests in work may hold. DROPOUTD_MEMORY_BUDGET_BYTES; default: half of the memory")
    var memoryBudgetBytes: Int?

    @Option(help: "Requests that wait for a thread. DROPOUTD_MAX_WAITING; default 256")
    var maxWaiting: Int?

    @Option(
        help: """
            Plans over 50 ms of one caller that are computed at a time, 0 for no bound. \
            DROPOUTD_MAX_CONCURRENT_PER_CALLER; default: all threads but one
            """)
    var maxConcurrentPerCaller: Int?

    @Option(help: "Open connections. DROPOUTD_MAX_CONNECTIONS; default 4096")
    var maxConnections: Int?

    @Option(
        help: "Of one address or IPv6 /64; 0: no limit. DROPOUTD_MAX_CONNECTIONS_PER_ADDRESS; default: three of four")
    var maxConnectionsPerAddress: Int?

    @Option(help: "Requests after which a connection closes. DROPOUTD_MAX_REQUESTS_PER_CONNECTION; default 100000")
    var maxRequestsPerConnection: Int?

    @Option(help: "Largest header. DROPOUTD_MAX_HEADER_BYTES; default 16384")
    var maxHeaderBytes: Int?

    @Option(help: "Header fields. DROPOUTD_MAX_HEADER_COUNT; default 100")
    var maxHeaderCount: Int?

    @Option(help: "Longest target. DROPOUTD_MAX_TARGET_BYTES; default 8192")
    var maxTargetBytes: Int?

    // MARK: How long

    @Option(help: "Seconds for a header. DROPOUTD_HEADER_SECONDS; default 10")
    var headerSeconds: Int?

    @Option(help: "Seconds for a body, and more at the slowest rate. DROPOUTD_BODY_SECONDS; default 30")
    var bodySeconds: Int?

    @Option(help: "Slowest client that is waited for. DROPOUTD_MIN_BYTES_PER_SECOND; default 10000")
    var minBytesPerSecond: Int?

    @Option(
        help: "Slowest rate of an answer as a whole, after 30 s. DROPOUTD_MIN_ANSWER_BYTES_PER_SECOND; default 1000000")
    var minAnswerBytesPerSecond: Int?

    @Option(help: "Seconds that a request may wait for a thread. DROPOUTD_QUEUE_SECONDS; default 30")
    var queueSeconds: Int?

    @Option(help: "Seconds that a request may be computed. DROPOUTD_COMPUTE_DEADLINE_SECONDS; default 30")
    var computeDeadlineSeconds: Int?

    @Option(help: "Seconds for a connection without a request. DROPOUTD_IDLE_SECONDS; default 75")
    var idleSeconds: Int?

    @Option(help: "Seconds in which a reader must keep the slowest rate. DROPOUTD_STALL_SECONDS; default 30")
    var stallSeconds: Int?

    @Option(help: "Seconds that a stop waits for requests in work. DROPOUTD_DRAIN_SECONDS; default 20")
    var drainSeconds: Int?

    @Option(help: "Seconds that a stop goes on listening, not ready. DROPOUTD_DRAIN_DELAY_SECONDS; default 0")
    var drainDelaySeconds: Int?

    // MARK: Who

    @Option(help: "PEM file: the certificate, then those above it. DROPOUTD_TLS_CERTIFICATE; default: no TLS")
    var tlsCertificate: String?

    @Option(help: "PEM file of the certificate's key. DROPOUTD_TLS_KEY")
    var tlsKey: String?

    @Option(help: "PEM file of the roots that clients' certificates must lead to. DROPOUTD_TLS_CLIENT_CA")
    var tlsClientCa: String?

    @Option(help: "File of keys, see dropoutd hash-key. DROPOUTD_API_KEYS; default: everybody may call")
    var apiKeys: String?

    @Option(help: "Requests for each caller, for instance 100/s or 5000/h. DROPOUTD_RATE_LIMIT; default: no limit")
    var rateLimit: String?

    @Option(help: "Requests that a caller may send at once. DROPOUTD_RATE_BURST; default: the rate's count")
    var rateBurst: Int?

    @Option(help: "Origins of web pages that may call, by commas, or *. DROPOUTD_CORS_ORIGINS; default: none")
    var corsOrigins: String?

    @Flag(inversion: .prefixedNo, help: "/metrics without a key. DROPOUTD_METRICS_OPEN; default: no")
    var metricsOpen: Bool?

    // MARK: What is said

    @Option(help: "trace, debug, info, notice, warning, error or critical. DROPOUTD_LOG_LEVEL; default info")
    var logLevel: String?

    @Option(help: "json or text. DROPOUTD_LOG_FORMAT; default json")
    var logFormat: String?

    @Flag(inversion: .prefixedNo, help: "Log the addresses of clients. DROPOUTD_LOG_PEERS; default: no")
    var logPeers: Bool?
}
