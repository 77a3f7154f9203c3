import Foundation
import Stopping
import TensorFiles
import Testing

/// Forms that curl 7.88, requests and httpx sent, and hostile ones.
@Suite("Forms of several parts")
struct MultipartFormTests {
    struct Sent: Decodable, Sendable, CustomTestStringConvertible {
        struct Part: Decodable, Sendable {
            let name: String
            let fileName: String?
            let contentType: String?
            let content: String
        }
        let name: String
        let contentType: String
        let body: String
        let parts: [Part]
        var testDescription: String { name }
    }

    private static func parts(_ body: [UInt8], _ boundary: String = "b") throws -> [MultipartForm.Part] {
        try body.withUnsafeBytes { try MultipartForm($0, boundary: boundary).parts }
    }

    @Test(
        "A form that a client sent has its names, types and contents",
        arguments: try VectorFile.decoded("multipart", as: [Sent].self))
    func clients(_ sent: Sent) throws {
        let body = try VectorFile.bytes(sent.body)
        let parts = try Self.parts(body, try MultipartForm.boundary(of: sent.contentType))
        #expect(parts.map(\.name) == sent.parts.map(\.name))
        #expect(parts.map(\.fileName) == sent.parts.map(\.fileName))
        #expect(parts.map(\.contentType) == sent.parts.map(\.contentType))
        #expect(try parts.map { Array(body[$0.content]) } == sent.parts.map { try VectorFile.bytes($0.content) })
    }

    @Test("A form that is cut anywhere is refused", arguments: try VectorFile.decoded("multipart", as: [Sent].self))
    func prefixes(_ sent: Sent) throws {
        let body = try VectorFile.bytes(sent.body)
        let boundary = try MultipartForm.boundary(of: sent.contentType)
        // The last line end may be missing.
        for count in 0..<(body.count - 2) {
            #expect(throws: MultipartError.self) { try Self.parts(Array(body[..<count]), boundary) }
        }
    }

    /// A form of one part.
    private static func form(_ header: String, _ content: String = "1", end: String = "\r\n--b--\r\n") -> [UInt8] {
        Array("--b\r\n\(header)\r\n\r\n\(content)\(end)".utf8)
    }

    private static let field = "Content-Disposition: form-data; name=\"rate\""

    @Test(
        "Content goes up to the line that is the boundary",
        arguments: [
            "", "\r\n", "--b", "x\r\n--", "\r\n--bb", "\r\n--b x\r\n", "\n--b\n", "\r\r\n", "\r\n-", "12345678\r",
            "1234567\r\n--a\r\n--c",
        ])
    func contents(_ content: String) throws {
        let body = Self.form(Self.field, content)
        let parts = try Self.parts(body)
        #expect(parts.map { String(decoding: body[$0.content], as: UTF8.self) } == [content])
    }

    @Test("The last line end may be missing, and a form may have no parts")
    func ends() throws {
        #expect(try Self.parts(Self.form(Self.field, end: "\r\n--b--")).count == 1)
        #expect(try Self.parts(Array("--b--\r\n".utf8)).isEmpty)
    }

