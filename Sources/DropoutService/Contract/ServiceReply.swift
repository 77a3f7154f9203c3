import TensorJSON

/// One answer: status, header fields and the bytes of the body.
package struct ServiceReply: Sendable {
    package let status: Int
    package let headers: [(name: String, value: String)]
    package let body: ServiceBody
    /// Elements that were drawn and computed for it, over all passes. Nil if the answer is no computation.
    package let elements: Int?
    /// Bytes of the numbers that wait to be printed.
    package let heldBytes: Int
    /// Why the service failed, for the log. Nil unless the status is 500.
    package let fault: String?
    package let caching: Caching
    /// Whether most of the body is numbers in base64 or as raw bytes, which hardly shrink.
    package let isDense: Bool

    /// What caches between the service and its caller may do.
    package enum Caching: String, Sendable {
        /// The answer depends on more than the URL: on chance, time, the body, or who asks.
        case noStore = "no-store"
        /// The answer is a function of the URL and of the service's version.
        case revalidated = "no-cache"
    }

    package init(
        status: Int, headers: [(name: String, value: String)], body: ServiceBody, elements: Int? = nil,
        heldBytes: Int = 0, fault: String? = nil, caching: Caching = .noStore, isDense: Bool = false
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.elements = elements
        self.heldBytes = heldBytes
        self.fault = fault
        self.caching = caching
        self.isDense = isDense
    }

    /// A short answer without a computation.
    init(
        text: String, _ type: MediaType, status: Int = 200, headers: [(name: String, value: String)] = [],
        caching: Caching = .noStore
    ) {
        self.init(bytes: Array(text.utf8), type, status: status, headers: headers, caching: caching)
    }

    init(
        bytes: [UInt8], _ type: MediaType, status: Int = 200, headers: [(name: String, value: String)] = [],
        caching: Caching = .noStore
    ) {
        self.init(
            status: status, headers: [("Content-Type", type.field)] + headers, body: .bytes(bytes), caching: caching)
    }

    /// A computed array file.
    init(_ file: ArrayAnswer, elements: Int, caching: Caching) {
        self.init(
            status: 200, headers: [("Content-Type", MediaType.npy.field)] + file.headers, body: .bytes(file.bytes),
            elements: elements, heldBytes: file.bytes.count, caching: caching, isDense: true)
    }

    /// Up to this many bytes of text are printed at once, since to hand over parts costs more.
    private static let wholeBytes = 1 << 18

    /// A computed answer.
    init(_ text: JSONText, elements: Int, caching: Caching) {
        let headers = [(name: "Content-Type", value: MediaType.json.field)]
        var text = text
        let isDense = text.base64Bytes > text.printedBytesEstimate / 2
        if text.printedBytesEstimate <= Self.wholeBytes {
            self.init(
                status: 200, headers: headers, body: .bytes(text.allBytes() + [0x0A]), elements: elements,
                caching: caching, isDense: isDense)
            return
        }
        let source = PartSource(text)
        self.init(
            status: 200, headers: headers, body: .parts { source.next() }, elements: elements,
            heldBytes: text.heldBytes, caching: caching, isDense: isDense)
    }
}
