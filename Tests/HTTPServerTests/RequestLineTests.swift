import Testing

/// The request line and the Host field (RFC 9110, 7; RFC 9112, 3).
@Suite struct RequestLineTests {
    // MARK: Versions

    @Test("Another major version is answered with 505", arguments: ["2.0", "3.0", "0.9", "2.1", "9.9"])
    func anotherMajorVersionIsAnsweredWith505(_ version: String) throws {
        let answer = try finalAnswer(to: "GET /echo HTTP/\(version)\r\nHost: a\r\n\r\n")
        #expect(answer.response.isFinalProblem(505), "\(answer.response)")
        #expect(answer.rest.isEmpty)
    }

    @Test("The preface of HTTP/2 is answered with 505")
    func thePrefaceOfHTTP2IsAnsweredWith505() throws {
        let answer = try finalAnswer(to: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        #expect(answer.response.isFinalProblem(505))
    }

    @Test("A later minor version is answered as 1.1", arguments: ["1.2", "1.9"])
    func aLaterMinorVersionIsAnsweredAs11(_ version: String) throws {
        let request = "POST /echo HTTP/\(version)\r\nHost: a\r\nContent-Length: 12\r\n\r\n HTTP/1.2\r\n "
        let responses = try answers(to: request + request, count: 2)
        #expect(responses.map(\.version) == ["HTTP/1.1", "HTTP/1.1"])
        #expect(responses.map(\.text) == Array(repeating: "POST /echo -\n HTTP/1.2\r\n ", count: 2))
    }

    @Test("Only the version of the request line is changed")
    func onlyTheVersionOfTheRequestLineIsChanged() throws {
        let responses = try answers(to: "GET /echo?HTTP/1.2 HTTP/1.2\r\nHost: a\r\nX: HTTP/1.2\r\n\r\n")
        #expect(responses[0].text == "GET /echo HTTP/1.2\n")
    }

    @Test(
        "A line that is not a request line is answered with 400",
        arguments: [
            "GET /echo HTTP/1.1.1", "GET /echo HTTP/1", "GET /echo HTTP/11", "GET /echo http/1.1", "GET /echo HTTQ/1.1",
            "GET /echo", "GET", "GET  /echo HTTP/1.1", "GET /echo HTTP/1.1 ", "GET\t/echo\tHTTP/1.1",
            "GET /a b HTTP/1.1",
            "\u{16}\u{3}\u{1}", "{} HTTP/1.1", "GET /echo HTTP/1.10",
        ])
    func aLineThatIsNoRequestLineIsAnsweredWith400(_ line: String) throws {
        let answer = try finalAnswer(to: line + "\r\nHost: a\r\n\r\n")
        #expect(answer.response.isFinalProblem(400), "\(answer.response)")
    }

    // MARK: Methods

    @Test(
        "A known method reaches the handler",
        arguments: ["GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "QUERY", "PROPFIND"])
    func aKnownMethodReachesTheHandler(_ method: String) throws {
        let responses = try answers(to: "\(method) /echo HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(responses[0].text == "\(method) /echo -\n")
    }

    @Test("A method that nobody knows is answered with 501", arguments: ["BREW", "get", "GETS", "CONNECT"])
    func aMethodThatNobodyKnowsIsAnsweredWith501(_ method: String) throws {
        let answer = try finalAnswer(to: "\(method) /echo HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(answer.response.isFinalProblem(501), "\(answer.response)")
    }

    // MARK: Targets

    @Test(
        "The target is given in origin form or absolute form",
        arguments: [
            ("/echo", "/echo", "-"), ("/echo?", "/echo", ""), ("/echo?a=%20&b", "/echo", "a=%20&b"),
            ("/a%20b%C3%A9", "/a b\u{E9}", "-"), ("/a?b?c", "/a", "b?c"), ("//x", "//x", "-"),
            ("http://a", "/", "-"), ("http://a/echo?x=1", "/echo", "x=1"), ("HTTP://a:80/echo", "/echo", "-"),
            ("https://[::1]:443/echo", "/echo", "-"), ("http://a?x=1", "/", "x=1"),
        ])
    func theTargetIsGivenInOriginFormOrAbsoluteForm(_ target: String, _ path: String, _ query: String) throws {
        let responses = try answers(to: "GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(responses[0].text == "GET \(path) \(query)\n")
    }

    @Test(
        "A target that is none of these is answered with 400",
        arguments: [
            "echo", "ftp://a/echo", "http:///echo", "http://", "/a%", "/a%2", "/a%zz", "/a%+1", "/a%FF", "*", "a:80",
            "/\u{E9}",
            "/a#b", "http://a b/", "http:/a",
        ])
    func ATargetThatIsNoneOfTheseIsAnsweredWith400(_ target: String) throws {
        let answer = try finalAnswer(to: "GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(answer.response.isFinalProblem(400), "\(answer.response)")
    }

    @Test("OPTIONS of the server as a whole are the application's to answer")
    func optionsOfTheServerAsAWhole() throws {
        let responses = try answers(
            to: "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\nGET /echo HTTP/1.1\r\nHost: a\r\n\r\n", count: 2)
        #expect(responses[0].text == "OPTIONS * -\n")
        #expect(responses[1].text == "GET /echo -\n")
    }

    // MARK: Host

    @Test(
        "Anything but one legal Host is answered with 400",
        arguments: [
            "", "Host: a\r\nHost: a\r\n", "Host: a\r\nhost: b\r\n", "Host: a b\r\n", "Host: a/b\r\n", "Host: u@a\r\n",
            "Host: a:b\r\n", "Host: a:80:80\r\n", "Host: [::1\r\n", "Host: ::1\r\n", "Host: [::1]x\r\n",
            "Host: a%2\r\n",
            "Host: \u{E9}\r\n", "Host: a?b\r\n", "Host: http://a\r\n",
        ])
    func anyButOneLegalHostIsAnsweredWith400(_ fields: String) throws {
        let answer = try finalAnswer(to: "GET /echo HTTP/1.1\r\n\(fields)\r\n")
        #expect(answer.response.isFinalProblem(400), "\(answer.response)")
    }

    @Test(
        "A legal Host is taken",
        arguments: [
            "a", "a.b", "A-1.example:8080", "127.0.0.1", "[::1]", "[::1]:80", "[v1.a:b]", "a:", "xn--e1a.example",
            "a%20b",
            "a_b", "", " a\t ",
        ])
    func aLegalHostIsTaken(_ host: String) throws {
        let responses = try answers(to: "GET /echo HTTP/1.1\r\nHost: \(host)\r\n\r\n")
        #expect(responses[0].status == 200)
    }

    @Test("HTTP/1.0 needs no Host but takes not two")
    func HTTP10NeedsNoHostButTakesNotTwo() throws {
        let without = try finalAnswer(to: "GET /echo HTTP/1.0\r\n\r\n")
        #expect(without.response.text == "GET /echo -\n")
        let two = try finalAnswer(to: "GET /echo HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n")
        #expect(two.response.isFinalProblem(400))
    }
}
