package import Logging

/// What is known of a request once it is answered: one line of the access log, and what the metrics count.
///
///     {"time":"2026-01-31T23:59:59.007Z","level":"info","message":"request","request_id":"4bf9…","trace_id":"0af7…","span_id":"b7ad…",
///      "method":"POST","route":"/forward","path":"/forward","status":200,"bytes_in":64,"bytes_out":512,"elements":8,
///      "duration_ms":1.204,"queue_ms":0.02,"compute_ms":0.9,"key":"alice"}
///
/// What is nil is left out. There is no body, no query, no field of the request's header but its id and trace, and no token.
/// Level: warning for a refusal with a status from 500, error for other statuses from 500, else info.
package struct RequestRecord: Sendable {
    package var requestID: String
    /// The server's own span.
    package var trace: TraceContext?
    /// The peer's address, where the operator wants it logged.
    package var remote: String?
    package var method: String
    /// The route's path; "other" where there is none.
    package var route: String
    /// As asked for, without the query; 256 characters of it are logged.
    package var path: String
    package var status: Int
    package var bytesIn = 0
    package var bytesOut = 0
    package var elements: Int?
    /// From the first byte of the request to the last of the answer.
    package var duration: Duration
    /// Of that, waiting for a thread.
    package var queue: Duration?
    /// Of that, computing.
    package var compute: Duration?
    /// The caller's name, never the token.
    package var key: String?
    package var refusal: Refusal?
    /// Why the service failed, and where in its sources. The client is not told.
    package var fault: String?

    package init(
        requestID: String, method: String, route: String, path: String, status: Int, duration: Duration
    ) {
        self.requestID = requestID
        self.method = method
        self.route = route
        self.path = path
        self.status = status
        self.duration = duration
    }

    package var level: Logger.Level { status < 500 ? .info : refusal == nil ? .error : .warning }

    /// The line for the log, with its newline.
    package func line(_ format: LogFormat, at time: WallTime) -> [UInt8] {
        var line = LogLine(format)
        line.add("time", .text(time.text))
        line.add("level", .text(level.rawValue))
        line.add("message", .text("request"))
        for (name, value) in fields { line.add(name, value) }
        return line.finish()
    }

    private var fields: [(name: String, value: LogValue)] {
        let fields: [(name: String, value: LogValue?)] = [
            ("request_id", .text(requestID)),
            ("trace_id", trace.map { .text($0.traceID) }),
            ("span_id", trace.map { .text($0.spanID) }),
            ("remote", remote.map { .text($0) }),
            ("method", .text(Self.cut(method, 32))),
            ("route", .text(route)),
            ("path", .text(Self.cut(path, 256))),
            ("status", .integer(Int64(status))),
            ("bytes_in", .integer(Int64(bytesIn))),
            ("bytes_out", .integer(Int64(bytesOut))),
            ("elements", elements.map { .integer(Int64($0)) }),
            ("duration_ms", .milliseconds(duration)),
            ("queue_ms", queue.map { .milliseconds($0) }),
            ("compute_ms", compute.map { .milliseconds($0) }),
            ("key", key.map { .text($0) }),
            ("refusal", refusal.map { .text($0.rawValue) }),
            ("fault", fault.map { .text(Self.cut($0, 512)) }),
        ]
        return fields.compactMap { field in field.value.map { (field.name, $0) } }
    }

    private static func cut(_ text: String, _ maximum: Int) -> String {
        let scalars = text.unicodeScalars
        guard scalars.count > maximum else { return text }
        return String(String.UnicodeScalarView(scalars.prefix(maximum))) + "…"
    }
}

extension LogValue {
    /// To the microsecond.
    fileprivate static func milliseconds(_ duration: Duration) -> LogValue {
        .number(Double(duration.nanosecondCount / 1000) / 1000)
    }
}

extension Duration {
    /// Whole nanoseconds; 0 for what is negative, the largest for what is longer than 292 years.
    var nanosecondCount: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        guard seconds < 9_223_372_036 else { return UInt64(Int64.max) }
        return UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
    }
}
