package import NIOCore
import NIOHTTP1

/// One request with its whole body.
package struct HTTPRequest: Sendable {
    package let method: String
    /// Percent-decoded, without the query.
    package let path: String
    /// What stands behind the `?`, as sent.
    package let query: String?
    package let body: ByteBuffer
    private let fields: HTTPHeaders

    init(_ head: RequestHead, body: ByteBuffer) {
        method = head.method
        path = head.target.path
        query = head.target.query
        fields = head.fields
        self.body = body
    }

    /// The value of the field of this name, or all their values as one list (RFC 9110, 5.3), without the white space
    /// around them; nil if there is none.
    package func header(_ name: String) -> String? { fields.list(name) }
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
    /// Pulled on a worker, one chunk after another and only while the reader keeps up; nil at the end.
    case chunks(@Sendable () -> [UInt8]?)
    /// Pulled on the event loop, in order and only while the reader keeps up, and made by several workers at once; nil at
    /// the end.
    case parts(@Sendable () -> HTTPPart?)
}

/// A part of an answer that can be made without the parts before it.
package struct HTTPPart: Sendable {
    let maximumBytes: Int
    let write: @Sendable (UnsafeMutableRawBufferPointer) -> Int

    /// - Parameter write: puts its bytes, at most `maximumBytes`, at the start of memory of that size and returns their
    ///   number.
    package init(maximumBytes: Int, write: @escaping @Sendable (UnsafeMutableRawBufferPointer) -> Int) {
        self.maximumBytes = maximumBytes
        self.write = write
    }
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
