import DropoutService
import Testing

/// What an answer's header says of caches, and what a request's header alone decides.
@Suite struct HeaderTests {
    private static func request(
        _ method: String, _ target: String, contentType: String? = nil, accept: String? = nil
    ) -> ServiceRequest {
        let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
        return ServiceRequest(
            method: method, path: parts[0], query: parts.count > 1 ? parts[1] : nil, contentType: contentType,
            accept: accept, body: UnsafeBufferPointer(start: nil, count: 0))
    }

    private static let forEver = "public, max-age=31536000, immutable"

    @Test(
        "Only what is a function of its URL may be stored",
        arguments: [
            ("GET", "/mask?shape=4&rate=0.5&seed=1", forEver), ("HEAD", "/mask?shape=4&rate=0.5&seed=1", forEver),
            ("GET", "/mask?shape=300000&rate=0.5&seed=1", forEver), ("GET", "/generators", "no-cache"),
            ("GET", "/mask?shape=4&rate=0.5&generator=jax&key_data=1,2", forEver), ("GET", "/", "no-cache"),
            ("GET", "/openapi.yaml", "no-cache"), ("GET", "/mask?shape=4&rate=0.5", "no-store"),
            ("GET", "/healthz", "no-store"), ("GET", "/livez", "no-store"), ("GET", "/readyz", "no-store"),
            ("GET", "/metrics", "no-store"), ("GET", "/nowhere", "no-store"),
            ("GET", "/mask?shape=4&seed=1", "no-store"), ("POST", "/mask", "no-store"), ("PUT", "/mask", "no-store"),
            ("OPTIONS", "/mask", "no-store"),
        ])
    func onlyWhatIsAFunctionOfItsURLMayBeStored(_ method: String, _ target: String, _ control: String) {
        let reply = DropoutAPI().respond(to: Self.request(method, target))
        #expect(reply.caching.control == control)
        #expect((reply.caching.tag == nil) == (control == "no-store"))
    }

    @Test("An answer to POST is not stored")
    func anAnswerToPOSTIsNotStored() {
        let replies = Array(#"{"shape":[4],"rate":0.5,"seed":1}"#.utf8).withUnsafeBufferPointer { body in
            [ServiceRequest(method: "POST", path: "/mask", body: body)].map { DropoutAPI().respond(to: $0) }
        }
        #expect(replies.map(\.status) == [200])
        #expect(replies.map(\.caching) == [.noStore])
    }

    @Test(
        "The header alone decides what it can",
        arguments: [
            ("POST", "/nowhere", nil, nil, 404), ("GET", "/forward", nil, nil, 405), ("PUT", "/mask", nil, nil, 405),
            ("POST", "/generators", nil, nil, 405), ("POST", "/mask", "text/csv", nil, 415),
            ("POST", "/mask", "application/json", "text/html", 406), ("OPTIONS", "/mask", nil, nil, 204),
            ("POST", "/mask", "application/json", nil, nil), ("POST", "/forward", nil, "*/*", nil),
            ("GET", "/mask?shape=1", nil, nil, nil), ("GET", "/livez", nil, nil, nil),
        ] as [(String, String, String?, String?, Int?)])
    func theHeaderAloneDecidesWhatItCan(
        _ method: String, _ target: String, _ contentType: String?, _ accept: String?, _ status: Int?
    ) {
        let request = Self.request(method, target, contentType: contentType, accept: accept)
        #expect(Self.statusOfHeader(request) == status)
        if let status { #expect(DropoutAPI().respond(to: request).status == status) }
    }

    @Test(
        "A type has one charset",
        arguments: [
            ("application/json; charset=utf-8; charset=utf-16", 415),
            ("application/json; charset=utf-8;charset=utf-8", 415),
            ("application/json; Charset=utf-8; CHARSET=utf-8", 415), ("application/json; charset=utf-16", 415),
            ("application/json; charset=\"utf-8\"", nil), ("application/json; charset=utf8", nil),
            ("text/plain; charset=UTF8", nil), ("text/plain", nil), ("text/plain; charset=latin1", 415),
            ("application/json; x=\"a;charset=utf-16\"; charset=utf-8", nil),
            ("application/json; x=\"\\\"; charset=utf-16\"", nil), ("application/json;;", nil), (";", 415), ("\"", 415),
        ] as [(String, Int?)])
    func aTypeHasOneCharset(_ type: String, _ status: Int?) {
        let request = Self.request("POST", "/mask", contentType: type)
        #expect(Self.statusOfHeader(request) == status)
    }

    /// `file --mime` prints such a type.
    @Test("A charset of an array file says nothing")
    func aCharsetOfAnArrayFileSaysNothing() {
        let request = Self.request("POST", "/forward", contentType: "application/x-npy; charset=binary")
        #expect(Self.statusOfHeader(request) == nil)
    }

    /// RFC 9110, 12.4.2 and 12.5.1: a weight of 0 refuses, and the most specific range decides. An empty list asks for nothing.
    @Test(
        "A weight of zero refuses",
        arguments: [
            ("application/json;q=0", 406), ("*/*;q=0", 406), ("application/json;q=0, text/*", 406), ("text/html", 406),
            ("*/*;q=0, application/json;q=0.001", nil), ("application/*; q=0.5", nil), ("APPLICATION/JSON;Q=1", nil),
            ("application/json;q=x", nil), ("application/json;q=nan", nil), ("", nil), (" , ,", nil),
        ] as [(String, Int?)])
    func aWeightOfZeroRefuses(_ accept: String, _ status: Int?) {
        let request = Self.request("POST", "/mask", accept: accept)
        #expect(Self.statusOfHeader(request) == status)
    }

    /// The status of the answer if the header alone decides it.
    private static func statusOfHeader(_ request: ServiceRequest) -> Int? {
        guard case .decided(let reply) = DropoutAPI().admit(request, to: Route.find(request.path)) else { return nil }
        return reply.status
    }
}
