import NIOHTTP1

extension HTTPResponseHead {
    /// The header of an answer, with the fields that are the server's to add.
    ///
    /// An answer of unknown length to HTTP/1.0 ends with the connection, and `exchange` is told so.
    init(_ response: HTTPResponse, _ exchange: inout Exchange, date: String) {
        self.init(version: .http1_1, status: HTTPResponseStatus(statusCode: response.status))
        for field in response.headers { headers.add(name: field.name, value: field.value) }
        headers.add(name: "Date", value: date)
        if response.mayHaveBody {
            switch response.body {
            case .bytes(let bytes): headers.add(name: "Content-Length", value: String(bytes.count))
            case .chunks where exchange.isHTTP10: exchange.isKeepAlive = false
            // To HEAD the encoder would send the last chunk.
            case .chunks where exchange.isHead: break
            case .chunks: headers.add(name: "Transfer-Encoding", value: "chunked")
            }
        }
        if !exchange.isKeepAlive {
            headers.add(name: "Connection", value: "close")
        } else if exchange.isHTTP10 {
            headers.add(name: "Connection", value: "keep-alive")
        }
    }
}

extension HTTPResponse {
    var mayHaveBody: Bool { status != 204 && status != 304 }

    /// Whether the answer may be sent as it is: a final status, and fields that end where they seem to and are not the
    /// server's to add.
    var isLegal: Bool { (200...599).contains(status) && headers.allSatisfy(Self.isLegal) }

    /// The answer without what may not be sent.
    var legal: HTTPResponse {
        HTTPResponse(
            status: (200...599).contains(status) ? status : 500, headers: headers.filter(Self.isLegal), body: body)
    }

    private static func isLegal(_ field: (name: String, value: String)) -> Bool {
        !field.name.isEmpty && field.name.utf8.allSatisfy(isToken)
            && field.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
            && !["content-length", "transfer-encoding", "connection", "date"].contains(field.name.lowercased())
    }

    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
