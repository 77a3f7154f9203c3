import DropoutService
import Stopping
import Testing

/// The tags by which caches know answers, before anything is computed.
@Suite struct CachingTests {
    private static let mask = "/mask?shape=4,2&rate=0.5&seed=1"

    private static func plan(
        _ target: String, _ body: String = "", method: String = "GET", contentType: String? = nil,
        accept: String? = nil, version: String = "1"
    ) -> ServicePlan {
        let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
        return Array(body.utf8).withUnsafeBufferPointer { body in
            DropoutAPI(version: version).plan(
                ServiceRequest(
                    method: method, path: parts[0], query: parts.count > 1 ? parts[1] : nil,
                    contentType: contentType, accept: accept, body: body), stop: .never)
        }
    }

    private static func tag(_ target: String, accept: String? = nil, version: String = "1") -> String? {
        plan(target, accept: accept, version: version).unchanged?.caching.tag
    }

    @Test(
        "Two spellings of a question have one tag",
        arguments: [
            "/mask?seed=1&rate=0.5&shape=4,2", "/mask?shape=4&shape=2&rate=0.5&seed=1",
            "/mask?shape=[4,2]&rate=0.5&seed=1", "/mask?shape=%34,2&r%61te=0.5&seed=1",
            "/mask?&shape=4,2&rate=0.5&seed=1&&",
            "/mask?shape=4,2&rate=0.5&seed=1&pretty=0",
        ])
    func twoSpellingsHaveOneTag(_ target: String) throws {
        let tag: String = try #require(Self.tag(target))
        #expect(tag == Self.tag(Self.mask))
    }

    @Test(
        "Another question has another tag",
        arguments: [
            "/mask?shape=4,2&rate=0.5&seed=2", "/mask?shape=8&rate=0.5&seed=1", "/mask?shape=4,2&rate=0.6&seed=1",
            "/mask?shape=4,2&keep_prob=0.5&seed=1&step=1", "/mask?shape=4,2&rate=0.5&seed=1&mask_format=booleans",
            "/mask?shape=4,2&rate=0.5&seed=1&include=mask", "/mask?shape=4,2&rate=0.5&seed=1&pretty=1",
            "/mask?shape=4,2&rate=0.5&seed=1&generator=torch-cpu", "/mask?shape=4,2&rate=0.5&seed=11",
            "/mask?shape=4&rate=0.5&seed=12", "/mask?shape=41&rate=0.5&seed=2",
        ])
    func anotherQuestionHasAnotherTag(_ target: String) throws {
        let tag: String = try #require(Self.tag(target))
        #expect(tag != Self.tag(Self.mask))
    }

    @Test("Another media type and another version have another tag")
    func anotherTypeHasAnotherTag() throws {
        let tags = [
            Self.tag(Self.mask), Self.tag(Self.mask, accept: "application/x-npy"), Self.tag(Self.mask, version: "2"),
        ]
        #expect(Set(tags.compactMap { $0 }).count == 3)
    }

    @Test("The answer has the tag of its plan", arguments: [mask, mask + "&pretty=1", "/", "/generators?pretty=1"])
    func theAnswerHasTheTagOfItsPlan(_ target: String) throws {
        let plan = Self.plan(target)
        let reply =
            switch plan {
            case .reply(let reply): reply
            case .work(let work): work.run(.never)
            }
        #expect(reply.status == 200)
        let tag: String = try #require(reply.caching.tag)
        #expect(tag == plan.unchanged?.caching.tag)
    }

    @Test(
        "What is not stored has no answer for a client that stored it",
        arguments: ["/mask?shape=4&rate=0.5", "/mask?shape=4&rate=2&seed=1", "/healthz", "/metrics", "/nowhere"])
    func whatIsNotStoredHasNoTag(_ target: String) { #expect(Self.plan(target).unchanged == nil) }

    @Test("An answer to POST is not stored, with a seed either")
    func anAnswerToPOSTIsNotStored() {
        let plan = Self.plan("/mask", #"{"shape":[4],"rate":0.5,"seed":1}"#, method: "POST")
        #expect(plan.unchanged == nil)
    }

    @Test("A route with several types names Accept in Vary", arguments: [(mask, "Accept"), ("/generators", nil)])
    func aRouteWithSeveralTypesNamesAccept(_ target: String, _ vary: String?) throws {
        let unchanged = try #require(Self.plan(target).unchanged)
        #expect(unchanged.status == 304)
        #expect(unchanged.headers.first { $0.name == "Vary" }?.value == vary)
        #expect(ask(target).headers["Vary"] == vary)
    }
}
