import HTTPServer
import Testing

/// Which answers are compressed, how, and what is told of it (RFC 9110, 12.5.3 and 12.5.5).
@Suite(.timeLimit(.minutes(10))) struct AnswerCodingTests {
    private static func get(_ target: String, _ acceptEncoding: String?, method: String = "GET") -> String {
        "\(method) \(target) HTTP/1.1\r\nHost: a\r\n"
            + (acceptEncoding.map { "Accept-Encoding: \($0)\r\n" } ?? "") + "\r\n"
    }

    private static func inflated(_ response: RawResponse) throws -> [UInt8] {
        switch response["Content-Encoding"] {
        case "gzip": try Zlib.inflated(response.body, .gzip)
        case "deflate": try Zlib.inflated(response.body, .zlib)
        default: response.body
        }
    }

    /// As long as the query is.
    private static let long = "/echo?" + String(repeating: "0.125,", count: 400)

    @Test(
        "The coding is the one that the client likes best",
        arguments: [
            (nil, nil), ("gzip", "gzip"), ("deflate", "deflate"), ("x-gzip", "gzip"), ("GZIP", "gzip"),
            ("gzip, deflate", "gzip"), ("deflate, gzip", "gzip"), ("deflate;q=0.8, gzip;q=0.7", "deflate"),
            ("gzip;q=0.5, deflate;q=0.5", "gzip"), ("gzip;q=0.001", "gzip"), ("gzip;q=0", nil), ("gzip;q=0.0", nil),
            ("gzip ; q=1.0", "gzip"), ("gzip;Q=0.3", "gzip"), ("*", "gzip"), ("*;q=0.1", "gzip"), ("*;q=0", nil),
            ("gzip;q=0, *", "deflate"), ("*;q=0, deflate", "deflate"), ("identity", nil), ("identity, gzip;q=0.9", nil),
            ("identity;q=0.5, gzip;q=0.5", "gzip"), ("identity;q=0", nil), ("identity;q=0, deflate;q=0.1", "deflate"),
            ("br", nil), ("br, zstd, gzip", "gzip"), ("br;q=1, deflate;q=0.2", "deflate"), ("", nil), (" , ,", nil),
            ("gzip;q=x", nil), ("gzip;q=2", "gzip"), ("gzip;q=-1", nil), ("gzip;q=nan", nil), ("gzipx", nil),
            (String(repeating: "a, ", count: 80) + "gzip", nil),
        ])
    func theCodingIsTheOneThatTheClientLikesBest(_ acceptEncoding: String?, _ coding: String?) {
        #expect(AnswerCodings(acceptEncoding: acceptEncoding).preferred?.rawValue == coding)
    }

    /// RFC 9110, 12.5.3: identity is acceptable unless it is refused by `identity;q=0`, or by `*;q=0` without a member of its own.
    @Test(
        "A dense answer is compressed only if the client refuses it as it is",
        arguments: [
            (nil, nil), ("gzip", nil), ("*", nil), ("gzip, identity;q=0.1", nil), ("gzip, *;q=0.5", nil),
            ("gzip, identity;q=0", "gzip"), ("deflate;q=0.1, *;q=0", "deflate"), ("gzip, *;q=0, identity;q=0.1", nil),
            ("identity;q=0", nil), ("*;q=0", nil), ("*, identity;q=0", "gzip"),
        ])
    func aDenseAnswerIsCompressedOnlyIfItMustBe(_ acceptEncoding: String?, _ coding: String?) throws {
        let bytes = [UInt8](repeating: 7, count: 3000)
        let application = TestApplication.always(
            .answering(onWorker: { _ in
                HTTPResponse(status: 200, headers: [], body: .bytes(bytes), isDense: true)
            }))
        let response = try answers(to: Self.get("/", acceptEncoding), application: application)[0]
        #expect(response["Content-Encoding"] == coding)
        #expect(response["Vary"] == "Accept-Encoding")
        #expect(try Self.inflated(response) == bytes)
    }

    @Test(
        "An answer that is worth it is compressed", arguments: [long, "/worker" + long, "/worker/chunks/3/1000"],
        [nil, "gzip", "deflate"])
    func anAnswerThatIsWorthItIsCompressed(_ path: String, _ coding: String?) throws {
        let responses = try answers(to: Self.get(path, nil) + Self.get(path, coding), count: 2)
        #expect(responses[1]["Content-Encoding"] == coding)
        #expect(responses.map { $0["Vary"] } == ["Accept-Encoding", "Accept-Encoding"])
        #expect(try Self.inflated(responses[1]) == responses[0].body)
        if coding != nil { #expect(responses[1].body.count < responses[0].body.count / 2) }
    }

    @Test("Two fields are read as one list")
    func twoFieldsAreReadAsOneList() throws {
        let request = "GET \(Self.long) HTTP/1.1\r\nHost: a\r\nAccept-Encoding: br\r\nAccept-Encoding: deflate\r\n\r\n"
        #expect(try answers(to: request)[0]["Content-Encoding"] == "deflate")
    }

    /// 1399 bytes fit into a packet; the line has 12 bytes besides the query and its end.
    @Test("What fits into a packet is not compressed", arguments: [(1399, nil), (1400, "gzip")])
    func whatFitsIntoAPacketIsNotCompressed(_ length: Int, _ coding: String?) throws {
        let target = "/echo?" + String(repeating: "a", count: length - "GET /echo \n".utf8.count)
        let response = try answers(to: Self.get(target, "gzip"))[0]
        #expect(response["Content-Encoding"] == coding)
        #expect(response["Vary"] == coding.map { _ in "Accept-Encoding" })
        #expect(try Self.inflated(response).count == length)
    }

    @Test("A long answer is compressed in one stream piece by piece", arguments: ["gzip", "deflate"])
    func aLongAnswerIsCompressedInOneStreamPieceByPiece(_ coding: String) throws {
        let responses = try answers(
            to: Self.get("/worker/chunks/300/10000", coding) + Self.get("/echo", nil), count: 2)
        #expect(responses[0].framing == .chunked && responses[0]["Content-Length"] == nil)
        let body = try Self.inflated(responses[0])
        #expect(body.count == 3_000_000)
        let letters = (0..<300).map { UInt8(ascii: "a") + UInt8($0 % 26) }
        #expect(stride(from: 0, to: body.count, by: 10_000).map { body[$0] } == letters)
        #expect(responses[1].text == "GET /echo -\n")
    }

    @Test("A long answer to HTTP/1.0 is compressed up to the end of the connection")
    func aLongAnswerToHTTP10IsCompressedUpToTheEndOfTheConnection() throws {
        let response = try answers(
            to: "GET /worker/chunks/30/10000 HTTP/1.0\r\nAccept-Encoding: gzip\r\n\r\n")[0]
        #expect(response.framing == .untilClose)
        #expect(try Self.inflated(response).count == 300_000)
    }

    @Test("An answer to HEAD has the length of the answer to GET", arguments: [nil, "gzip", "deflate"])
    func anAnswerToHEADTellsNoOtherLengthThanThatToGETHas(_ acceptEncoding: String?) throws {
        for path in ["/field/x", Self.long, "/worker" + Self.long, "/worker/chunks/3/1000"] {
            let head = try answers(to: Self.get(path, acceptEncoding, method: "HEAD"), toHead: true)[0]
            let get = try answers(to: Self.get(path, acceptEncoding))[0]
            #expect(head.status == 200 && get.status == 200)
            #expect(head["Vary"] == get["Vary"])
            if let length = head["Content-Length"], path == "/field/x" { #expect(length == get["Content-Length"]) }
            if get["Content-Encoding"] != nil { #expect(head["Content-Length"] == nil) }
        }
    }

    @Test("What is encoded already is left alone")
    func whatIsEncodedAlreadyIsLeftAlone() throws {
        let body = try Zlib.deflated([UInt8](repeating: 0, count: 1 << 20), .gzip)
        let application = TestApplication.always(
            .answering(onWorker: { _ in
                HTTPResponse(status: 200, headers: [("Content-Encoding", "gzip")], body: .bytes(body + body))
            }))
        let response = try answers(to: Self.get("/", "gzip, deflate"), application: application)[0]
        #expect(response["Content-Encoding"] == "gzip")
        #expect(response.body == body + body)
    }

    @Test("An answer without a body is not compressed")
    func anAnswerWithoutABodyIsNotCompressed() throws {
        let response = try answers(to: Self.get("/empty", "gzip"))[0]
        #expect(response.status == 204)
        #expect(response["Content-Encoding"] == nil && response["Vary"] == nil)
    }
}
