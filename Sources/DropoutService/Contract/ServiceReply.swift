import TensorJSON

/// One answer: status, header fields and the bytes of the body.
package struct ServiceReply: Sendable {
    package let status: Int
    package internal(set) var headers: [(name: String, value: String)]
    package internal(set) var body: ServiceBody
    /// Elements that were drawn and computed for it, over all passes. Nil if the answer is no computation.
    package let elements: Int?
    /// Bytes of the numbers that wait to be printed.
    package let heldBytes: Int
    /// Why the service failed, for the log. Nil unless the status is 500.
    package let fault: String?
    package internal(set) var caching: Caching
    /// Whether most of the body is numbers in base64 or as raw bytes, which hardly shrink.
    package let isDense: Bool

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

    /// A text that is the same until the service has another version.
    init(fixed bytes: [UInt8], _ type: MediaType, headers: [(name: String, value: String)] = []) {
        self.init(
            bytes: bytes, type, headers: headers,
            caching: EntityTag.of(bytes).map { .revalidated(tag: $0) } ?? .noStore)
    }

    /// What a client gets that has stored this answer: 304 without a body. Nil if nobody may store it.
    package var unchanged: ServiceReply? {
        caching == .noStore ? nil : .unchanged(headers.filter { $0.name == "Vary" }, caching)
    }

    /// What a client gets that has stored an answer with these fields and this tag.
    static func unchanged(_ headers: [(name: String, value: String)], _ caching: Caching) -> ServiceReply {
        ServiceReply(status: 304, headers: headers, body: .bytes([]), caching: caching)
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

    /// A computed file of tensors.
    init(_ file: TensorFileAnswer, elements: Int, caching: Caching) {
        self.init(
            status: 200, headers: [("Content-Type", MediaType.safetensors.field)], body: .bytes(file.bytes),
            elements: elements, heldBytes: file.bytes.count, caching: caching, isDense: true)
    }

    /// A short JSON text that depends on the state of the process.
    init(_ writer: consuming JSONWriter, status: Int = 200, headers: [(name: String, value: String)] = []) {
        var text = writer.finish()
        self.init(bytes: text.allBytes() + [0x0A], .json, status: status, headers: headers)
    }

    /// A JSON text that is the same until the service has another version.
    init(fixed writer: consuming JSONWriter) {
        var text = writer.finish()
        self.init(fixed: text.allBytes() + [0x0A], .json)
    }

    /// A computed inference.
    init(_ answer: InferenceAnswer, elements: Int, caching: Caching) {
        guard let tail = answer.tail else {
            self.init(answer.head, elements: elements, caching: caching)
            return
        }
        var head = answer.head
        let text = head.allBytes()
        self.init(
            status: 200,
            headers: [("Content-Type", MediaType.octets.field), (InferenceHead.field, "\(text.count)")],
            body: .bytes(text + tail), elements: elements, heldBytes: text.count + tail.count, caching: caching,
            isDense: tail.count > text.count)
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
