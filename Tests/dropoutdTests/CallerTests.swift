import Foundation
import Testing

/// Who may call the running program, how often, and what is said to those who may not.
@Suite(.timeLimit(.minutes(10))) struct CallerTests {
    private static let question = #"{"shape":[3],"rate":0.5,"seed":7}"#
    private static let json = "Content-Type: application/json"

    private static func bearer(_ token: String) -> String { "Authorization: Bearer \(token)" }

    @Test("A key opens the routes and its rate closes them")
    func aKeyOpensTheRoutesAndItsRateClosesThem() throws {
        let folder = try Folder()
        let key = try Program.key("alice", "--rate", "2/h")
        let program = try ServedProgram(["--api-keys", try folder.file("keys", key.line)])
        let none = try program.ask("POST", "/mask", [Self.json], Self.question)
        #expect(none.status == 401 && none.isProblem)
        #expect(none["WWW-Authenticate"] == "Bearer realm=\"dropoutd\"")
        for token in ["alice.wrong", "bob.wrong", "nonsense", key.token + "x"] {
            let wrong = try program.ask("POST", "/mask", [Self.json, Self.bearer(token)], Self.question)
            #expect(wrong.status == 401 && wrong.isProblem)
            #expect(wrong["WWW-Authenticate"] == "Bearer realm=\"dropoutd\", error=\"invalid_token\"")
            #expect(wrong["RateLimit"] == nil)
        }
        let basic = try program.ask("POST", "/mask", ["Authorization: Basic YTpi"], Self.question)
        #expect(basic.status == 401)
        for remaining in [1, 0] {
            let taken = try program.ask("POST", "/mask", [Self.json, Self.bearer(key.token)], Self.question)
            #expect(taken.status == 200)
            #expect(taken["RateLimit-Policy"] == "\"default\";q=2;w=3600")
            #expect(taken["RateLimit"]?.hasPrefix("\"default\";r=\(remaining);t=") == true)
            #expect(taken["Retry-After"] == nil)
        }
        let over = try program.ask("POST", "/mask", [Self.json, Self.bearer(key.token)], Self.question)
        #expect(over.status == 429 && over.isProblem)
        #expect(over["RateLimit"]?.hasPrefix("\"default\";r=0;t=") == true)
        let wait = try #require(over["Retry-After"].flatMap { Int($0) })
        #expect((1...1800).contains(wait))
        // Who may not call is told so before the body, and what the health routes say knows no key and no rate.
        for path in ["/healthz", "/livez", "/readyz"] { #expect(try program.ask("GET", path).status == 200) }
        #expect(try program.end() == 0)
        #expect(try program.requests().compactMap { $0["key"] as? String } == ["alice", "alice", "alice"])
        #expect(
            try program.requests().compactMap { $0["refusal"] as? String }
                == Array(repeating: "unauthenticated", count: 6) + ["rate_limited"])
    }

    @Test("The pages and the contract need no key, and a wrong one is refused there too")
    func readersNeedNoKey() throws {
        let folder = try Folder()
        let key = try Program.key("alice")
        let program = try ServedProgram(["--api-keys", try folder.file("keys", key.line), "--rate-limit", "5/h"])
        for path in ["/docs", "/docs/docs.js", "/openapi.yaml", "/openapi.json"] {
            #expect(try program.ask("GET", path).status == 200)
        }
        #expect(try program.ask("GET", "/generators").status == 401)
        #expect(try program.ask("GET", "/docs", [Self.bearer("alice.wrong")]).status == 401)
        let known = try program.ask("GET", "/openapi.yaml", [Self.bearer(key.token)])
        #expect(known.status == 200)
        // The rate is that of the address.
        #expect(try program.ask("GET", "/docs").status == 200)
        #expect(try program.ask("GET", "/docs").status == 429)
        #expect(try program.end() == 0)
        #expect(try program.requests().compactMap { $0["key"] as? String } == ["alice"])
    }

    @Test("Secrets are never logged")
    func secretsAreNeverLogged() throws {
        let folder = try Folder()
        let key = try Program.key("alice")
        let file = try folder.file("keys", key.line)
        for format in ["json", "text"] {
            let program = try ServedProgram(
                ["--api-keys", file, "--log-level", "trace", "--log-format", format, "--log-peers"])
            let secret = String(key.token.dropFirst("alice.".count))
            for fields in [[Self.bearer(key.token)], [Self.bearer("alice.wrongwrongwrong")], ["X: \(secret)"]] {
                _ = try program.ask("POST", "/mask?key=\(secret)", fields, Self.question)
                _ = try program.ask("GET", "/generators?key=\(key.token)", fields)
                _ = try Reply(program.port, "GET /x HTTP/1.1\r\n\(fields[0])\r\n\r\n")
            }
            program.signal(SIGHUP)
            try program.logged("keys read again")
            #expect(try program.end() == 0)
            let hash = try #require(key.line.split(separator: "$").last).trimmingCharacters(in: .newlines)
            #expect(!program.text.contains(secret) && !program.text.contains("wrongwrong"))
            #expect(!program.text.contains(hash) && !program.text.contains("shape"))
        }
    }

    @Test("`/metrics` needs a key unless it is open")
    func metricsNeedAKeyUnlessTheyAreOpen() throws {
        let folder = try Folder()
        let key = try Program.key("alice")
        let file = try folder.file("keys", key.line)
        let closed = try ServedProgram(["--api-keys", file])
        #expect(try closed.ask("GET", "/metrics").status == 401)
        #expect(try closed.ask("GET", "/metrics", [Self.bearer(key.token)]).status == 200)
        let open = try ServedProgram(["--api-keys", file, "--metrics-open"])
        #expect(try open.ask("GET", "/metrics").text.contains("dropout_http_requests_total"))
        #expect(try open.ask("GET", "/generators").status == 401)
        #expect(try ServedProgram().ask("GET", "/metrics").status == 200)
    }

    @Test("Without keys the rate is that of the address")
    func withoutKeysTheRateIsThatOfTheAddress() throws {
        let program = try ServedProgram(["--rate-limit", "1/h", "--rate-burst", "3"])
        let statuses = try (0..<4).map { _ in try program.ask("GET", "/generators").status }
        #expect(statuses == [200, 200, 200, 429])
        #expect(try program.ask("GET", "/healthz").status == 200)
    }

    @Test("Keys are read again at SIGHUP, and wrong ones are not taken")
    func keysAreReadAgainAtSIGHUPAndWrongOnesAreNot() throws {
        let folder = try Folder()
        let (alice, bob) = (try Program.key("alice"), try Program.key("bob"))
        let file = try folder.file("keys", alice.line)
        let program = try ServedProgram(["--api-keys", file])
        func statuses() throws -> [Int] {
            try [alice, bob].map { try program.ask("GET", "/generators", [Self.bearer($0.token)]).status }
        }
        #expect(try statuses() == [200, 401])
        _ = try folder.file("keys", bob.line)
        #expect(try statuses() == [200, 401])
        program.signal(SIGHUP)
        try program.logged("keys read again")
        #expect(try statuses() == [401, 200])
        _ = try folder.file("keys", "nonsense")
        program.signal(SIGHUP)
        let line = try program.logged("line 1: no colon")
        #expect(line.contains("the keys stay as they were") && line.contains("\"error\""))
        #expect(try statuses() == [401, 200])
        _ = try folder.file("keys", "# nobody\n")
        program.signal(SIGHUP)
        #expect(try program.logged("there is no key in the file").contains("the keys stay as they were"))
        #expect(try statuses() == [401, 200])
        #expect(try program.end() == 0)
    }

    @Test("A key of hash-key and a chosen secret open the same file, and each is known again after SIGHUP")
    func bothKindsOfKey() throws {
        let folder = try Folder()
        let run = try Program.run(["hash-key", "alice"])
        let (alice, bob) = (run.errors.trimmingCharacters(in: .newlines), try Program.key("bob"))
        let program = try ServedProgram(["--api-keys", try folder.file("keys", run.output + bob.line)])
        for _ in 0..<2 {
            for token in [alice, bob.token, alice + "x", "alice.wrong", "bob.wrong"] {
                let reply = try program.ask("POST", "/mask", [Self.json, Self.bearer(token)], Self.question)
                #expect(reply.status == ([alice, bob.token].contains(token) ? 200 : 401))
            }
            program.signal(SIGHUP)
            try program.logged("keys read again")
        }
    }

    @Test("A long body with an unknown token is refused before it is read")
    func longBodyOfUnknownToken() throws {
        let folder = try Folder()
        let program = try ServedProgram(["--api-keys", try folder.file("keys", try Program.key("alice").line)])
        for token in ["alice.wrong", "nobody.wrong"] {
            for fields in ["Content-Length: 34000000\r\nContent-Encoding: gzip", "Transfer-Encoding: chunked"] {
                // Nothing of the body is sent.
                let reply = try Reply(
                    program.port,
                    "POST /forward HTTP/1.1\r\nHost: a\r\n\(Self.bearer(token))\r\nExpect: 100-continue\r\n"
                        + "\(fields)\r\n\r\n")
                #expect(reply.status == 401 && reply.isProblem && reply["Connection"] == "close")
            }
        }
        #expect(try program.end() == 0)
        #expect(try program.requests().map { $0["bytes_in"] as? Int } == [0, 0, 0, 0])
    }

    // MARK: Web pages

    @Test("A preflight is answered before a key is asked for")
    func aPreflightIsAnsweredBeforeAnybodyIsAskedForAKey() throws {
        let folder = try Folder()
        let file = try folder.file("keys", try Program.key("alice").line)
        let program = try ServedProgram(["--api-keys", file, "--cors-origins", "https://app.example"])
        let asks = ["Origin: https://app.example", "Access-Control-Request-Method: POST"]
        let preflight = try program.ask("OPTIONS", "/mask", asks)
        #expect(preflight.status == 204)
        #expect(preflight["Access-Control-Allow-Origin"] == "https://app.example")
        #expect(preflight["Access-Control-Allow-Methods"] == "GET, HEAD, POST, QUERY")
        #expect(
            preflight["Access-Control-Allow-Headers"]
                == "Authorization, Content-Encoding, Content-Type, If-None-Match, Inference-Header-Content-Length, "
                + "X-Request-Id, traceparent"
        )
        #expect(preflight["Access-Control-Max-Age"] == "600" && preflight["Vary"] == "Origin")
        let other = try program.ask(
            "OPTIONS", "/mask", ["Origin: https://other.example", "Access-Control-Request-Method: POST"])
        #expect(other.status == 401 && other["Access-Control-Allow-Origin"] == nil && other["Vary"] == "Origin")
        // A page reads refusals too, those of the server among them.
        for (request, status) in [
            ("POST /mask HTTP/1.1\r\nHost: a\r\nOrigin: https://app.example\r\nContent-Length: 2\r\n\r\n{}", 401),
            ("GET /livez HTTP/1.1\r\nHost: a\r\nOrigin: https://app.example\r\nExpect: x\r\n\r\n", 417),
            ("GET /livez HTTP/1.1\r\nHost: a\r\nOrigin: https://app.example\r\nContent-Length: 99999999\r\n\r\n", 413),
        ] {
            let reply = try Reply(
                program.port, request.replacing("Origin", with: "Connection: close\r\nX-Request-Id: mine\r\nOrigin"))
            #expect(reply.status == status && reply.isProblem)
            #expect(reply["Access-Control-Allow-Origin"] == "https://app.example")
            #expect(reply["X-Request-Id"] == "mine")
        }
    }

    @Test("Without origins no answer names them")
    func withoutOriginsNothingIsSaidOfThem() throws {
        let program = try ServedProgram()
        let reply = try program.ask(
            "OPTIONS", "/mask", ["Origin: https://app.example", "Access-Control-Request-Method: POST"])
        #expect(reply.status == 204 && reply["Allow"] == "GET, HEAD, POST, QUERY, OPTIONS")
        #expect(reply["Access-Control-Allow-Origin"] == nil && reply["Vary"] == nil)
    }
}
