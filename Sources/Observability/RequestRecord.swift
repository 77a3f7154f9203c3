package import Logging

/// The facts about an answered request, for one line of the access log and for the metrics.
///
///     {"time":"2026-01-31T23:59:59.007Z","level":"info","message":"request","request_id":"4bf9…","trace_id":"0af7…","span_id":"b7ad…",
///      "method":"POST","route":"/forward","path":"/forward","status":200,"bytes_in":64,"bytes_out":512,"elements":8,
///      "duration_ms":1.204,"queue_ms":0.02,"compute_ms":0.9,"key":"alice"}
///
/// Members that are nil are left out. The line has no body, no query and no token. Of the request's header it has only the id and
/// the trace. The level is warning for a refusal with a status from 500 on, error for other statuses from 500 on, and info
/// otherwise.
package struct RequestRecord: Sendable {
    package var requestID: String
    /// The trace of the request with the server's own span.
    package var trace: TraceContext?
    /// The address of the peer. Nil unless the operator wants it in the log.
    package var remote: String?
    package var method: String
    /// The path of the route, or "other" if there is none.
    package var route: String
    /// The path of the request without the query. The log has its first 256 characters.
    package var path: String
    package var status: Int
    package var bytesIn = 0
    package var bytesOut = 0
    package var elements: Int?
    /// The time from the first byte of the request to the last byte of the answer.
    package var duration: Duration
    /// The part of the duration in which the request waited for a thread.
    package var queue: Duration?
    /// The part of the duration in which the answer was computed.
    package var compute: Duration?
    /// The name of the caller, never the token.
    package var key: String?
    package var refusal: Refusal?
    /// The reason why the service failed, and the place in its sources. The client does not learn it.
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
    /// A duration in milliseconds, cut to the microsecond.
    fileprivate static func milliseconds(_ duration: Duration) -> LogValue {
        .number(Double(duration.nanosecondCount / 1000) / 1000)
    }
}

extension Duration {
    /// The whole nanoseconds. A negative duration has 0, and one over 292 years has the largest number.
    var nanosecondCount: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        guard seconds < 9_223_372_036 else { return UInt64(Int64.max) }
        return UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
    }
}
