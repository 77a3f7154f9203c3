package import NIOHTTP1

/// A header as the decoder has read it, and as our own checks have found it.
package struct ReceivedHead: Sendable {
    /// Whether the answer has no body whatever its header says.
    let isHead: Bool
    /// Whether the request is of HTTP/1.0, which has no chunks and closes unless asked.
    let isHTTP10: Bool
    /// The path of the target; nil if the target is none.
    let path: String?
    let checked: Result<RequestHead, HTTPRefusal>

    package init(_ head: HTTPRequestHead, _ configuration: HTTPServerConfiguration) {
        isHead = head.method == .HEAD
        isHTTP10 = head.version == .http1_0
        var path: String?
        checked = Result { () throws(HTTPRefusal) in
            let target = try RequestTarget(head.uri, method: head.method.rawValue)
            path = target.path
            return try RequestHead(head, target, configuration)
        }
        self.path = path
    }
}

/// Why NIO's decoder reads no further.
package enum DecoderFault: Sendable {
    case tooManyFields, unknownMethod, other

    package init(_ error: HTTPParserError) {
        switch error {
        case .headerOverflow: self = .tooManyFields
        case .invalidMethod: self = .unknownMethod
        default: self = .other
        }
    }
}

extension HTTPDecoder where In == HTTPServerRequestPart, Out == HTTPServerResponsePart {
    /// NIO's decoder of requests with our limits. ``RequestScan`` enforces those in bytes.
    package convenience init(_ configuration: HTTPServerConfiguration) {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = .max
        limits.maxHeaderListSize = .max
        limits.maxHeaderFieldCount = configuration.maximumHeaderCount
        self.init(leftOverBytesStrategy: .dropBytes, limitConfiguration: limits)
    }
}
