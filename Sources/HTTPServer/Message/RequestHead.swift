import NIOHTTP1

/// A request's header, checked by the rules that NIO's decoder does not check (RFC 9110, RFC 9112).
package struct RequestHead: Sendable {
    package let method: String
    package let target: RequestTarget
    let fields: HTTPHeaders
    let isKeepAlive: Bool
    /// Whether the client waits for 100 Continue before it sends the body.
    let expectsContinue: Bool
    let body: RequestScan.Body
    /// Why the request is not answered though it is understood.
    let refusal: HTTPRefusal?

    init(_ head: HTTPRequestHead, _ target: RequestTarget, _ configuration: HTTPServerConfiguration) throws(HTTPRefusal)
    {
        guard head.method != .CONNECT else { throw HTTPRefusal(501, .malformed, "the server is no proxy") }
        try Self.checkHost(head)
        body = try Self.body(head)
        method = head.method.rawValue
        self.target = target
        fields = head.headers
        // The decoder reads nothing after a request that offers another protocol. None is accepted.
        isKeepAlive =
            head.isKeepAlive && !fields.members("connection").contains("close") && !fields.contains(name: "upgrade")
        let expectations = fields.members("expect")
        expectsContinue = !expectations.isEmpty && head.version == .http1_1 && body != .bytes(0)
        if !expectations.allSatisfy({ $0 == "100-continue" }) {
            refusal = HTTPRefusal(417, .malformed, "the only expectation that is met is 100-continue")
        } else if case .bytes(let count) = body, count > UInt64(configuration.maximumBodyBytes) {
            refusal = .bodyTooLarge(configuration.maximumBodyBytes)
        } else {
            refusal = nil
        }
    }

    /// What the client says of the coding of the answer.
    var answerCodings: AnswerCodings { AnswerCodings(acceptEncoding: fields.list("Accept-Encoding")) }

    /// The coding of the body; nil for none.
    ///
    /// - Throws: a 415 if it is unknown.
    func bodyCoding() throws(HTTPRefusal) -> ContentCoding? {
        try ContentCoding(contentEncoding: fields.list("Content-Encoding"))
    }

    /// RFC 9112, 3.2: exactly one Host in HTTP/1.1, at most one in HTTP/1.0, and a legal one.
    private static func checkHost(_ head: HTTPRequestHead) throws(HTTPRefusal) {
        let hosts = head.headers["host"]
        guard hosts.count <= 1 else { throw HTTPRefusal(400, .malformed, "more than one Host field") }
        guard let host = hosts.first.map(HTTPHeaders.trimmed) else {
            if head.version == .http1_1 { throw HTTPRefusal(400, .malformed, "a Host field is required") }
            return
        }
        guard Authority.isLegal(host[...]) else { throw HTTPRefusal(400, .malformed, "the Host field is not a host") }
    }

    /// RFC 9112, 6: the only coding is chunked, and never together with a Content-Length.
    private static func body(_ head: HTTPRequestHead) throws(HTTPRefusal) -> RequestScan.Body {
        let lengths = head.headers.members("content-length")
        if !head.headers.contains(name: "transfer-encoding") {
            guard let length = lengths.first else { return .bytes(0) }
            guard lengths.count == 1, let count = UInt64(length) else {
                throw HTTPRefusal(400, .malformed, "the Content-Length is not one number")
            }
            return .bytes(count)
        }
        guard head.version == .http1_1, lengths.isEmpty else {
            throw HTTPRefusal(400, .malformed, "Transfer-Encoding with Content-Length or in HTTP/1.0")
        }
        guard head.headers.members("transfer-encoding") == ["chunked"] else {
            throw HTTPRefusal(501, .malformed, "the only transfer coding that is understood is chunked")
        }
        return .chunked
    }
}
