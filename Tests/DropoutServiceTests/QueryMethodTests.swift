import DropoutService
import Testing

/// The method QUERY (RFC 10008): a question in a body, whose answer may be stored.
@Suite struct QueryMethodTests {
    private static let json = "application/json"
    private static let forEver = "public, max-age=31536000, immutable"
    private static let mask = #"{"shape":[4],"rate":0.5,"seed":1}"#

    private static func caching(_ path: String, _ body: String, accept: String? = nil) -> Caching {
        Array(body.utf8).withUnsafeBufferPointer { body in
            DropoutAPI().respond(
                to: ServiceRequest(
                    method: "QUERY", path: path, contentType: json, accept: accept, body: body)
            ).caching
        }
    }

    private static let questions = [
        ("/mask", mask), ("/forward", #"{"input":[1,2],"rate":0.5,"seed":1}"#),
        ("/forward", #"{"input":[1,2],"rate":0.5,"seed":1,"samples":3,"samples_format":"ndjson"}"#),
        ("/verify", #"{"input":[1,2],"output":[2,0],"rate":0.5,"seed":1}"#),
        (
            "/train-step",
            #"{"input":[[1]],"target":[[1]],"loss":"mse","learning_rate":1,"seed":1,"layers":[{"weights":[[1]],"rate":0.5}]}"#
        ),
    ]

    @Test("QUERY has the answer of POST, and may be stored", arguments: questions)
    func queryHasTheAnswerOfPOST(_ path: String, _ body: String) {
        let reply = ask(path, body, method: "QUERY", contentType: Self.json)
        #expect(reply.status == 200)
        #expect(reply.text == ask(path, body).text)
        #expect(Self.caching(path, body).control == Self.forEver)
    }

    @Test(
        "An answer without a seed is not stored",
        arguments: [
            ("/mask", #"{"shape":[4],"rate":0.5}"#), ("/forward", #"{"input":[1,2],"rate":0.5}"#),
            ("/mask", #"{"shape":[4],"rate":2,"seed":1}"#), ("/mask", #"{"shape":[4],"rate":0.5,"seed":null}"#),
        ])
    func anAnswerWithoutASeedIsNotStored(_ path: String, _ body: String) {
        #expect(Self.caching(path, body) == .noStore)
    }

    @Test("Each body, each route and each type of the answer has its own tag")
    func eachBodyHasItsTag() {
        let tags = [
            Self.caching("/mask", Self.mask), Self.caching("/mask", Self.mask + " "),
            Self.caching("/mask", Self.mask.replacing("4", with: "5")),
            Self.caching("/mask", Self.mask, accept: "application/x-npy"),
            Self.caching("/forward", #"{"input":[1],"rate":0.5,"seed":1}"#),
            Self.caching("/verify", #"{"input":[1],"output":[2],"rate":0.5,"seed":1}"#),
        ].compactMap(\.tag)
        #expect(Set(tags).count == 6)
        #expect(Self.caching("/mask", Self.mask).tag == tags.first)
    }

    /// RFC 10008, 2: a QUERY whose type is missing must fail.
    @Test("A QUERY names the type of its body", arguments: [(nil, 400), ("text/csv", 415), ("text/plain", 200)])
    func aQueryNamesItsType(_ type: String?, _ status: Int) {
        #expect(ask("/mask", Self.mask, method: "QUERY", contentType: type).status == status)
    }

    @Test(
        "OPTIONS says which types QUERY takes",
        arguments: [
            ("/forward", "application/json, application/x-ndjson, application/x-npy, application/vnd.safetensors"),
            ("/mask", "application/json, application/x-ndjson"),
            ("/verify", "application/json, application/x-ndjson, multipart/form-data"),
            ("/train-step", "application/json, application/vnd.safetensors"), ("/generators", nil), ("/healthz", nil),
        ])
    func optionsSaysWhichTypesQUERYTakes(_ path: String, _ types: String?) {
        let reply = ask(path, method: "OPTIONS")
        #expect(reply.headers["Accept-Query"] == types)
        #expect(reply.headers["Allow"]?.contains("QUERY") == (types != nil))
    }

    @Test("A long body costs more to read by QUERY, since it is hashed")
    func aLongBodyCostsMore() {
        let service = DropoutAPI()
        let (post, query) = (
            service.readingPrice(bodyBytes: 1 << 20), service.readingPrice(bodyBytes: 1 << 20, method: "QUERY")
        )
        #expect(query.nanoseconds > post.nanoseconds)
        #expect(query.heldBytes == post.heldBytes)
    }
}
