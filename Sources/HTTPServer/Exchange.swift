import NIOHTTP1

/// What an answer must know of its request.
struct Exchange {
    /// Whether no body may be sent.
    var isHead = false
    /// Whether the request is of HTTP/1.0, which has no chunks and closes unless asked.
    var isHTTP10 = false
    /// Whether another request may follow.
    var isKeepAlive = true
    /// Of the target, where it is known.
    var path: String?

    /// Of a request of which nothing is known yet.
    init() {}

    init(_ head: HTTPRequestHead) {
        isHead = head.method == .HEAD
        isHTTP10 = head.version == .http1_0
    }
}
