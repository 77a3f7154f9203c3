import DropoutService
import Testing

/// The table of routes, and the paths that find them.
@Suite struct RouteTests {
    @Test("The list that GET / answers is the table of routes")
    func theIndexIsTheTable() {
        let listed = ask("/").object["routes"] as? [[String: Any]] ?? []
        #expect(listed.compactMap { $0["path"] as? String } == Route.all.map(\.path))
    }

    @Test("A path finds its own route", arguments: Route.all.map(\.path))
    func aPathFindsItsRoute(_ path: String) {
        let found = Route.find(path)
        #expect(found?.route.path == path)
        #expect(found?.parameters.allSatisfy { $1 == "{\($0)}" } == true)
    }

    @Test(
        "A path that is no route's finds none",
        arguments: ["", "//", "/mask/", "/Mask", "mask", "/mask?", "/healthz/x"])
    func anotherPathFindsNone(_ path: String) { #expect(Route.find(path)?.route == nil) }

    @Test("The server as a whole takes the methods of all routes")
    func theServerTakesAllMethods() { #expect(Route.allowOfAll == "GET, HEAD, POST, QUERY, OPTIONS") }

    @Test("Probes and readers alone are asked without a key")
    func probesNeedNoKey() {
        let probes = Route.all.filter { $0.audience == .probes }.map(\.path)
        #expect(
            probes == [
                "/v2/models/{model}/ready", "/v2/models/{model}/versions/{version}/ready", "/v1/models/{model}",
                "/v1/models/{model}/versions/{version}", "/v2/health/live", "/v2/health/ready", "/healthz", "/livez",
                "/readyz",
            ])
        #expect(Route.all.filter { $0.audience == .collectors }.map(\.path) == ["/metrics"])
        #expect(
            Route.all.filter { $0.audience == .readers }.map(\.path) == [
                "/openapi.yaml", "/openapi.json", "/docs", "/docs/{name}", "/live/{name}", "/",
            ])
    }

    @Test(
        "A segment in braces is a parameter",
        arguments: [
            ("/models/{name}", "/models/a", ["name": "a"]), ("/models/{name}", "/models/", nil),
            ("/models/{name}", "/models", nil), ("/models/{name}", "/models/a/b", nil),
            ("/models/{name}", "/layers/a", nil), ("/models/{name}", "models/a", nil),
            ("/v2/{model}/versions/{version}/infer", "/v2/é/versions/{1}/infer", ["model": "é", "version": "{1}"]),
            ("/v2/{model}/versions/{version}/infer", "/v2/a/versions/1/load", nil),
            ("/v1/{model}:predict", "/v1/a:predict", ["model": "a"]), ("/v1/{model}:predict", "/v1/:predict", nil),
            ("/v1/{model}:predict", "/v1/a", nil), ("/v1/{model}:predict", "/v1/a:explain", nil),
            ("/mask", "/mask", [:]), ("/mask", "/mask/", nil), ("/", "/", [:]), ("/", "", nil),
        ] as [(String, String, [String: String]?)])
    func aPathHasParameters(_ declared: String, _ path: String, _ parameters: [String: String]?) {
        #expect(RoutePath(declared).parameters(of: path) == parameters)
    }
}
