/// A request whose header was accepted and whose body comes in.
struct IncomingRequest {
    let exchange: any HTTPExchange
    var request: HTTPRequest
    let length: RequestScan.Body
    /// Of the body.
    let coding: ContentCoding?
    /// The answer if the header alone has decided.
    let verdict: HTTPResponse?
}

extension RequestScan.Body {
    /// Whether the body is read even where it is not wanted, so that the connection can go on.
    var isShort: Bool {
        switch self {
        case .bytes(let count): count <= 64 << 10
        case .chunked: false
        }
    }
}
