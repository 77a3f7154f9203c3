import Testing

/// The page at `/` by its setting, and with keys.
@Suite struct ServedPageTests {
    private static let html = "Accept: text/html"

    @Test("The page is open where answers need a key")
    func thePageIsOpen() throws {
        let folder = try Folder()
        let program = try ServedProgram(["--api-keys", try folder.file("keys", try Program.key("alice").line)])
        #expect(try program.ask("GET", "/", [Self.html])["Content-Type"] == "text/html; charset=utf-8")
        #expect(try program.ask("GET", "/live/live-main.js").status == 200)
        #expect(try program.ask("GET", "/")["Content-Type"] == "application/json")
        #expect(try program.ask("GET", "/generators").status == 401)
        #expect(try program.ask("GET", "/live").status == 401)
    }

    @Test(
        "A setting turns the page off",
        arguments: [(["--no-page"], [:]), ([], ["DROPOUTD_PAGE": "false"]), (["--no-page"], ["DROPOUTD_PAGE": "1"])]
            as [([String], [String: String])])
    func aSettingTurnsThePageOff(_ arguments: [String], _ environment: [String: String]) throws {
        let program = try ServedProgram(arguments, environment: environment)
        #expect(try program.ask("GET", "/", [Self.html]).status == 406)
        #expect(try program.ask("GET", "/live/live.css").status == 404)
        let list = try program.ask("GET", "/", ["Accept: text/html, */*;q=0.1"])
        #expect(list["Content-Type"] == "application/json")
        #expect(!list.text.contains("/live/"))
    }

    @Test("A flag is stronger than the variable, and an empty variable is none", arguments: ["--page", nil])
    func theFlagIsStronger(_ flag: String?) throws {
        let environment = ["DROPOUTD_PAGE": flag == nil ? "" : "false"]
        let program = try ServedProgram(flag.map { [$0] } ?? [], environment: environment)
        #expect(try program.ask("GET", "/", [Self.html]).status == 200)
    }

    @Test("A stored page is confirmed, and its compressed form has a tag of its own")
    func aStoredPageIsConfirmed() throws {
        let program = try ServedProgram()
        let plain = try program.ask("GET", "/", [Self.html])
        let coded = try program.ask("GET", "/", [Self.html, "Accept-Encoding: gzip"])
        let tag: String = try #require(plain["ETag"])
        #expect(coded["ETag"] != tag)
        #expect(coded["Content-Encoding"] == "gzip")
        #expect(coded["Vary"] == "Accept, Accept-Encoding")
        #expect(try program.ask("GET", "/", [Self.html, "If-None-Match: \(tag)"]).status == 304)
        #expect(try program.ask("GET", "/", ["If-None-Match: \(tag)"]).status == 200)
    }
}
