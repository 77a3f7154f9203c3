/// One answer as a client reads it (RFC 9112), besides what differs from day to day.
struct HTTPAnswer: Equatable, CustomStringConvertible {
    let status: Int
    let fields: [String]
    let body: [UInt8]

    var description: String { "\(status) \(fields) \(body.count)" }

    /// What does not depend on how the request was cut: the gate measures a piece before the codec reads it, so that of a
    /// request with two faults either may be reported.
    var told: [String] {
        status >= 400 ? ["refused"] : [String(status)] + fields + [String(decoding: body, as: UTF8.self)]
    }

    /// All answers of a connection that has ended; nil if the bytes are not whole answers, one after the other.
    ///
    /// An answer of the handler names the method in X-Method, since one to HEAD ends with its header. A refusal, which is the
    /// last, may be to HEAD as well.
    static func all(in bytes: [UInt8]) -> [HTTPAnswer]? {
        var rest = bytes[...]
        var answers: [HTTPAnswer] = []
        while !rest.isEmpty {
            guard let (status, fields) = head(&rest) else { return nil }
            if status == 100 { continue }
            guard let body = body(status, fields, &rest) else { return nil }
            answers.append(
                HTTPAnswer(
                    status: status, fields: fields.filter { !$0.hasPrefix("date:") && !$0.hasPrefix("server-timing:") },
                    body: body))
        }
        return answers
    }

    private static func line(_ rest: inout ArraySlice<UInt8>) -> String? {
        guard let end = rest.firstIndex(of: 0x0A), end > rest.startIndex, rest[end - 1] == 0x0D else { return nil }
        let line = String(validating: rest[..<(end - 1)], as: UTF8.self)
        rest = rest[(end + 1)...]
        return line
    }

    private static func head(_ rest: inout ArraySlice<UInt8>) -> (Int, [String])? {
        guard let start = line(&rest), start.hasPrefix("HTTP/1."), let status = Int(start.dropFirst(9).prefix(3)) else {
            return nil
        }
        var fields: [String] = []
        while true {
            guard let field = line(&rest) else { return nil }
            if field.isEmpty { return (status, fields) }
            guard let colon = field.firstIndex(of: ":") else { return nil }
            fields.append(field[..<colon].lowercased() + field[colon...])
        }
    }

    private static func body(_ status: Int, _ fields: [String], _ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        func value(_ name: String) -> String? {
            fields.first { $0.hasPrefix(name + ": ") }.map { String($0.dropFirst(name.count + 2)) }
        }
        if status == 204 { return value("content-length") == nil ? [] : nil }
        if value("x-method") == "HEAD" { return [] }
        if value("transfer-encoding") == "chunked" { return chunks(&rest) }
        guard let length = value("content-length").flatMap({ Int($0) }) else {
            // HTTP/1.0 has no chunks: the end of the connection ends the answer.
            guard value("connection") == "close" else { return nil }
            defer { rest = [] }
            return Array(rest)
        }
        if rest.isEmpty, status != 200 { return [] }
        guard rest.count >= length else { return nil }
        defer { rest = rest.dropFirst(length) }
        return Array(rest.prefix(length))
    }

    private static func chunks(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        var body: [UInt8] = []
        while true {
            guard let size = line(&rest).flatMap({ Int($0, radix: 16) }), rest.count >= size else { return nil }
            body += rest.prefix(size)
            rest = rest.dropFirst(size)
            guard line(&rest) == "" else { return nil }
            if size == 0 { return body }
        }
    }
}
