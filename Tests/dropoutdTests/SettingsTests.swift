import Foundation
import Testing
import dropoutd

/// Every setting: its flag, its variable, and its bounds.
@Suite struct SettingsTests {
    /// What is wrong with it is told before what is wrong with the origins.
    private static func complaint(_ arguments: [String], _ environment: [String: String] = [:]) throws -> String {
        let run = try Program.run(["serve", "--cors-origins", "nowhere"] + arguments, environment: environment)
        #expect(run.status == 64)
        return run.errors
    }

    /// The settings that are whole numbers.
    static let numbers = Setting.all.filter { $0.bounds != nil }

    @Test("A number is taken only within its bounds", arguments: numbers)
    func boundsOfANumber(_ setting: Setting) throws {
        let (flag, variable, bounds) = (setting.flag, setting.variable, try #require(setting.bounds))
        let (least, greatest) = (bounds.lowerBound, bounds.upperBound)
        let rate = flag == "rate-burst" ? ["--rate-limit", "1/s"] : []
        for value in [least, greatest] {
            #expect(try Self.complaint(["--\(flag)", "\(value)"] + rate).contains("--cors-origins"))
            #expect(try Self.complaint(rate, [variable: "\(value)"]).contains("--cors-origins"))
        }
        for value in [least - 1, greatest + 1] {
            let message = "--\(flag) (\(variable)) is \(value); \(least) to \(greatest) expected"
            #expect(try Self.complaint(["--\(flag)=\(value)"] + rate).contains(message))
            #expect(try Self.complaint(rate, [variable: "\(value)"]).contains(message))
        }
        #expect(
            try Self.complaint(rate, [variable: "1.5"]).contains("\(variable) is \"1.5\"; a whole number expected"))
        // The flag goes before the variable.
        #expect(try Self.complaint(["--\(flag)", "\(least)"] + rate, [variable: "x"]).contains("--cors-origins"))
    }

    @Test(
        "Anything else that is wrong is named",
        arguments: [
            (["--log-level", "loud"], "--log-level (DROPOUTD_LOG_LEVEL) is \"loud\""),
            (["--log-format", "xml"], "--log-format (DROPOUTD_LOG_FORMAT) is \"xml\"; json or text expected"),
            (["--rate-limit", "5"], "--rate-limit (DROPOUTD_RATE_LIMIT) is \"5\"; a rate such as 100/s"),
            (["--rate-limit", "0/s"], "--rate-limit"), (["--rate-limit", "5/w"], "--rate-limit"),
            (["--rate-burst", "5"], "--rate-burst (DROPOUTD_RATE_BURST) needs --rate-limit (DROPOUTD_RATE_LIMIT)"),
            (["--tls-certificate", "x"], "TLS needs both"), (["--tls-key", "x"], "TLS needs both"),
            (["--tls-client-ca", "x"], "TLS needs both"), (["--metrics-open", "--no-metrics-open"], "--cors-origins"),
            (["--port", "x"], "--port"),
            (["--max-operations", "5", "--max-compute-seconds", "5"], "mean the same"),
        ])
    func anythingElseThatIsWrongIsNamed(_ arguments: [String], _ message: String) throws {
        #expect(try Self.complaint(arguments).contains(message))
    }

    @Test("What is no setting is named", arguments: ["--nonsense", "nonsense", "--port", "--max-body=1"])
    func whatIsNoSettingIsNamed(_ argument: String) throws {
        let run = try Program.run(["serve", argument])
        #expect(run.status == 64)
        #expect(run.errors.contains(argument.prefix { $0 != "=" }))
    }

    @Test(
        "A wrong variable is named",
        arguments: [
            ("DROPOUTD_METRICS_OPEN", "maybe"), ("DROPOUTD_LOG_PEERS", "2"), ("DROPOUTD_LOG_LEVEL", ""),
            ("DROPOUTD_RATE_LIMIT", "x"), ("DROPOUTD_LOG_FORMAT", "JSON"), ("DROPOUTD_TLS_KEY", "x"),
        ])
    func aWrongVariableIsNamed(_ variable: String, _ value: String) throws {
        #expect(try Self.complaint([], [variable: value]).contains(variable))
    }

    @Test("A switch may be a variable", arguments: ["1", "true", "yes", "0", "false", "no", ""])
    func aSwitchMayBeAVariable(_ value: String) throws {
        #expect(try Self.complaint([], ["DROPOUTD_METRICS_OPEN": value]).contains("--cors-origins"))
    }

    @Test("A variable that is no setting is a warning with the nearest setting, and its value is not shown")
    func unknownVariable() throws {
        let program = try ServedProgram(
            environment: [
                "DROPOUTD_MAX_BODY_BYTE": "5-secret", "DROPOUTD_PROT": "5-secret", "DROPOUTD_ZEBRA": "5-secret",
            ])
        for message in [
            "DROPOUTD_MAX_BODY_BYTE is not a setting; did you mean DROPOUTD_MAX_BODY_BYTES?",
            "DROPOUTD_PROT is not a setting; did you mean DROPOUTD_PORT?",
            "DROPOUTD_ZEBRA is not a setting; `dropoutd serve --help` lists the settings",
        ] {
            let line = try program.logged(message)
            #expect(line.contains("\"level\":\"warning\""))
            #expect(line.contains("\"message\":\"\(message)\""))
        }
        #expect(try program.end() == 0)
        #expect(!program.text.contains("5-secret"))
    }

    @Test("Known variables and names with another prefix are no warning")
    func knownVariables() throws {
        var environment = Dictionary(uniqueKeysWithValues: Setting.all.map { ($0.variable, "") })
        environment["DROPOUT_PORT"] = ""
        environment["XDROPOUTD_PORT"] = ""
        environment["PATH"] = ""
        #expect(UnknownVariable.all(in: environment).isEmpty)
    }

    @Test("Upper and lower case of the prefix count alike")
    func lowerCaseVariable() throws {
        let found = try #require(UnknownVariable.all(in: ["dropoutd_Port": ""]).first)
        #expect(found.name == "dropoutd_Port")
        #expect(found.nearest == "DROPOUTD_PORT")
    }

    @Test(
        "What only the start shows is one line and exit 1",
        arguments: [
            (["--api-keys", "/nowhere/keys"], "/nowhere/keys"),
            (["--tls-certificate", "/nowhere/c.pem", "--tls-key", "/nowhere/k.pem"], "/nowhere/c.pem"),
            (["--host", "192.0.2.1"], "192.0.2.1"),
        ])
    func whatOnlyTheStartShowsIsOneLineAndExit1(_ arguments: [String], _ name: String) throws {
        let run = try Program.run(["serve", "--port", "0"] + arguments)
        #expect(run.status == 1)
        #expect(run.errors.contains(name) && run.errors.split(separator: "\n").count == 1)
    }

    @Test("A wrong keys file is reported by its line and not by its text")
    func aWrongKeysFileIsToldByItsLineAndNotByItsText() throws {
        let folder = try Folder()
        let keys = try folder.file("keys", try Program.key("alice").line + "bob:secret-that-was-never-hashed\n")
        let run = try Program.run(["serve", "--port", "0", "--api-keys", keys])
        #expect(run.status == 1)
        #expect(run.errors.contains("line 2") && !run.errors.contains("never-hashed"))
    }
}
