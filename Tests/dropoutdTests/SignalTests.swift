import Foundation
import Testing

/// How the running program ends.
@Suite(.timeLimit(.minutes(10))) struct SignalTests {
    @Test("One signal ends it with 0", arguments: [SIGTERM, SIGINT]) func oneSignalEndsItWith0(_ number: Int32) throws {
        let program = try ServedProgram()
        #expect(try program.ask("GET", "/readyz").text == "{\"status\":\"ready\"}\n")
        #expect(try program.end(number) == 0)
        #expect(program.text.contains("stopping") && program.text.contains("\"stopped\""))
        #expect(throws: (any Error).self) { try program.ask("GET", "/livez") }
    }

    /// The port is told after the signals are followed.
    @Test("A signal that comes with the port ends it with 0 too")
    func aSignalThatComesWithThePortEndsItWith0Too() throws {
        for _ in 0..<10 { #expect(try ServedProgram().end() == 0) }
    }

    @Test("During the delay it answers and is not ready")
    func duringTheDelayItAnswersAndIsNotReady() throws {
        let program = try ServedProgram(["--drain-delay-seconds", "3000"])
        program.signal(SIGTERM)
        try program.logged("stopping")
        let ready = try program.ask("GET", "/readyz")
        #expect(ready.status == 503 && ready.text == "{\"status\":\"stopping\"}\n" && ready["Retry-After"] == "1")
        #expect(try program.ask("GET", "/livez").status == 200)
        #expect(try program.ask("POST", "/mask", [], #"{"shape":[1],"rate":0,"seed":1}"#).status == 200)
        #expect(try program.end(SIGTERM) == 1)
    }

    @Test("After the delay it ends by itself, with 0")
    func afterTheDelayItEndsByItself() throws {
        let program = try ServedProgram(["--drain-delay-seconds", "1"])
        program.signal(SIGTERM)
        #expect(try program.ended() == 0)
    }

    @Test("A second signal ends it at once", arguments: [SIGTERM, SIGINT])
    func aSecondSignalEndsItAtOnce(_ number: Int32) throws {
        let program = try ServedProgram(["--drain-delay-seconds", "3000"])
        program.signal(SIGTERM)
        try program.logged("stopping")
        // The delay is most of an hour.
        #expect(try program.end(number) == 1)
        #expect(program.text.contains("stopped at once"))
    }

    @Test("Reading again without keys and certificates does nothing")
    func readingAgainWithoutKeysAndCertificatesDoesNothing() throws {
        let program = try ServedProgram()
        for _ in 0..<5 { program.signal(SIGHUP) }
        #expect(try program.ask("GET", "/livez").status == 200)
        #expect(try program.end() == 0)
    }

    @Test("An IPv6 address is taken, and printed as in a URL", arguments: ["::1", "[::1]"])
    func anIPv6AddressIsTakenAndToldAsInAURL(_ host: String) throws {
        let program = try ServedProgram(["--host", host])
        #expect(try program.logged("listening on").contains("\"listening on http://[::1]:\(program.port)\""))
        for asked in ["::1", "[::1]"] {
            #expect(try Program.run(["healthcheck", "--host", asked, "--port", "\(program.port)"]).status == 0)
        }
        #expect(try program.end() == 0)
        let unhealthy = try Program.run(["healthcheck", "--host", host, "--port", "\(program.port)"])
        #expect(unhealthy.status == 1 && unhealthy.errors.contains("no healthy server on [::1]:\(program.port): "))
    }

    @Test("A certificate out of its time is a warning at the start and when it is read again")
    func aCertificateOutOfItsTimeIsAWarningAtTheStartAndWhenItIsReadAgain() throws {
        let folder = try Folder()
        func put(_ name: String) throws -> String {
            try folder.file("c.pem", String(contentsOfFile: certificateFile(name), encoding: .utf8))
        }
        let program = try ServedProgram([
            "--tls-certificate", put("expired"), "--tls-key", certificateFile("server-key"),
        ])
        let expired = try program.logged("a certificate has expired")
        #expect(expired.contains("\"level\":\"warning\"") && expired.contains("2001-02-03T04:05:06.000Z"))
        #expect(try Program.run(["healthcheck", "--tls", "--port", "\(program.port)"]).status == 0)
        _ = try put("early")
        program.signal(SIGHUP)
        #expect(try program.logged("a certificate is not valid yet").contains("2120-01-01T00:00:00.000Z"))
        _ = try put("second-server")
        program.signal(SIGHUP)
        #expect(try program.logged("the certificates stay as they were").contains("does not belong to"))
        #expect(try program.end() == 0)
    }

    @Test("`healthcheck` asks the server that runs")
    func healthcheckAsksTheServerThatRuns() throws {
        let program = try ServedProgram()
        #expect(try Program.run(["healthcheck", "--port", "\(program.port)"]).status == 0)
        #expect(try Program.run(["healthcheck"], environment: ["DROPOUTD_PORT": "\(program.port)"]).status == 0)
    }
}
