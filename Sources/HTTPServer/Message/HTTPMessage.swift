package import NIOCore
import NIOHTTP1

/// One request.
package struct HTTPRequest: Sendable {
    package let method: String
    /// The path of the target, percent-decoded, without the query.
    package let path: String
    /// The part of the target after the `?`, as sent; nil if there is no `?`.
    package let query: String?
    /// The body, inflated if it was compressed. Empty while only the header has come.
    package var body = ByteBuffer()
    /// The address of the peer, without its port; nil if it has none.
    package let peer: String?
    /// The peer's address as one caller: the address, or the first 64 bits of an IPv6 address; nil if it has none.
    package let callerAddress: String?
    private let fields: HTTPHeaders

    package init(_ head: RequestHead, peer: String?, callerAddress: String?) {
        method = head.method
        path = head.target.path
        query = head.target.query
        fields = head.fields
        self.peer = peer
        self.callerAddress = callerAddress
    }

    /// The value of the field of this name, or all their values as one list (RFC 9110, 5.3), without the white space
    /// around them; nil if there is none.
    package func header(_ name: String) -> String? { fields.list(name) }
}

/// One answer. The server adds Date, Content-Length, Connection and Transfer-Encoding.
package struct HTTPResponse: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: HTTPBody
    /// Bytes that the body holds in memory until it is sent, for the memory budget.
    package var heldBytes: Int
    /// Whether the body hardly shrinks, such as numbers in base64 or as raw bytes. Compression costs more time than it saves.
    package var isDense: Bool

    package init(
        status: Int, headers: [(name: String, value: String)], body: HTTPBody, heldBytes: Int = 0,
        isDense: Bool = false
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.heldBytes = heldBytes
        self.isDense = isDense
    }
}

package enum HTTPBody: Sendable {
    case bytes([UInt8])
    /// Made while it is sent.
    case pulled(HTTPSource)

    package static func chunks(_ next: @escaping @Sendable () -> HTTPChunk?) -> HTTPBody { .pulled(.chunks(next)) }

    package static func parts(_ next: @escaping @Sendable () -> HTTPPart?) -> HTTPBody { .pulled(.parts(next)) }
}

/// The body of an answer that is made while it is sent.
package enum HTTPSource: Sendable {
    /// Pulled on a worker, one chunk after another and only while the reader keeps up; nil at the end.
    case chunks(@Sendable () -> HTTPChunk?)
    /// Pulled on the event loop, in order and only while the reader keeps up, and made by several workers at once; nil at
    /// the end.
    case parts(@Sendable () -> HTTPPart?)
}

/// The next bytes of an answer that is sent while it is computed.
package struct HTTPChunk: Sendable {
    package let bytes: [UInt8]
    /// The answer could not be finished. These bytes are its last, and the connection ends without the mark of a whole
    /// answer.
    package let isCut: Bool
    /// Whether the next chunk takes longer than short work does, so that it has its turn among long work.
    package let isNextLong: Bool

    package init(_ bytes: [UInt8], isCut: Bool = false, isNextLong: Bool = false) {
        (self.bytes, self.isCut, self.isNextLong) = (bytes, isCut, isNextLong)
    }
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
