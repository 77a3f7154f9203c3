/// Reads answers strictly from bytes as they come: nothing is repaired.
final class AnswerReader {
    typealias Failure = RawClient.Failure

    private var unread: ArraySlice<UInt8> = []
    /// Waits for more bytes; none at the end.
    private let more: () throws(Failure) -> [UInt8]

    init(more: @escaping () throws(Failure) -> [UInt8]) { self.more = more }

    /// Reads what has come.
    init(_ bytes: [UInt8]) {
        unread = bytes[...]
        more = { [] }
    }

    /// The next answer. One to HEAD has no body whatever its header says.
    func response(toHead isHead: Bool = false) throws(Failure) -> RawResponse {
        let start = try line()
        let parts = start.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].hasPrefix("HTTP/1."), parts[1].count == 3, let status = Int(parts[1]) else {
            throw .malformed("status line: \(start)")
        }
        var fields: [RawResponse.Field] = []
        while true {
            let line = try line()
            if line.isEmpty { break }
            guard let colon = line.firstIndex(of: ":"), colon != line.startIndex else {
                throw .malformed("field: \(line)")
            }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            fields.append(.init(name: String(line[..<colon]), value: String(value)))
        }
        let head = RawResponse(version: String(parts[0]), status: status, fields: fields, framing: .none, body: [])
        if isHead || status < 200 || status == 204 || status == 304 { return head }
        return try body(of: head)
    }

    /// The header of the next answer.
    func head() throws(Failure) -> RawResponse { try response(toHead: true) }

    private func body(of head: RawResponse) throws(Failure) -> RawResponse {
        switch (head["Content-Length"], head["Transfer-Encoding"]) {
        case (let length?, nil):
            guard let count = Int(length) else { throw .malformed("Content-Length: \(length)") }
            return head.with(.length, try bytes(count))
        case (nil, "chunked"):
            var body: [UInt8] = []
            while true {
                let size = try line()
                guard let count = Int(size, radix: 16) else { throw .malformed("chunk size: \(size)") }
                body += try bytes(count)
                guard try line().isEmpty else { throw .malformed("no line end after a chunk") }
                if count == 0 { return head.with(.chunked, body) }
            }
        case (nil, nil): return head.with(.untilClose, try rest())
        default: throw .malformed("framing: \(head.fields)")
        }
    }

    /// All bytes until the server closes in good order.
    func rest() throws(Failure) -> [UInt8] {
        while try fill() {}
        defer { unread = [] }
        return Array(unread)
    }

    /// Returns when an answer has begun to come.
    func waitForAnswer() throws(Failure) {
        if unread.isEmpty, try !fill() { throw .endedEarly }
    }

    /// Exactly so many bytes.
    func bytes(_ count: Int) throws(Failure) -> [UInt8] {
        while unread.count < count { guard try fill() else { throw .endedEarly } }
        defer { unread = unread.dropFirst(count) }
        return Array(unread.prefix(count))
    }

    private func line() throws(Failure) -> String {
        var scanned = unread.startIndex
        while true {
            if let end = unread[scanned...].firstIndex(of: 0x0A) {
                guard end > unread.startIndex, unread[end - 1] == 0x0D else { throw .malformed("bare line feed") }
                defer { unread = unread[(end + 1)...] }
                return String(decoding: unread[..<(end - 1)], as: UTF8.self)
            }
            scanned = unread.endIndex
            guard try fill() else { throw .endedEarly }
        }
    }

    private func fill() throws(Failure) -> Bool {
        let bytes = try more()
        unread += bytes
        return !bytes.isEmpty
    }
}