    @Test(
        "A header is read by its names and parameters, in any case",
        arguments: [
            ("content-disposition: FORM-DATA; NAME=rate", "rate", nil, nil),
            ("X-Other: 1\r\nContent-Disposition: form-data; name=\"rate\"", "rate", nil, nil),
            ("Content-Disposition:form-data;name=\"a;b=c\";filename=\"\"", "a;b=c", "", nil),
            (#"Content-Disposition: form-data; name="a\"b\\c\d"; filename=x"#, #"a"b\c\d"#, "x", nil),
            ("Content-Type:  text/plain; charset=utf-8 \r\n\(field)", "rate", nil, "text/plain; charset=utf-8"),
            ("\(field); filename=\"ü.npy\"; filename*=UTF-8''%C3%BC.npy", "rate", "ü.npy", nil),
            ("\(field)\r\nContent-Transfer-Encoding: Binary\r\nContent-Length: 1", "rate", nil, nil),
        ] as [(String, String, String?, String?)])
    func headers(_ header: String, _ name: String, _ fileName: String?, _ type: String?) throws {
        let part = try #require(try Self.parts(Self.form(header)).first)
        #expect(part.name == name)
        #expect(part.fileName == fileName)
        #expect(part.contentType == type)
    }

    @Test(
        "A form that is broken is refused with a sentence about it",
        arguments: [
            ("", "does not begin with its boundary"),
            ("\r\n--b\r\n", "does not begin with its boundary"),
            ("--c\r\n", "does not begin with its boundary"),
            ("--b", "a line end or -- expected after the boundary, at byte 3"),
            ("--b\n", "a line end or -- expected after the boundary"),
            ("--b--x", "1 bytes after the last boundary"),
            ("--b\r\n", "the header of part 1 has no end"),
            ("--b\r\n\(field)\r\n", "the header of part 1 has no end"),
            ("--b\r\n\(field)\n\n1\r\n--b--", "does not end with CRLF"),
            ("--b\r\n\(field)\r\n\r\n1\r\n--c--", "no boundary after the part \"rate\""),
            ("--b\r\n\(field)\r\n\r\n1--b--", "no boundary after the part \"rate\""),
            ("--b\r\n\r\n1\r\n--b--", "part 1 has no Content-Disposition"),
            ("--b\r\n\(field)\r\n\(field)\r\n\r\n1\r\n--b--", "part 1 has content-disposition twice"),
            ("--b\r\n\(field)\r\n; filename=x\r\n\r\n1\r\n--b--", "without a name and a colon"),
            ("--b\r\n\(field)\r\n folded\r\n\r\n1\r\n--b--", "goes on with a space"),
            ("--b\r\n\(field)\u{0}\r\n\r\n1\r\n--b--", "that is not text"),
            ("--b\r\n: x\r\n\(field)\r\n\r\n1\r\n--b--", "without a name and a colon"),
            ("--b\r\nX Y: x\r\n\(field)\r\n\r\n1\r\n--b--", "without a name and a colon"),
            ("--b\r\nContent-Disposition: attachment; name=\"x\"\r\n\r\n1\r\n--b--", "is not form-data"),
            ("--b\r\nContent-Disposition: form-data\r\n\r\n1\r\n--b--", "has no name"),
            ("--b\r\nContent-Disposition: form-data; name=\"\"\r\n\r\n1\r\n--b--", "has no name"),
            ("--b\r\nContent-Disposition: form-data; name=\"x\r\n\r\n1\r\n--b--", "parameter without a value"),
            ("--b\r\nContent-Disposition: form-data; name=a\"b\r\n\r\n1\r\n--b--", "parameter without a value"),
            ("--b\r\nContent-Disposition: form-data; name=a; filename=\r\n\r\n1\r\n--b--", "parameter without a value"),
            ("--b\r\nContent-Disposition: form-data; name\r\n\r\n1\r\n--b--", "parameter without a value"),
            ("--b\r\nContent-Disposition: form-data; name=a; name=b\r\n\r\n1\r\n--b--", "names it twice"),
            ("--b\r\n\(field)\r\nContent-Transfer-Encoding: base64\r\n\r\nMQ==\r\n--b--", "send the content as it is"),
        ])
    func broken(_ body: String, _ words: String) {
        let error = #expect(throws: MultipartError.self) { try Self.parts(Array(body.utf8)) }
        guard case .malformed(let detail)? = error else { return }
        #expect(detail.contains(words), "\(detail)")
    }

    @Test("Bytes that are not UTF-8 in a header are refused")
    func notText() {
        let body = Array("--b\r\n\(Self.field)".utf8) + [0xFF] + Array("\r\n\r\n1\r\n--b--".utf8)
        #expect(throws: MultipartError.self) { try Self.parts(body) }
    }

    @Test("More parts and longer headers than any question has are refused")
    func limits() throws {
        let part = "--b\r\n\(Self.field)\r\n\r\n1\r\n"
        let most = String(repeating: part, count: 64) + "--b--"
        #expect(try Self.parts(Array(most.utf8)).count == 64)
        let more = String(repeating: part, count: 65) + "--b--"
        #expect(throws: MultipartError.malformed("the body has more than 64 parts")) {
            try Self.parts(Array(more.utf8))
        }
        let long = Self.form(Self.field + "\r\nX: " + String(repeating: "x", count: 4096))
        #expect(throws: MultipartError.malformed("the header of part 1 has more than 4096 bytes")) {
            try Self.parts(long)
        }
    }

    @Test(
        "A boundary is 1 to 70 characters, with or without quotation marks",
        arguments: [
            ("multipart/form-data; boundary=b", "b"), ("multipart/form-data; Boundary=\"a b\"", "a b"),
            ("multipart/form-data;charset=utf-8;boundary=A-1_'()+,./:=?", "A-1_'()+,./:=?"),
            ("multipart/form-data", nil), ("multipart/form-data; boundary=", nil),
            ("multipart/form-data; boundary=a; boundary=a", nil), ("multipart/form-data; boundary=\"a \"", nil),
            ("multipart/form-data; boundary=\(String(repeating: "x", count: 71))", nil),
            ("multipart/form-data; boundary=a\"b", nil), ("multipart/form-data; boundary=ü", nil),
        ])
    func boundaries(_ type: String, _ boundary: String?) throws {
        guard let boundary else {
            #expect(throws: MultipartError.self) { try MultipartForm.boundary(of: type) }
            return
        }
        #expect(try MultipartForm.boundary(of: type) == boundary)
    }

    @Test("A stopped reading ends with an error")
    func stops() {
        let stop = StopFlag()
        stop.set()
        #expect(throws: MultipartError.stopped) {
            try Self.form(Self.field).withUnsafeBytes { try MultipartForm($0, boundary: "b", stop: stop) }
        }
    }
}
