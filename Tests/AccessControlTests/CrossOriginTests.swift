import AccessControl
import Testing

@Suite struct CrossOriginTests {
    private static func lines(
        _ origins: [String], _ method: String, origin: String?, requestedMethod: String? = nil
    ) throws -> ([String], isPreflight: Bool) {
        let answer = try CrossOrigin(origins: origins)
            .answer(method: method, origin: origin, requestedMethod: requestedMethod)
        return (answer.fields.map { "\($0.name): \($0.value)" }, answer.isPreflight)
    }

    private static let list = ["https://app.example", "http://localhost:3000"]
    private static let exposed =
        "Access-Control-Expose-Headers: Dropout-Seed, ETag, Inference-Header-Content-Length, RateLimit, RateLimit-Policy, Retry-After, Server-Timing, X-Request-Id, traceparent"

    @Test("Without origins nothing is added")
    func withoutOriginsNothingIsAdded() throws {
        let (lines, isPreflight) = try Self.lines([], "OPTIONS", origin: "https://app.example", requestedMethod: "POST")
        #expect(lines.isEmpty && !isPreflight)
    }

    @Test("A configured origin may read")
    func aConfiguredOriginMayRead() throws {
        for origin in Self.list {
            let (lines, isPreflight) = try Self.lines(Self.list, "POST", origin: origin)
            #expect(lines == ["Access-Control-Allow-Origin: \(origin)", "Vary: Origin", Self.exposed])
            #expect(!isPreflight)
        }
    }

    @Test("A preflight lists what is allowed")
    func aPreflightListsWhatIsAllowed() throws {
        let (lines, isPreflight) = try Self.lines(
            Self.list, "OPTIONS", origin: "http://localhost:3000", requestedMethod: "DELETE")
        #expect(
            lines == [
                "Access-Control-Allow-Origin: http://localhost:3000", "Vary: Origin",
                "Access-Control-Allow-Methods: GET, HEAD, POST, QUERY",
                "Access-Control-Allow-Headers: Authorization, Content-Encoding, Content-Type, If-None-Match, Inference-Header-Content-Length, X-Request-Id, traceparent",
                "Access-Control-Max-Age: 600",
            ])
        #expect(isPreflight)
    }

    @Test("An OPTIONS without a requested method is no preflight")
    func anOPTIONSWithoutARequestedMethodIsNoPreflight() throws {
        #expect(try Self.lines(Self.list, "OPTIONS", origin: Self.list[0]).isPreflight == false)
    }

    @Test(
        "Any other origin gets no answer",
        arguments: [
            "https://app.example.evil", "https://app.example:443", "http://app.example", "https://APP.example", "null",
            "*",
            "", "https://app.example, https://app.example", "https://app.example\r\nX: y", "http://localhost",
        ])
    func anyOtherOriginIsToldNothing(_ origin: String) throws {
        for method in ["GET", "OPTIONS"] {
            let (lines, isPreflight) = try Self.lines(Self.list, method, origin: origin, requestedMethod: "POST")
            #expect(lines == ["Vary: Origin"])
            #expect(!isPreflight)
        }
    }

    @Test("A request without an origin varies all the same")
    func aRequestWithoutAnOriginVariesAllTheSame() throws {
        #expect(try Self.lines(Self.list, "GET", origin: nil).0 == ["Vary: Origin"])
    }

    @Test("The star allows every origin and varies by none")
    func theStarAllowsEveryOriginAndVariesByNone() throws {
        #expect(
            try Self.lines(["*"], "GET", origin: "https://any.example").0
                == ["Access-Control-Allow-Origin: *", Self.exposed])
        #expect(try Self.lines(["*"], "OPTIONS", origin: "null", requestedMethod: "POST").isPreflight)
    }

    @Test(
        "An origin as browsers send it is taken",
        arguments: [
            "https://a", "http://127.0.0.1:8080", "http://[::1]:8080", "https://[2001:db8::1]",
            "https://xn--bcher-kva.example",
            "chrome-extension://abcdef", "http://a.example:443", "https://a.example:80",
        ])
    func anOriginAsBrowsersSendItIsTaken(_ origin: String) throws {
        #expect(try Self.lines([origin], "GET", origin: origin).0.first == "Access-Control-Allow-Origin: \(origin)")
    }

    @Test(
        "Any other is refused with a reason",
        arguments: [
            ("app.example", "scheme://host or scheme://host:port expected"), ("https:app", "scheme://host"),
            ("", "scheme://host"), ("://a", "the scheme is not"), ("1http://a", "the scheme is not"),
            ("https://app.example/", "no path"), ("https://app.example/x", "no path"), ("HTTPS://a", "lower case"),
            ("https://App.example", "lower case"), ("https://", "the host is not"),
            ("https://*.example", "the host is not"),
            ("https://bücher.example", "the host is not"), ("https://u@a", "the host is not"),
            ("https://a?b", "the host is not"), ("https://[::1", "the host is not"), ("https://[]", "the host is not"),
            ("https://a:", "the port is not"), ("https://a:0", "the port is not"),
            ("https://a:65536", "the port is not"),
            ("https://a:08", "the port is not"), ("https://a:b", "the port is not"), ("https://a:443", "default port"),
            ("http://a:80", "default port"), ("null", "sandboxed"), ("*", "the only origin"),
            ("https://a b", "the host is not"),
        ])
    func anyOtherIsRefusedWithAReason(_ origin: String, _ reason: String) {
        let error = #expect(throws: OriginError.self) { try CrossOrigin(origins: ["https://a.example", origin]) }
        #expect(error?.origin == origin)
        #expect(error?.reason.contains(reason) == true)
    }
}
