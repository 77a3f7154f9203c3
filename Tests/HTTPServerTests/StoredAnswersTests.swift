import HTTPServer
import Testing

/// If-None-Match, and the tags of answers in a content coding (RFC 9110, 8.8.3, 13.1.2).
@Suite(.timeLimit(.minutes(10))) struct StoredAnswersTests {
    @Test(
        "A stored answer is found by a weak comparison in a list",
        arguments: [
            ("\"a\"", "a"), ("W/\"a\"", "a"), ("\"b\", \"a\"", "a"), ("\"b\",W/\"a\"", "a"), (" , \"a\" ,", "a"),
            ("*", "a"),
            (" * ", "a"), ("\"b\"", nil), ("a", nil), ("\"A\"", nil), ("\"a", nil), ("w/\"a\"", nil), ("", nil),
            ("\"a,b\"", nil), ("\"b,\\\", \"a\"", "a"), ("b, \"a\"", nil), ("\"\"", nil), ("\"aa\"", nil),
        ])
    func aStoredAnswerIsFound(_ value: String, _ tag: String?) {
        let codings = AnswerCodings(acceptEncoding: nil)
        #expect(StoredAnswers(ifNoneMatch: value).current("a", codings) == tag)
    }

    @Test(
        "A stored answer in a coding is right as long as the client takes the coding",
        arguments: [
            ("\"a-gzip\"", "gzip", "a-gzip"), ("\"a-deflate\"", "gzip, deflate", "a-deflate"), ("\"a-gzip\"", nil, nil),
            ("\"a-gzip\"", "deflate", nil), ("\"a-gzip\", \"a\"", "deflate", "a"), ("\"a\"", "gzip", "a"),
            ("\"a\"", "gzip, identity;q=0", nil), ("\"a-br\"", "br", nil), ("\"a-gzip\"", "*", "a-gzip"),
        ])
    func aStoredAnswerInACoding(_ value: String, _ acceptEncoding: String?, _ tag: String?) {
        let codings = AnswerCodings(acceptEncoding: acceptEncoding)
        #expect(StoredAnswers(ifNoneMatch: value).current("a", codings) == tag)
    }

    @Test(
        "The tag of an encoded answer names the coding, for HEAD too", arguments: ["GET", "HEAD"],
        [(nil, "\"a\""), ("gzip", "\"a-gzip\""), ("deflate", "\"a-deflate\"")] as [(String?, String)])
    func theTagNamesTheCoding(_ method: String, _ coding: (accepted: String?, tag: String)) throws {
        let application = TestApplication.always(
            .answering(onWorker: { _ in
                HTTPResponse(
                    status: 200, headers: [("ETag", "\"a\""), ("Vary", "Accept"), ("Vary", "Origin")],
                    body: .bytes([UInt8](repeating: 7, count: 3000)))
            }))
        let request =
            "\(method) / HTTP/1.1\r\nHost: a\r\n"
            + (coding.accepted.map { "Accept-Encoding: \($0)\r\n" } ?? "") + "\r\n"
        let response = try answers(to: request, toHead: method == "HEAD", application: application)[0]
        #expect(response["ETag"] == coding.tag)
        #expect(response["Content-Encoding"] == coding.accepted)
        #expect(response["Vary"] == "Accept, Origin, Accept-Encoding")
    }
}
