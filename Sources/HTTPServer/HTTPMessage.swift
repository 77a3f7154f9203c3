package import NIOCore

/// One request with its whole body.
package struct HTTPRequest: Sendable {
    package let method: String
    /// Percent-decoded, without the query.
    package let path: String
    /// What stands behind the `?`, as sent.
    package let query: String?
    package let headers: [(name: String, value: String)]
    package let body: ByteBuffer

    /// The value of the field of this name, or all their values as one list (RFC 9110, 5.3); nil if there is none.
    package func header(_ name: String) -> String? {
        let lowercased = name.lowercased()
        let values = headers.filter { $0.name.lowercased() == lowercased }.map(\.value)
        return values.isEmpty ? nil : values.joined(separator: ", ")
    }
}

/// One answer. Date, Content-Length, Connection and Transfer-Encoding are the server's to add.
package struct HTTPResponse: Sendable {
    package let status: Int
    package let headers: [(name: String, value: String)]
    package let body: HTTPBody

    package init(status: Int, headers: [(name: String, value: String)], body: HTTPBody) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

package enum HTTPBody: Sendable {
    case bytes([UInt8])
    /// Pulled on a worker, one chunk at a time and only while the reader keeps up; nil at the end.
    case chunks(@Sendable () -> [UInt8]?)
}

/// What the server calls for answers.
package struct HTTPHandler: Sendable {
    /// The answer where it takes well under a millisecond, so that it may be made on the event loop; nil where
    /// ``answer`` must be asked on a worker.
    package let quickAnswer: @Sendable (HTTPRequest) -> HTTPResponse?
    package let answer: @Sendable (HTTPRequest) -> HTTPResponse
    /// The server's own refusals: status, a sentence, and the path if it is known.
    package let refusal: @Sendable (_ status: Int, _ detail: String, _ path: String?) -> HTTPResponse

    package init(
        quickAnswer: @escaping @Sendable (HTTPRequest) -> HTTPResponse?,
        answer: @escaping @Sendable (HTTPRequest) -> HTTPResponse,
        refusal: @escaping @Sendable (Int, String, String?) -> HTTPResponse
    ) {
        self.quickAnswer = quickAnswer
        self.answer = answer
        self.refusal = refusal
    }
}
