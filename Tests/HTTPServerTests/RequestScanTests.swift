import HTTPServer
import Testing

/// Where a request ends and which of its parts are too long, whole and byte by byte.
@Suite struct RequestScanTests {
    private static let start = "POST / HTTP/1.1\r\n"

    private static func configuration(header: Int = 20, target: Int = 10, body: Int = 100) -> HTTPServerConfiguration {
        var configuration = HTTPServerConfiguration()
        configuration.maximumHeaderBytes = header
        configuration.maximumTargetBytes = target
        configuration.maximumBodyBytes = body
        return configuration
    }

    /// How far `text` is read up to the end of a request or a refusal, the same in pieces of every size.
    private static func end(
        _ text: String, _ body: RequestScan.Body = .bytes(0), _ configuration: HTTPServerConfiguration = configuration()
    ) -> (count: Int, status: Int?) {
        let ends = [Int.max, 1, 2, 7].map { size -> (count: Int, status: Int?) in
            var scan = RequestScan(configuration)
            var rest = Array(text.utf8)[...]
            while !rest.isEmpty {
                let step = rest.prefix(size).withUnsafeBytes { scan.advance($0) }
                rest = rest.dropFirst(step.count)
                switch step.stop {
                case .nowhere: if step.count == 0 { return (text.utf8.count - rest.count, nil) }
                case .behindHeader: scan.expect(body)
                case .behindRequest: return (text.utf8.count - rest.count, nil)
                case .refused(let refusal): return (text.utf8.count - rest.count, refusal.status)
                }
                if scan.hasEnded { break }
            }
            return (text.utf8.count - rest.count, nil)
        }
        for end in ends { #expect(end == ends[0]) }
        return ends[0]
    }

    @Test(
        "A request ends after its body, whatever follows",
        arguments: [
            ("", RequestScan.Body.bytes(0)), ("hello", .bytes(5)), ("0\r\n\r\n", .chunked),
            ("0;a=b\r\nX: y\r\n\r\n", .chunked),
            ("5\r\nhello\r\nA\r\n0123456789\r\n0\r\n\r\n", .chunked), ("5 ;x\r\n0\r\n\r\n\r\n0\r\n\r\n", .chunked),
        ])
    func requestEnd(_ body: String, _ length: RequestScan.Body) {
        let text = "\r\n\n" + Self.start + "Host: a\r\n\r\n" + body
        for more in ["", "GET", "\r\n0\r\n\r\n"] { #expect(Self.end(text + more, length) == (text.utf8.count, nil)) }
    }

    @Test("The target may be 10 bytes long", arguments: [(10, nil), (11, 414)])
    func target(_ length: Int, _ status: Int?) {
        let text = "GET " + String(repeating: "a", count: length) + " HTTP/1.1\r\nHost: a\r\n\r\n"
        #expect(Self.end(text).status == status)
    }

    @Test("The method, and spaces in the target's place, are not measured as a target")
    func method() {
        #expect(Self.end(String(repeating: "A", count: 1000) + " 0123456789 HTTP/1.1\r\n\r\n").status == nil)
        #expect(Self.end("GET  / HTTP/1.1\r\n\r\n").status == 400)
    }

    @Test(
        "The fields of a header may be 20 bytes long, without the target and the last line",
        arguments: [
            ("X: 0123456789abcde\r\n", nil), ("X: 0123456789abcdef\r\n", 431), ("A: 1234\r\nB: 1234567\r\n", 431),
            ("A: 1234\r\nB: 123456\r\n", nil),
        ])
    func header(_ fields: String, _ status: Int?) {
        #expect(Self.end("GET 0123456789 HTTP/1.1\r\n\(fields)\r\n").status == status)
    }

    @Test(
        "The trailers may be as long as a header, apart from it and from the chunk lines",
        arguments: [
            ("X: 0123456789abcde\r\n", nil), ("X: 0123456789abcdef\r\n", 431),
        ])
    func trailers(_ trailers: String, _ status: Int?) {
        let text = Self.start + "X: 0123456789abcde\r\n\r\n1;23456789abcdef\r\na\r\n0;23456789abcdef\r\n\(trailers)\r\n"
        #expect(Self.end(text, .chunked).status == status)
    }

    @Test("Each chunk line may be 20 bytes long, however many there are", arguments: [(18, nil), (19, nil), (20, 400)])
    func chunkLines(_ length: Int, _ status: Int?) {
        // With the carriage return one byte more, and without the line feed.
        let line = "1;" + String(repeating: "x", count: length - 2) + "\r\na\r\n"
        for count in [1, 2, 5] {
            let text = Self.start + "\r\n" + String(repeating: line, count: count) + "0\r\n\r\n"
            #expect(Self.end(text, .chunked).status == status)
        }
    }

    @Test("Empty lines before a request may be 20 bytes long", arguments: [(10, nil), (11, 431)])
    func emptyLines(_ count: Int, _ status: Int?) {
        let text = String(repeating: "\r\n", count: count) + Self.start + "X: 0123456789abcde\r\n\r\n"
        #expect(Self.end(text).status == status)
    }

    @Test(
        "A chunk may be as long as a body",
        arguments: [
            ("64", nil), ("65", 413), ("FFFFFFFFFFFFFFFE", 413), ("00000000000000064", nil),
        ])
    func chunkSize(_ size: String, _ status: Int?) {
        let text = Self.start + "\r\n\(size)\r\n" + String(repeating: "a", count: 100) + "\r\n0\r\n\r\n"
        #expect(Self.end(text, .chunked).status == status)
    }

    @Test("Another major version is refused at its digit", arguments: [("2.0", 505), ("0.9", 505), ("1.9", nil)])
    func version(_ version: String, _ status: Int?) {
        let end = Self.end("GET / HTTP/\(version)\r\n\r\n")
        #expect(end.status == status)
        if status != nil { #expect(end.count == "GET / HTTP/2".utf8.count) }
    }
}
