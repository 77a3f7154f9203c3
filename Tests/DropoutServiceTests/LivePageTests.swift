import DropoutService
import Testing

/// The page at `/`: who gets it, and its files.
@Suite struct LivePageTests {
    private static let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"

    private static func ask(_ path: String, accept: String? = nil, showsPage: Bool = true, method: String = "GET")
        -> Reply
    {
        var status = ServiceStatus()
        status.showsPage = showsPage
        return [UInt8]().withUnsafeBufferPointer { body in
            Reply(
                DropoutAPI(status: status).respond(
                    to: ServiceRequest(method: method, path: path, query: nil, accept: accept, body: body)))
        }
    }

    @Test("Who prefers HTML gets the page", arguments: [browser, "text/html", "text/*", "text/html, */*;q=0.5"])
    func whoPrefersHTMLGetsThePage(_ accept: String) {
        let reply = Self.ask("/", accept: accept)
        #expect(reply.status == 200)
        #expect(reply.headers["Content-Type"] == "text/html; charset=utf-8")
        #expect(reply.headers["Vary"] == "Accept")
        #expect(reply.text.hasPrefix("<!doctype html>"))
    }

    @Test(
        "Everybody else gets the list of routes",
        arguments: [nil, "", "*/*", "application/json", "application/json, text/html", "text/html;q=0.5, */*"])
    func everybodyElseGetsTheList(_ accept: String?) {
        let reply = Self.ask("/", accept: accept)
        #expect(reply.headers["Content-Type"] == "application/json")
        #expect(reply.headers["Vary"] == "Accept")
        #expect(reply.text.hasPrefix("{\"service\":\"dropout-service\",\"status\":\"alive\",\"routes\":["))
    }

    @Test("Without the page a browser gets JSON, and who takes HTML alone is refused")
    func withoutThePage() {
        let reply = Self.ask("/", accept: Self.browser, showsPage: false)
        #expect(reply.headers["Content-Type"] == "application/json")
        #expect(reply.headers["Vary"] == nil)
        #expect(!reply.text.contains("/live/"))
        #expect(Self.ask("/", accept: "text/html", showsPage: false).status == 406)
        #expect(Self.ask("/live/live.css", showsPage: false).status == 404)
        #expect(Self.ask("/docs", showsPage: false).status == 200)
    }

    @Test("The page and each file that it names may load files of this server and nothing else")
    func thePageLoadsFilesOfThisServer() throws {
        let page = Self.ask("/", accept: Self.browser)
        let names = page.text.split(separator: "\"").filter { $0.hasPrefix("live/") }
        #expect(names.count > 15)
        for name in names {
            let file = Self.ask("/\(name)")
            #expect(file.status == 200, "\(name)")
            #expect(!file.text.contains("https://"), "\(name)")
        }
        let policy = try #require(page.headers["Content-Security-Policy"])
        #expect(policy.contains("default-src 'none'"))
        #expect(policy.contains("frame-ancestors 'none'"))
        #expect(!policy.contains("unsafe"))
    }

    @Test("The modules import files that the page has", arguments: ["live-main.js", "live-steps.js", "live-forest.js"])
    func theModulesImportFiles(_ name: String) {
        let text = Self.ask("/live/\(name)").text
        let imported = text.split(separator: "'").filter { $0.hasPrefix("./live-") }
        #expect(imported.count > 3)
        for other in imported { #expect(Self.ask("/live/\(other.dropFirst(2))").status == 200, "\(other)") }
    }

    @Test(
        "A file has the type of its name",
        arguments: [
            ("live.css", "text/css; charset=utf-8"), ("live-main.js", "text/javascript; charset=utf-8"),
            ("live-icon.svg", "image/svg+xml"),
        ])
    func aFileHasItsType(_ name: String, _ type: String) {
        #expect(Self.ask("/live/\(name)").headers["Content-Type"] == type)
    }

    @Test("A file that the page lacks is refused", arguments: ["live.js", "", "live.html", "LIVE.css"])
    func anotherFileIsRefused(_ name: String) { #expect(Self.ask("/live/\(name)").status == 404) }
}
