import Foundation
import Testing

/// Every setting: its flag, its variable, and its bounds.
@Suite struct SettingsTests {
    /// The whole numbers among them, with the least and the greatest value.
    static let numbers: [(flag: String, least: Int, greatest: Int)] = [
        ("port", 0, 65_535), ("threads", 1, 1024), ("max-body-bytes", 1, 4_294_967_295),
        ("max-elements", 1, 1_073_741_824), ("max-operations", 1, 281_474_976_710_656),
        ("max-compute-seconds", 1, 86_400), ("max-concurrent-per-caller", 0, 1024),
        ("min-answer-bytes-per-second", 1, 1_073_741_824), ("queue-seconds", 1, 3600),
        ("compute-deadline-seconds", 1, 86_400),
        ("memory-budget-bytes", 1, 1_125_899_906_842_624), ("max-waiting", 0, 1_000_000),
        ("max-connections", 1, 1_000_000), ("max-connections-per-address", 0, 1_000_000),
        ("max-requests-per-connection", 1, 1_099_511_627_776), ("max-header-bytes", 256, 16_777_216),
        ("max-header-count", 1, 10_000), ("max-target-bytes", 64, 16_777_216), ("header-seconds", 1, 3600),
        ("body-seconds", 1, 86_400), ("min-bytes-per-second", 1, 1_073_741_824), ("idle-seconds", 1, 86_400),
        ("stall-seconds", 1, 3600), ("drain-seconds", 0, 3600), ("drain-delay-seconds", 0, 3600),
        ("rate-burst", 0, 1_000_000),
    ]

    private static let others = [
        "host", "tls-certificate", "tls-key", "tls-client-ca", "api-keys", "rate-limit", "cors-origins", "metrics-open",
        "log-level", "log-format", "log-peers",
    ]

    private static func variable(_ flag: String) -> String {
        "DROPOUTD_" + flag.uppercased().replacingOccurrences(of: "-", with: "_")
    }

    @Test func theHelpNamesEverySettingWithItsVariable() throws {
        let help = try Program.run(["serve", "--help"], environment: ["COLUMNS": "1000"]).output
        let words = help.split { " \n,/;.()".contains($0) }.map(String.init)
        let flags = Set(words.filter { $0.hasPrefix("--") && !$0.hasPrefix("--no-") }.map { String($0.dropFirst(2)) })
            .subtracting(["help", "version"])
        #expect(flags == Set(Self.numbers.map(\.flag) + Self.others))
        #expect(Set(words.filter { $0.hasPrefix("DROPOUTD_") }) == Set(flags.map(Self.variable)))
    }

    /// What is wrong with it is told before what is wrong with the origins.
    private static func complaint(_ arguments: [String], _ environment: [String: String] = [:]) throws -> String {
        let run = try Program.run(["serve", "--cors-origins", "nowhere"] + arguments, environment: environment)
        #expect(run.status == 64)
        return run.errors
    }

    @Test(arguments: numbers) func aNumberIsTakenWithinItsBoundsOnly(_ flag: String, _ least: Int, _ greatest: Int)
        throws
    {
        let variable = Self.variable(flag)
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

    @Test(arguments: [
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

    @Test(arguments: ["--nonsense", "nonsense", "--port", "--max-body=1"])
    func whatIsNoSettingIsNamed(_ argument: String) throws {
        let run = try Program.run(["serve", argument])
        #expect(run.status == 64)
        #expect(run.errors.contains(argument.prefix { $0 != "=" }))
    }

    @Test(arguments: [
        ("DROPOUTD_METRICS_OPEN", "maybe"), ("DROPOUTD_LOG_PEERS", "2"), ("DROPOUTD_LOG_LEVEL", ""),
        ("DROPOUTD_RATE_LIMIT", "x"), ("DROPOUTD_LOG_FORMAT", "JSON"), ("DROPOUTD_TLS_KEY", "x"),
    ])
    func aWrongVariableIsNamed(_ variable: String, _ value: String) throws {
        #expect(try Self.complaint([], [variable: value]).contains(variable))
    }

    @Test(arguments: ["1", "true", "yes", "0", "false", "no", ""]) func aSwitchMayBeAVariable(_ value: String) throws {
        #expect(try Self.complaint([], ["DROPOUTD_METRICS_OPEN": value]).contains("--cors-origins"))
    }

    @Test(arguments: [
        (["--api-keys", "/nowhere/keys"], "/nowhere/keys"),
        (["--tls-certificate", "/nowhere/c.pem", "--tls-key", "/nowhere/k.pem"], "/nowhere/c.pem"),
        (["--host", "192.0.2.1"], "192.0.2.1"),
    ])
    func whatOnlyTheStartShowsIsOneLineAndExit1(_ arguments: [String], _ name: String) throws {
        let run = try Program.run(["serve", "--port", "0"] + arguments)
        #expect(run.status == 1)
        #expect(run.errors.contains(name) && run.errors.split(separator: "\n").count == 1)
    }

    @Test func aWrongKeysFileIsToldByItsLineAndNotByItsText() throws {
        let folder = try Folder()
        let keys = try folder.file("keys", try Program.key("alice").line + "bob:secret-that-was-never-hashed\n")
        let run = try Program.run(["serve", "--port", "0", "--api-keys", keys])
        #expect(run.status == 1)
        #expect(run.errors.contains("line 2") && !run.errors.contains("never-hashed"))
    }
}
