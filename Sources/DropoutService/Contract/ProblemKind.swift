import TensorJSON

/// Every kind of refusal: the one table of names, titles and statuses.
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
    /// A fault of the service itself.
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
        case .malformed: "The request cannot be read"
        case .unanswerable: "The question cannot be answered"
        case .notFound: "No such route"
        case .methodNotAllowed: "The route does not take this method"
        case .notAcceptable: "The answer has no acceptable form"
        case .unsupportedMediaType: "The route does not take this media type"
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

/// The amount of which a question has too much, with the limit.
package enum Excess: Sendable, Equatable {
    /// Nanoseconds of one core.
    case time(Int, limit: Int)
    /// Bytes that the computation holds, or that the answer prints.
    case bytes(Int, limit: Int)
}
