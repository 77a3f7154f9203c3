/// The table of settings: one record a setting. `all` has them in the order of the page.
///
/// A new setting needs a record here, its place in `all`, an option in `Settings` and a line in `EffectiveSettings`.
extension Setting {
    // MARK: Address and threads

    static let host = Setting(
        "HOST", .address, .text("a name, an IPv4 or an IPv6 address"), .text("127.0.0.1"), "Address to listen on.")
    static let port = Setting(
        "PORT", .address, .numbers(0...65_535, unit: ""), .number(8080), "Port to listen on. 0 takes any free port.")
    static let threads = Setting(
        "THREADS", .address, .numbers(1...1024, unit: "threads"), .words("the number of cores"),
        "Threads that compute. The server has as many event loops for its sockets.")

    // MARK: Limits of one request

    static let maxBodyBytes = Setting(
        "MAX_BODY_BYTES", .request, .numbers(1...4_294_967_295, unit: "bytes"), .number(64 << 20),
        "Largest request body. A compressed body is measured after inflating.")
    static let maxElements = Setting(
        "MAX_ELEMENTS", .request, .numbers(1...(1 << 30), unit: "elements"), .number(1 << 24),
        "Most elements of one tensor, and of all activations of a network.")
    static let maxComputeSeconds = Setting(
        "MAX_COMPUTE_SECONDS", .request, .numbers(1...86_400, unit: "seconds"), .number(10),
        "Most time of one core that a request may cost. The cost is known before the work starts.")
    static let maxOperations = Setting(
        "MAX_OPERATIONS", .request, .numbers(1...(1 << 48), unit: "nanoseconds"), .words("not used"),
        "Deprecated. The same limit as --max-compute-seconds, in nanoseconds.")
    static let computeDeadlineSeconds = Setting(
        "COMPUTE_DEADLINE_SECONDS", .request, .numbers(1...86_400, unit: "seconds"), .number(30),
        "Longest time for computing one request. Time in the queue does not count.")
    static let maxHeaderBytes = Setting(
        "MAX_HEADER_BYTES", .request, .numbers(256...(1 << 24), unit: "bytes"), .number(16 << 10),
        "Largest request header.")
    static let maxHeaderCount = Setting(
        "MAX_HEADER_COUNT", .request, .numbers(1...10_000, unit: "fields"), .number(100),
        "Most fields of a request header.")
    static let maxTargetBytes = Setting(
        "MAX_TARGET_BYTES", .request, .numbers(64...(1 << 24), unit: "bytes"), .number(8 << 10),
        "Longest request target (path and query).")

    // MARK: Memory and the queue

    static let memoryBudgetBytes = Setting(
        "MEMORY_BUDGET_BYTES", .sharing, .numbers(1...(1 << 50), unit: "bytes"), .words("half of the memory"),
        "Most memory that all requests together may hold.")
    static let maxWaiting = Setting(
        "MAX_WAITING", .sharing, .numbers(0...1_000_000, unit: "requests"), .number(256),
        "Most requests that wait for a thread.")
    static let maxConcurrentPerCaller = Setting(
        "MAX_CONCURRENT_PER_CALLER", .sharing, .numbers(0...1024, unit: "requests"),
        .words("the number of threads minus 1, at least 1"),
        "Most long requests (over 50 ms of computing) of one caller at the same time. 0 means no limit.")
    static let queueSeconds = Setting(
        "QUEUE_SECONDS", .sharing, .numbers(1...3600, unit: "seconds"), .number(30),
        "Longest time that a request waits for a thread.")

    // MARK: Connections

    static let maxConnections = Setting(
        "MAX_CONNECTIONS", .connections, .numbers(1...1_000_000, unit: "connections"), .number(4096),
        "Most open connections.")
    static let maxConnectionsPerAddress = Setting(
        "MAX_CONNECTIONS_PER_ADDRESS", .connections, .numbers(0...1_000_000, unit: "connections"),
        .words("three quarters of --max-connections"),
        "Most open connections from one address. An IPv6 /64 network counts as one address. 0 means no limit.")
    static let maxRequestsPerConnection = Setting(
        "MAX_REQUESTS_PER_CONNECTION", .connections, .numbers(1...(1 << 40), unit: "requests"), .number(100_000),
        "Most requests on one connection. The connection closes after the last one.")

    // MARK: Slow and idle clients

