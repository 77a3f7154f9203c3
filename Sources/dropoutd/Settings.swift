import ArgumentParser
import DropoutService
import HTTPServer
import Logging

/// The settings of `serve`, each from its flag, its environment variable or its default.
struct Settings: ParsableArguments {
    @Option(help: "Address to listen on. DROPOUTD_HOST; default 127.0.0.1")
    var host: String?

    @Option(help: "Port to listen on, 0 for any free one. DROPOUTD_PORT; default 8080")
    var port: Int?

    @Option(help: "trace, debug, info, notice, warning, error or critical. DROPOUTD_LOG_LEVEL; default info")
    var logLevel: String?

    @Option(help: "Threads that compute and event loops, each. DROPOUTD_THREADS; default: the number of cores")
    var threads: Int?

    @Option(help: "Largest request body. DROPOUTD_MAX_BODY_BYTES; default 67108864")
    var maxBodyBytes: Int?

    @Option(help: "Most elements of one request's tensors. DROPOUTD_MAX_ELEMENTS; default 16777216")
    var maxElements: Int?

    @Option(help: "Seconds that a stop waits for requests in work. DROPOUTD_DRAIN_SECONDS; default 20")
    var drainSeconds: Int?
}

/// Settings after flags, environment and defaults were put together and checked.
struct EffectiveSettings {
    let server: HTTPServerConfiguration
    let limits: ServiceLimits
    let logLevel: Logger.Level

    /// - Throws: `ValidationError` naming the setting, its value and what is expected.
    init(_ settings: Settings, environment: [String: String], cores: Int) throws {
        var server = HTTPServerConfiguration()
        server.host = settings.host ?? environment["DROPOUTD_HOST"] ?? server.host
        func integer(_ flag: Int?, _ name: String, _ range: ClosedRange<Int>, _ standard: Int) throws -> Int {
            let variable = "DROPOUTD_\(name)"
            let value: Int
            if let flag {
                value = flag
            } else if let text = environment[variable] {
                guard let number = Int(text) else {
                    throw ValidationError("\(variable) is \"\(text)\"; a whole number expected")
                }
                value = number
            } else {
                value = standard
            }
            guard range.contains(value) else {
                let flag = "--" + name.lowercased().split(separator: "_").joined(separator: "-")
                throw ValidationError(
                    "\(flag) (\(variable)) is \(value); \(range.lowerBound) to \(range.upperBound) expected")
            }
            return value
        }
        server.port = try integer(settings.port, "PORT", 0...65_535, server.port)
        let threads = try integer(settings.threads, "THREADS", 1...1024, max(1, cores))
        (server.eventLoopCount, server.workerCount) = (threads, threads)
        server.maximumBodyBytes = try integer(
            settings.maxBodyBytes, "MAX_BODY_BYTES", 1...(1 << 32), server.maximumBodyBytes)
        server.drainDeadline = .seconds(try integer(settings.drainSeconds, "DRAIN_SECONDS", 0...3600, 20))
        var limits = ServiceLimits()
        limits.maximumElements = try integer(
            settings.maxElements, "MAX_ELEMENTS", 1...(1 << 30), limits.maximumElements)
        let level = settings.logLevel ?? environment["DROPOUTD_LOG_LEVEL"] ?? "info"
        guard let logLevel = Logger.Level(rawValue: level) else {
            let names = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--log-level (DROPOUTD_LOG_LEVEL) is \"\(level)\"; one of \(names) expected")
        }
        (self.server, self.limits, self.logLevel) = (server, limits, logLevel)
    }

    /// For the log: what is in force.
    var metadata: Logger.Metadata {
        [
            "host": "\(server.host)", "threads": "\(server.workerCount)",
            "max_body_bytes": "\(server.maximumBodyBytes)", "max_elements": "\(limits.maximumElements)",
            "max_connections": "\(server.maximumConnections)", "log_level": "\(logLevel.rawValue)",
        ]
    }
}
