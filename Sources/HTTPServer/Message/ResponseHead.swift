import NIOCore
import NIOHTTP1

/// The header of an answer, with the fields that the server adds.
struct ResponseHead {
    private(set) var text = ""
    /// The place of the date in the UTF-8 of `text`, which has ``DateField/placeholder`` there.
    let dateIndex: Int
    let isChunked: Bool

    /// Notes in `progress` that an answer of unknown length to HTTP/1.0 ends with the connection.
    init(_ response: HTTPResponse, _ progress: inout RequestProgress) {
        text.reserveCapacity(256)
        text += "HTTP/1.1 \(response.status) "
        text += HTTPResponseStatus(statusCode: response.status).reasonPhrase
        text += "\r\n"
        // An answer to HEAD has the fields of the answer to GET, which would be encoded.
        let coding = progress.isHead ? progress.codings.coding(for: response) : nil
        var vary: [String] = []
        for field in coding.map({ response.headers(in: $0) }) ?? response.headers {
            if field.name == "Vary" { vary.append(field.value) } else { Self.add(field.name, field.value, to: &text) }
        }
        if response.isWorthCompressing || progress.codings.preferred != nil && response.isEncoded {
            vary.append("Accept-Encoding")
        }
        // One field, since some caches read the first alone.
        if !vary.isEmpty { Self.add("Vary", vary.joined(separator: ", "), to: &text) }
        if let compute = progress.outcome.compute {
            let queue = progress.outcome.queue.map { "queue;dur=\($0.milliseconds), " } ?? ""
            Self.add("Server-Timing", "\(queue)compute;dur=\(compute.milliseconds)", to: &text)
        }
        dateIndex = text.utf8.count + "Date: ".utf8.count
        Self.add("Date", DateField.placeholder, to: &text)
        switch response.body {
        case _ where !response.mayHaveBody: isChunked = false
        // It would be the length of the compressed answer to GET, which is not made.
        case .bytes where coding != nil: isChunked = false
        case .bytes(let bytes):
            isChunked = false
            Self.add("Content-Length", String(bytes.count), to: &text)
        case .pulled:
            isChunked = !progress.isHTTP10 && !progress.isHead
            if progress.isHTTP10 { progress.isKeepAlive = false }
            if isChunked { Self.add("Transfer-Encoding", "chunked", to: &text) }
        }
        if !progress.isKeepAlive {
            Self.add("Connection", "close", to: &text)
        } else if progress.isHTTP10 {
            Self.add("Connection", "keep-alive", to: &text)
        }
        text += "\r\n"
    }

    private static func add(_ name: String, _ value: String, to text: inout String) {
        text += name
        text += ": "
        text += value
        text += "\r\n"
    }
}

extension HTTPResponse {
    var mayHaveBody: Bool { status != 204 && status != 304 }

    /// Whether the answer may be sent as it is. Its status is final, and its fields have no line ends inside and are none of
    /// those that the server adds.
    var isLegal: Bool { (200...599).contains(status) && headers.allSatisfy(Self.isLegal) }

    /// The answer without what may not be sent.
    var legal: HTTPResponse {
        HTTPResponse(
            status: (200...599).contains(status) ? status : 500, headers: headers.filter(Self.isLegal), body: body)
    }

    private static func isLegal(_ field: (name: String, value: String)) -> Bool {
        !field.name.isEmpty && field.name.utf8.allSatisfy(isToken)
            && field.value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
            && !isReserved(field.name)
    }

    private static func isReserved(_ name: String) -> Bool {
        switch name.utf8.count {
        case 4, 10, 14, 17:
            ["content-length", "transfer-encoding", "connection", "date"].contains(name.lowercased())
        default: false
        }
    }

    private static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}

extension Duration {
    /// Milliseconds with three decimals, for instance 12.345.
    fileprivate var milliseconds: String {
        let (seconds, attoseconds) = components
        let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        let fraction = String(microseconds % 1000)
        return "\(microseconds / 1000)." + String(repeating: "0", count: max(0, 3 - fraction.utf8.count)) + fraction
    }
}