    static let headerSeconds = Setting(
        "HEADER_SECONDS", .times, .numbers(1...3600, unit: "seconds"), .number(10),
        "Longest time for a request header, from its first byte, and for a TLS handshake.")
    static let bodySeconds = Setting(
        "BODY_SECONDS", .times, .numbers(1...86_400, unit: "seconds"), .number(30),
        "Longest time for a request body. The time that its bytes take at --min-bytes-per-second is added.")
    static let minBytesPerSecond = Setting(
        "MIN_BYTES_PER_SECOND", .times, .numbers(1...(1 << 30), unit: "bytes per second"), .number(10_000),
        "Slowest rate at which a client may send a body or read an answer.")
    static let minAnswerBytesPerSecond = Setting(
        "MIN_ANSWER_BYTES_PER_SECOND", .times, .numbers(1...(1 << 30), unit: "bytes per second"), .number(1_000_000),
        "Slowest rate for an answer as a whole. 30 seconds are added.")
    static let idleSeconds = Setting(
        "IDLE_SECONDS", .times, .numbers(1...86_400, unit: "seconds"), .number(75),
        "Longest time for which a connection stays open without a request.")
    static let stallSeconds = Setting(
        "STALL_SECONDS", .times, .numbers(1...3600, unit: "seconds"), .number(30),
        "Time over which the reader of an answer must keep --min-bytes-per-second.")

    // MARK: Stopping

    static let drainDelaySeconds = Setting(
        "DRAIN_DELAY_SECONDS", .stopping, .numbers(0...3600, unit: "seconds"), .number(0),
        "Time for which a stopping server still accepts requests while /readyz answers 503.")
    static let drainSeconds = Setting(
        "DRAIN_SECONDS", .stopping, .numbers(0...3600, unit: "seconds"), .number(20),
        "Longest time for which a stopping server waits for open requests.")

    // MARK: TLS

    static let tlsCertificate = Setting(
        "TLS_CERTIFICATE", .tls, .text("a path"), .words("no TLS"),
        "PEM file with the server's certificate first, then the intermediate certificates.")
    static let tlsKey = Setting(
        "TLS_KEY", .tls, .text("a path"), .words("no TLS"), "PEM file with the key of the certificate.")
    static let tlsClientCa = Setting(
        "TLS_CLIENT_CA", .tls, .text("a path"), .words("clients need no certificate"),
        "PEM file with the root certificates. Each client must show a certificate that one of them signed.")

    // MARK: Callers

    static let apiKeys = Setting(
        "API_KEYS", .callers, .text("a path"), .words("everybody may call"),
        "File of keys. dropoutd hash-key makes its lines.")
    static let rateLimit = Setting(
        "RATE_LIMIT", .callers, .text("a count and /s, /m, /h or /d"), .words("no limit"),
        "Most requests of each caller in a time, for example 100/s or 5000/h.")
    static let rateBurst = Setting(
        "RATE_BURST", .callers, .numbers(0...1_000_000, unit: "requests"), .words("the count of --rate-limit"),
        "Most requests that a caller may send at once. 0 means the default.")
    static let corsOrigins = Setting(
        "CORS_ORIGINS", .callers, .text("origins, separated by commas, or *"), .words("none"),
        "Origins of the web pages that may read answers.")
    static let page = Setting(
        "PAGE", .callers, .toggle, .words("true"), "Whether / shows a page to browsers. --no-page turns it off.")
    static let metricsOpen = Setting(
        "METRICS_OPEN", .callers, .toggle, .words("false"), "Whether /metrics answers without a key.")

    // MARK: Log

    static let logLevel = Setting(
        "LOG_LEVEL", .log, .text("trace, debug, info, notice, warning, error or critical"), .text("info"),
        "Lowest level that is logged. Requests are on level info.")
    static let logFormat = Setting("LOG_FORMAT", .log, .text("json or text"), .text("json"), "Form of the log lines.")
    static let logPeers = Setting(
        "LOG_PEERS", .log, .toggle, .words("false"), "Whether the addresses of clients are logged.")

    package static let all = [
        host, port, threads,
        maxBodyBytes, maxElements, maxComputeSeconds, maxOperations, computeDeadlineSeconds, maxHeaderBytes,
        maxHeaderCount, maxTargetBytes,
        memoryBudgetBytes, maxWaiting, maxConcurrentPerCaller, queueSeconds,
        maxConnections, maxConnectionsPerAddress, maxRequestsPerConnection,
        headerSeconds, bodySeconds, minBytesPerSecond, minAnswerBytesPerSecond, idleSeconds, stallSeconds,
        drainDelaySeconds, drainSeconds,
        tlsCertificate, tlsKey, tlsClientCa,
        apiKeys, rateLimit, rateBurst, corsOrigins, page, metricsOpen,
        logLevel, logFormat, logPeers,
    ]
}
