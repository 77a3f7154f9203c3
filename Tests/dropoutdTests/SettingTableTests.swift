import ArgumentParser
import DropoutService
import Foundation
import HTTPServer
import Testing
import dropoutd

/// The table of settings against the program, its help and the pages.
@Suite struct SettingTableTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// The README and every page of docs.
    private static func pages() throws -> [String] {
        let docs = try FileManager.default.contentsOfDirectory(atPath: root.appending(path: "docs").path)
        return ["README.md", "SECURITY.md"] + docs.filter { $0.hasSuffix(".md") }.sorted().map { "docs/\($0)" }
    }

    private static func effective(
        _ arguments: [String] = [], cores: Int = 8, memoryBytes: Int = 1000
    ) throws -> EffectiveSettings {
        try EffectiveSettings(arguments: arguments, environment: [:], cores: cores, memoryBytes: memoryBytes)
    }

    // MARK: The table itself

    @Test("Each setting has a name of its own and a sentence that explains it")
    func names() {
        #expect(Set(Setting.all.map(\.name)).count == Setting.all.count)
        for setting in Setting.all {
            #expect(setting.meaning.hasSuffix("."))
            #expect(setting.meaning.first?.isUppercase == true)
        }
    }

    @Test("The settings of a group follow each other, in the order of the groups")
    func groups() {
        let order = Setting.all.compactMap { setting in Setting.Group.allCases.firstIndex { $0 == setting.group } }
        #expect(order == order.sorted())
        #expect(Set(order).count == Setting.Group.allCases.count)
    }

    @Test("A default is within its bounds", arguments: Setting.all.filter { $0.standardNumber != nil })
    func defaultsAreAllowed(_ setting: Setting) throws {
        #expect(try #require(setting.bounds).contains(#require(setting.standardNumber)))
    }

    // MARK: The program

    @Test("Every option of the help is in the table, and its text says the variable, the values and the default")
    func help() throws {
        let help = try Program.run(["serve", "--help"], environment: ["COLUMNS": "1000"]).output
        let words = help.split { " \n,/;.()".contains($0) }.map(String.init)
        let flags = Set(words.filter { $0.hasPrefix("--") && !$0.hasPrefix("--no-") }.map { String($0.dropFirst(2)) })
            .subtracting(["help", "version"])
        #expect(flags == Set(Setting.all.map(\.flag)))
        #expect(Set(words.filter { $0.hasPrefix("DROPOUTD_") }) == Set(Setting.all.map(\.variable)))
        let text = help.split { " \n".contains($0) }.joined(separator: " ")
        for setting in Setting.all {
            let words =
                "\(setting.meaning) (\(setting.variable); \(setting.valuesText); default: \(setting.standardDescription))"
            let value =
                if case .toggle = setting.values { "/--no-\(setting.flag)" } else { " <\(setting.flag)>" }
            #expect(text.contains("--\(setting.flag)\(value) \(words)"), "--\(setting.flag)")
        }
    }

    @Test("Every option of the program is a setting, and every setting an option")
    func options() throws {
        for setting in Setting.all {
            let (least, flag) = ("\(setting.bounds?.lowerBound ?? 1)", "--\(setting.flag)")
            if case .toggle = setting.values {
                #expect(throws: Never.self) { try Self.effective([flag]) }
                #expect(throws: Never.self) { try Self.effective(["--no-\(setting.flag)"]) }
            } else {
                // An unknown option is another error than a value that is wrong.
                do {
                    _ = try Self.effective([flag, least])
                } catch {
                    #expect(!"\(error)".contains("unknownOption"))
                }
            }
        }
    }

    @Test("Without flags and variables the numbers of the table are in force")
    func defaultsInForce() throws {
        func number(_ name: String) throws -> Int {
            try #require(Setting.all.first { $0.name == name }?.standardNumber)
        }
        let settings = try Self.effective()
        let (server, limits) = (settings.server, settings.limits)
        #expect(server.host == "127.0.0.1")
        #expect(try server.port == number("PORT"))
        #expect(try server.maximumBodyBytes == number("MAX_BODY_BYTES"))
        #expect(try limits.maximumElements == number("MAX_ELEMENTS"))
        #expect(try limits.maximumNanoseconds == 1_000_000_000 * number("MAX_COMPUTE_SECONDS"))
        #expect(try server.computeDeadline == .seconds(number("COMPUTE_DEADLINE_SECONDS")))
        #expect(try server.maximumHeaderBytes == number("MAX_HEADER_BYTES"))
        #expect(try server.maximumHeaderCount == number("MAX_HEADER_COUNT"))
        #expect(try server.maximumTargetBytes == number("MAX_TARGET_BYTES"))
        #expect(try server.maximumWaitingRequests == number("MAX_WAITING"))
        #expect(try server.queueDeadline == .seconds(number("QUEUE_SECONDS")))
        #expect(try server.maximumConnections == number("MAX_CONNECTIONS"))
        #expect(try server.maximumRequestsPerConnection == number("MAX_REQUESTS_PER_CONNECTION"))
        #expect(try server.headerDeadline == .seconds(number("HEADER_SECONDS")))
        #expect(try server.bodyDeadline == .seconds(number("BODY_SECONDS")))
        #expect(try server.minimumBytesPerSecond == number("MIN_BYTES_PER_SECOND"))
        #expect(try server.minimumAnswerBytesPerSecond == number("MIN_ANSWER_BYTES_PER_SECOND"))
        #expect(try server.idleTimeout == .seconds(number("IDLE_SECONDS")))
        #expect(try server.writeStallDeadline == .seconds(number("STALL_SECONDS")))
        #expect(try server.drainDeadline == .seconds(number("DRAIN_SECONDS")))
        #expect(try settings.drainDelay == .seconds(number("DRAIN_DELAY_SECONDS")))
    }

    @Test("Each flag sets its own limit, a value that no other has")
    func eachFlagInForce() throws {
        let numbers = Setting.all.filter { $0.bounds != nil && !["MAX_OPERATIONS", "RATE_BURST"].contains($0.name) }
        let values = Dictionary(uniqueKeysWithValues: numbers.enumerated().map { ($1.name, 300 + $0) })
        let settings = try Self.effective(numbers.flatMap { ["--\($0.flag)", "\(values[$0.name] ?? 0)"] })
        let (server, limits) = (settings.server, settings.limits)
        #expect(server.port == values["PORT"])
        #expect(server.workerCount == values["THREADS"])
        #expect(server.eventLoopCount == values["THREADS"])
        #expect(server.maximumBodyBytes == values["MAX_BODY_BYTES"])
        #expect(limits.maximumElements == values["MAX_ELEMENTS"])
        #expect(limits.maximumNanoseconds == values["MAX_COMPUTE_SECONDS"].map { $0 * 1_000_000_000 })
        #expect(server.computeDeadline == values["COMPUTE_DEADLINE_SECONDS"].map { .seconds($0) })
        #expect(server.maximumHeaderBytes == values["MAX_HEADER_BYTES"])
        #expect(server.maximumHeaderCount == values["MAX_HEADER_COUNT"])
        #expect(server.maximumTargetBytes == values["MAX_TARGET_BYTES"])
        #expect(server.memoryBudgetBytes == values["MEMORY_BUDGET_BYTES"])
        #expect(server.maximumWaitingRequests == values["MAX_WAITING"])
        #expect(server.maximumConcurrentPerCaller == values["MAX_CONCURRENT_PER_CALLER"])
        #expect(server.queueDeadline == values["QUEUE_SECONDS"].map { .seconds($0) })
        #expect(server.maximumConnections == values["MAX_CONNECTIONS"])
        #expect(server.maximumConnectionsPerAddress == values["MAX_CONNECTIONS_PER_ADDRESS"])
        #expect(server.maximumRequestsPerConnection == values["MAX_REQUESTS_PER_CONNECTION"])
        #expect(server.headerDeadline == values["HEADER_SECONDS"].map { .seconds($0) })
        #expect(server.bodyDeadline == values["BODY_SECONDS"].map { .seconds($0) })
        #expect(server.minimumBytesPerSecond == values["MIN_BYTES_PER_SECOND"])
        #expect(server.minimumAnswerBytesPerSecond == values["MIN_ANSWER_BYTES_PER_SECOND"])
        #expect(server.idleTimeout == values["IDLE_SECONDS"].map { .seconds($0) })
        #expect(server.writeStallDeadline == values["STALL_SECONDS"].map { .seconds($0) })
        #expect(server.drainDeadline == values["DRAIN_SECONDS"].map { .seconds($0) })
        #expect(settings.drainDelay == values["DRAIN_DELAY_SECONDS"].map { .seconds($0) })
    }

    @Test(
        "Defaults that depend on the machine: threads, their share for one caller, connections of one address, memory",
        arguments: [(8, 7), (2, 1), (1, 1), (0, 1)])
    func defaultsOfTheMachine(_ cores: Int, _ perCaller: Int) throws {
        let server = try Self.effective(cores: cores, memoryBytes: 4001).server
        #expect(server.workerCount == max(1, cores))
        #expect(server.maximumConcurrentPerCaller == perCaller)
        #expect(server.maximumConnectionsPerAddress == 3072)
        #expect(server.memoryBudgetBytes == 2000)
        #expect(try Self.effective(["--max-connections", "1"]).server.maximumConnectionsPerAddress == 1)
        #expect(try Self.effective(["--max-connections-per-address", "0"]).server.maximumConnectionsPerAddress == nil)
    }

    @Test("The server's own defaults are those of the table")
    func serverDefaults() throws {
        let (server, standard) = (try Self.effective().server, HTTPServerConfiguration())
        #expect(server.host == standard.host)
        #expect(server.port == standard.port)
        #expect(server.maximumWaitingRequests == standard.maximumWaitingRequests)
        #expect(server.maximumBodyBytes == standard.maximumBodyBytes)
        #expect(server.maximumHeaderBytes == standard.maximumHeaderBytes)
        #expect(server.maximumHeaderCount == standard.maximumHeaderCount)
        #expect(server.maximumTargetBytes == standard.maximumTargetBytes)
        #expect(server.maximumConnections == standard.maximumConnections)
        #expect(server.maximumRequestsPerConnection == standard.maximumRequestsPerConnection)
        #expect(server.headerDeadline == standard.headerDeadline)
        #expect(server.bodyDeadline == standard.bodyDeadline)
        #expect(server.minimumBytesPerSecond == standard.minimumBytesPerSecond)
        #expect(server.minimumAnswerBytesPerSecond == standard.minimumAnswerBytesPerSecond)
        #expect(server.idleTimeout == standard.idleTimeout)
        #expect(server.writeStallDeadline == standard.writeStallDeadline)
        #expect(server.queueDeadline == standard.queueDeadline)
        #expect(server.computeDeadline == standard.computeDeadline)
        #expect(server.drainDeadline == standard.drainDeadline)
    }

    @Test("The service's own defaults are those of the table")
    func serviceDefaults() throws {
        let (limits, standard) = (try Self.effective().limits, ServiceLimits())
        #expect(limits.maximumElements == standard.maximumElements)
        #expect(limits.maximumNanoseconds == standard.maximumNanoseconds)
    }

    // MARK: The pages

    @Test("docs/settings.md has the table of each group", arguments: Setting.Group.allCases)
    func page(_ group: Setting.Group) throws {
        let table =
            "## \(group.rawValue)\n\n| flag | variable | values | default | meaning |\n| --- | --- | --- | --- | --- |\n"
            + Setting.all.filter { $0.group == group }.map { setting in
                "| `--\(setting.flag)` | `\(setting.variable)` | \(setting.valuesText) | \(setting.standardDescription) "
                    + "| \(setting.meaning) |\n"
            }.joined()
        #expect(try Self.text("docs/settings.md").contains(table), "expected in the page:\n\(table)")
    }

    @Test("Each variable in a page, in the image and in the manifests is that of a setting")
    func variablesInPages() throws {
        let known = Set(Setting.all.map(\.variable))
        for path in try Self.pages() + [
            "Dockerfile", "deploy/kubernetes/deployment.yaml", "deploy/kubernetes/README.md",
        ] {
            // The warning for an unknown variable has an unknown variable.
            let lines = try Self.text(path).split(separator: "\n").filter { !$0.contains("is not a setting") }
            for match in lines.joined(separator: "\n").matches(of: /\bDROPOUTD_[A-Z_]*[A-Z]/) {
                #expect(known.contains(String(match.output)), "\(path)")
            }
        }
    }

    @Test("A number that a page gives as the default of a setting is the table's")
    func defaultsInPages() throws {
        let known = Dictionary(uniqueKeysWithValues: Setting.all.map { ($0.flag, $0) })
        var count = 0
        func expectDefault(_ flag: Substring, _ number: Substring, _ place: String) {
            guard let setting = known[String(flag)] else { return }
            count += 1
            #expect(setting.standardNumber == Int(number), "\(place)")
        }
        for path in try Self.pages() {
            // The column of the table that a line is in.
            var column: Int?
            for line in try Self.text(path).split(separator: "\n", omittingEmptySubsequences: false) {
                for match in line.matches(of: /`--([a-z-]+)` \(([0-9]+)\)/) {
                    expectDefault(match.output.1, match.output.2, "\(path): \(line)")
                }
                let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
                if !line.hasPrefix("|") { column = nil }
                if let header = cells.firstIndex(of: "default") { column = header }
                guard let column, cells.count > column, let flag = cells[0].firstMatch(of: /^`--([a-z-]+)`$/),
                    let number = cells[column].firstMatch(of: /^([0-9]+)( \(.*\))?$/)
                else { continue }
                expectDefault(flag.output.1, number.output.1, "\(path): \(line)")
            }
        }
        #expect(count >= Setting.all.count { $0.standardNumber != nil })
    }
}
