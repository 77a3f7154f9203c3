import TensorJSON

/// A refusal, as RFC 9457 `application/problem+json`, with one entry for each place that is wrong.
package struct Problem: Error, Sendable, Equatable {
    /// One wrong place: an RFC 6901 pointer into the request (empty for the whole text) and what is wrong there.
    package struct Entry: Sendable, Equatable {
        package let pointer: String
        package let detail: String

        /// Longer texts are cut: both may quote what the client sent.
        package init(pointer: String, detail: String) {
            self.pointer = pointer.excerpt(256)
            self.detail = detail.excerpt(640)
        }

        /// The bytes of the entry in the document.
        fileprivate var printedByteCount: Int {
            pointer.printedByteCount + detail.printedByteCount + #"{"pointer":"","detail":""},"#.utf8.count
        }
    }

    package let kind: ProblemKind
    package let detail: String
    package let entries: [Entry]
    /// Why the service failed, for the log alone. The client gets the request's name, by which the log is searched.
    package let fault: String?

    /// The most bytes of a problem document, whatever was asked.
    package static let maximumBytes = 12_288

    /// The most bytes of all entries together. What they leave of ``maximumBytes`` holds the other members.
    private static let maximumEntryBytes = 8192

    /// - Parameter entries: all that is wrong. The first ones are kept as far as the document has room.
    package init(_ kind: ProblemKind, detail: String, entries: [Entry] = [], fault: String? = nil) {
        self.kind = kind
        self.detail = detail.excerpt(900)
        var room = Self.maximumEntryBytes
        self.entries = Array(
            entries.prefix { entry in
                room -= entry.printedByteCount
                return room >= 0
            })
        self.fault = fault
    }

    /// The question was JSON, but not one that can be answered: all that is wrong with it, at least one entry.
    init(unanswerable entries: [Entry]) {
        let first = entries.first.map { $0.pointer.isEmpty ? $0.detail : "\($0.pointer): \($0.detail)" } ?? ""
        let more = entries.count > 1 ? " (and \(entries.count - 1) more)" : ""
        self.init(.unanswerable, detail: first + more, entries: entries)
    }

    /// The problem as an answer; `instance` is the path that was asked.
    package func reply(instance: String?, headers: [(name: String, value: String)] = []) -> ServiceReply {
        var writer = JSONWriter()
        write(instance: instance, to: &writer)
        var text = writer.finish()
        return ServiceReply(
            status: kind.status, headers: [("Content-Type", "application/problem+json")] + headers,
            body: .bytes(text.allBytes() + [0x0A]), fault: fault)
    }

    /// The problem as a JSON object.
    func write(instance: String?, to writer: inout JSONWriter) {
        writer.beginObject()
        writer.key("type")
        writer.string("urn:dropout-service:problem:\(kind.name)")
        writer.key("title")
        writer.string(kind.title)
        writer.key("status")
        writer.integer(Int64(kind.status))
        writer.key("detail")
        writer.string(detail)
        if let instance {
            writer.key("instance")
            writer.string(instance.excerpt(256))
        }
        writer.key("errors")
        writer.beginArray()
        for entry in entries {
            writer.beginObject()
            writer.key("pointer")
            writer.string(entry.pointer)
            writer.key("detail")
            writer.string(entry.detail)
            writer.endObject()
        }
        writer.endArray()
        kind.writeMembers(to: &writer)
        writer.key("error")
        writer.string(detail)
        writer.endObject()
    }
}

/// Every kind of refusal; the one table of names, titles and statuses.
package enum ProblemKind: Sendable, Equatable {
    case malformed
    case unanswerable
    case notFound
    case methodNotAllowed
    case notAcceptable
    case unsupportedMediaType
    /// The question would take more time or memory than one request may.
    case tooExpensive(Excess)
    /// The computation was stopped before its end: its deadline passed.
    case deadline
    /// What cannot happen, happened.
    case fault
    /// A refusal by the HTTP server, whose status is all that is known here.
    case transport(status: Int)

    package var status: Int {
        switch self {
        case .malformed: 400
        case .unanswerable: 422
        case .notFound: 404
        case .methodNotAllowed: 405
        case .notAcceptable: 406
        case .unsupportedMediaType: 415
        case .tooExpensive: 422
        case .deadline: 503
        case .fault: 500
        case .transport(let status): status
        }
    }

    var name: String {
        switch self {
        case .malformed: "malformed-json"
        case .unanswerable: "unanswerable"
        case .notFound: "not-found"
        case .methodNotAllowed: "method-not-allowed"
        case .notAcceptable: "not-acceptable"
        case .unsupportedMediaType: "unsupported-media-type"
        case .tooExpensive: "too-expensive"
        case .deadline: "deadline"
        case .fault: "fault"
        case .transport(let status): "http-\(status)"
        }
    }

    var title: String {
        switch self {
        case .malformed: "The request is not valid JSON"
        case .unanswerable: "The question cannot be answered"
        case .notFound: "No such route"
        case .methodNotAllowed: "The route does not take this method"
        case .notAcceptable: "The answer has no acceptable form"
        case .unsupportedMediaType: "The request is not JSON"
        case .tooExpensive: "The question costs more than one request may"
        case .deadline: "The computation took too long"
        case .fault: "The service failed"
        case .transport(let status): Self.reason(status)
        }
    }

    /// The members that this kind alone has.
    func writeMembers(to writer: inout JSONWriter) {
        guard case .tooExpensive(let excess) = self else { return }
        switch excess {
        case .time(let nanoseconds, let limit):
            writer.field("price_seconds", Double(nanoseconds) / 1e9)
            writer.field("limit_seconds", Double(limit) / 1e9)
        case .bytes(let bytes, let limit):
            writer.field("price_bytes", natural: UInt64(clamping: bytes))
            writer.field("limit_bytes", natural: UInt64(clamping: limit))
        }
    }

    private static func reason(_ status: Int) -> String {
        switch status {
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 408: "Request Timeout"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 415: "Unsupported Media Type"
        case 417: "Expectation Failed"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 503: "Service Unavailable"
        case 505: "HTTP Version Not Supported"
        default: "Error"
        }
    }
}

/// What a question has too much of, with the limit.
package enum Excess: Sendable, Equatable {
    /// Nanoseconds of one core.
    case time(Int, limit: Int)
    /// Bytes that the computation holds, or that the answer prints.
    case bytes(Int, limit: Int)
}
