import NIOHTTP1

/// A refusal that ends the connection, since what follows on it cannot be trusted or is not wanted.
struct Refusal: Error, Equatable {
    let status: Int
    let detail: String
}

/// A request's header, checked by the rules that the codec leaves to us (RFC 9110, RFC 9112).
struct RequestHead {
    let method: String
    let path: String
    let query: String?
    let fields: HTTPHeaders
    let isKeepAlive: Bool
    let expectsContinue: Bool
    /// Nil for a chunked body or none.
    let contentLength: Int?

    init(_ head: HTTPRequestHead, _ configuration: HTTPServerConfiguration) throws(Refusal) {
        guard head.version == .http1_1 || head.version == .http1_0 else {
            throw Refusal(status: 505, detail: "HTTP/1.1 or HTTP/1.0 expected")
        }
        guard head.uri.utf8.count <= configuration.maximumTargetBytes else {
            throw Refusal(status: 414, detail: "the target is longer than \(configuration.maximumTargetBytes) bytes")
        }
        try Self.checkSize(head, configuration)
        try Self.checkHost(head)
        try Self.checkTransferEncoding(head)
        let target = try Self.originForm(head.uri)
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let path = Self.percentDecoded(parts[0]) else {
            throw Refusal(status: 400, detail: "the path is not percent-encoded UTF-8")
        }
        self.path = path
        query = parts.count > 1 ? String(parts[1]) : nil
        method = head.method.rawValue
        fields = head.headers
        isKeepAlive = head.isKeepAlive
        contentLength = head.headers.first(name: "content-length").flatMap { Int($0) }
        let expectations = head.headers[canonicalForm: "expect"].map { $0.lowercased() }
        guard expectations.allSatisfy({ $0 == "100-continue" }) else {
            throw Refusal(status: 417, detail: "the only expectation that is met is 100-continue")
        }
        expectsContinue = !expectations.isEmpty && head.version == .http1_1
        if let contentLength, contentLength > configuration.maximumBodyBytes {
            throw Refusal(status: 413, detail: "the body is larger than \(configuration.maximumBodyBytes) bytes")
        }
    }

    private static func checkSize(
        _ head: HTTPRequestHead, _ configuration: HTTPServerConfiguration
    ) throws(Refusal) {
        guard head.headers.count <= configuration.maximumHeaderCount else {
            throw Refusal(status: 431, detail: "more than \(configuration.maximumHeaderCount) header fields")
        }
        var bytes = 0
        for field in head.headers { bytes += field.name.utf8.count + field.value.utf8.count + 4 }
        guard bytes <= configuration.maximumHeaderBytes else {
            throw Refusal(status: 431, detail: "the header is larger than \(configuration.maximumHeaderBytes) bytes")
        }
    }

    /// RFC 9112, 3.2: exactly one Host in HTTP/1.1, at most one in HTTP/1.0, and a legal one.
    private static func checkHost(_ head: HTTPRequestHead) throws(Refusal) {
        let hosts = head.headers["host"]
        guard hosts.count <= 1 else { throw Refusal(status: 400, detail: "more than one Host field") }
        guard let host = hosts.first else {
            if head.version == .http1_1 { throw Refusal(status: 400, detail: "a Host field is required") }
            return
        }
        let isLegal = host.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: "-._~!$&'()*+,;=:[]%".utf8.contains(byte)
            }
        }
        guard isLegal else { throw Refusal(status: 400, detail: "the Host field is not a host") }
    }

    /// RFC 9112, 6.1: chunked alone is understood, and never beside a Content-Length.
    private static func checkTransferEncoding(_ head: HTTPRequestHead) throws(Refusal) {
        let codings = head.headers[canonicalForm: "transfer-encoding"].map { $0.lowercased() }
        guard !codings.isEmpty else { return }
        guard head.version == .http1_1, !head.headers.contains(name: "content-length") else {
            throw Refusal(status: 400, detail: "Transfer-Encoding with Content-Length or in HTTP/1.0")
        }
        guard codings == ["chunked"] else {
            throw Refusal(status: 501, detail: "the only transfer coding that is understood is chunked")
        }
    }

    /// The path and query of origin-form (`/x`), absolute-form (`http://host/x`) or asterisk-form (`*`).
    private static func originForm(_ target: String) throws(Refusal) -> Substring {
        if target.hasPrefix("/") || target == "*" { return target[...] }
        let lowercased = target.prefix(8).lowercased()
        for scheme in ["http://", "https://"] where lowercased.hasPrefix(scheme) {
            let rest = target.dropFirst(scheme.utf8.count)
            guard let end = rest.firstIndex(where: { $0 == "/" || $0 == "?" }) else { return "/" }
            return rest[end] == "/" ? rest[end...] : "/" + rest[end...]
        }
        throw Refusal(status: 400, detail: "the target is neither a path nor an http URL")
    }

    private static func percentDecoded(_ text: Substring) -> String? {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst(), let low = rest.popFirst(),
                let value = UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16), high != UInt8(ascii: "+")
            else { return nil }
            bytes.append(value)
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
