package import TensorJSON

/// One request as the contract sees it: no sockets, no header list, a body that lives as long as the call.
package struct ServiceRequest {
    package let method: String
    /// The path of the target, percent-decoded, without its query.
    package let path: String
    /// What stands behind the `?`, still percent-encoded.
    package let query: String?
    package let contentType: String?
    package let accept: String?
    package let body: UnsafeBufferPointer<UInt8>

    package init(
        method: String, path: String, query: String? = nil, contentType: String? = nil, accept: String? = nil,
        body: UnsafeBufferPointer<UInt8>
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.contentType = contentType
        self.accept = accept
        self.body = body
    }
}

/// One answer: status, header fields and the bytes of the body.
package struct ServiceReply: Sendable {
    package let status: Int
    package let headers: [(name: String, value: String)]
    package let body: ServiceBody
    /// Elements that were drawn and computed for it, over all passes; nil where the answer is no computation.
    package let elements: Int?
    /// Bytes of the numbers that wait to be printed.
    package let heldBytes: Int
    /// Why the service failed, for the log. Nil unless the status is 500.
    package let fault: String?
    package let caching: Caching

    /// What caches between the service and its caller may do.
    package enum Caching: String, Sendable {
        /// The answer depends on more than the URL: on chance, time, the body, or who asks.
        case noStore = "no-store"
        /// The answer is a function of the URL and of the service's version.
        case revalidated = "no-cache"
    }

    package init(
        status: Int, headers: [(name: String, value: String)], body: ServiceBody, elements: Int? = nil,
        heldBytes: Int = 0, fault: String? = nil, caching: Caching = .noStore
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.elements = elements
        self.heldBytes = heldBytes
        self.fault = fault
        self.caching = caching
    }
}

package enum ServiceBody: Sendable {
    case bytes([UInt8])
    /// Pulled one chunk at a time, `nil` at the end; each call computes the next lines.
    case chunks(@Sendable () -> ServiceChunk?)
    /// Pulled in order, `nil` at the end, and printed by whoever has time; together they are the text of a large answer.
    case parts(@Sendable () -> JSONPart?)

    /// All bytes, one after another.
    package func forEachChunk(_ take: ([UInt8]) -> Void) {
        switch self {
        case .bytes(let bytes): take(bytes)
        case .chunks(let next):
            while let chunk = next() {
                take(chunk.bytes)
                if chunk.isCut { return }
            }
        case .parts(let next): while let part = next() { take(part.bytes()) }
        }
    }
}

/// The next lines of an answer that is sent while it is computed.
package struct ServiceChunk: Sendable {
    package let bytes: [UInt8]
    /// The answer could not be finished. These bytes are its last, and it must not end as a whole answer ends.
    package let isCut: Bool

    package init(_ bytes: [UInt8], isCut: Bool = false) {
        self.bytes = bytes
        self.isCut = isCut
    }
}
