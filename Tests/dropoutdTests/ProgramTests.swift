import Foundation
import Testing

/// The program as a process: its exit codes and what it prints.
@Suite struct ProgramTests {
    /// The built program stands beside the test bundle.
    private static var program: URL {
        Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }
            .map { $0.deletingLastPathComponent() }?.appending(path: "dropoutd")
            ?? URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "dropoutd")
    }

    private static func run(
        _ arguments: [String], input: String = "", environment: [String: String] = [:]
    ) throws -> (status: Int32, output: String, errors: String) {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let (standardInput, output, errors) = (Pipe(), Pipe(), Pipe())
        process.standardInput = standardInput
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        standardInput.fileHandleForWriting.write(Data(input.utf8))
        try standardInput.fileHandleForWriting.close()
        let printed = output.fileHandleForReading.readDataToEndOfFile()
        let complained = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (
            process.terminationStatus, String(decoding: printed, as: UTF8.self),
            String(decoding: complained, as: UTF8.self)
        )
    }

    @Test func answerPrintsOneAnswerAndExitsWith0() throws {
        let run = try Self.run(
            ["answer", "/mask"], input: #"{"shape":[3],"keep_prob":1,"seed":7,"mask_format":"numbers"}"#)
        #expect(run.status == 0)
        #expect(run.output.hasPrefix(#"{"mask":[1,1,1],"shape":[3],"#))
    }

    @Test func answerExitsWith1ForAProblem() throws {
        let run = try Self.run(["answer", "/mask"], input: "{")
        #expect(run.status == 1)
        #expect(run.output.contains("\"status\":400"))
    }

    @Test(arguments: [
        (["serve", "--port", "70000"], [:], "--port (DROPOUTD_PORT) is 70000; 0 to 65535 expected"),
        (["serve"], ["DROPOUTD_PORT": "http"], "DROPOUTD_PORT is \"http\"; a whole number expected"),
        (["serve", "--log-level", "loud"], [:], "--log-level (DROPOUTD_LOG_LEVEL) is \"loud\""),
    ])
    func aWrongSettingIsNamed(_ arguments: [String], _ environment: [String: String], _ message: String) throws {
        let run = try Self.run(arguments, environment: environment)
        #expect(run.status == 64)
        #expect(run.errors.contains(message))
    }

    @Test func anAddressThatIsNotOursIsOneLineAndExit1() throws {
        let run = try Self.run(["serve", "--host", "192.0.2.1", "--port", "0"])
        #expect(run.status == 1)
        #expect(run.errors.split(separator: "\n").count == 1)
    }

    @Test func healthcheckFailsWithoutAServer() throws {
        #expect(try Self.run(["healthcheck", "--port", "1"]).status == 1)
    }
}
