import Foundation

/// The built program, run to its end.
enum Program {
    /// It stands beside the test bundle.
    static var file: URL {
        Bundle.allBundles.map(\.bundleURL).first { $0.pathExtension == "xctest" }
            .map { $0.deletingLastPathComponent() }?.appending(path: "dropoutd")
            ?? URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "dropoutd")
    }

    /// - Parameter limits: as the shell's `ulimit` takes them.
    static func run(
        _ arguments: [String], input: String = "", environment: [String: String] = [:], limits: String? = nil
    ) throws -> (status: Int32, output: String, errors: String) {
        let process = Process()
        set(process, arguments, limits)
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

    /// What `process` runs.
    static func set(_ process: Process, _ arguments: [String], _ limits: String?) {
        process.executableURL = limits == nil ? file : URL(filePath: "/bin/sh")
        process.arguments =
            (limits.map { ["-c", "ulimit \($0) && exec \"$0\" \"$@\"", file.path] } ?? []) + arguments
    }

    /// A line for the keys file and its token, by `hash-key`; of low cost.
    static func key(_ name: String, _ options: String...) throws -> (line: String, token: String) {
        let run = try run(["hash-key", name, "--ln", "4"] + options)
        return (run.output, run.errors.trimmingCharacters(in: .newlines))
    }
}

/// A certificate or key among the files of the server's tests.
func certificateFile(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "HTTPServerTests/Certificates/\(name).pem").path
}

/// A folder that is removed with its files.
final class Folder {
    let url = FileManager.default.temporaryDirectory.appending(path: "dropoutd-tests-\(UUID().uuidString)")

    init() throws { try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true) }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// The path of the file, with this text in it.
    func file(_ name: String, _ text: String) throws -> String {
        let file = url.appending(path: name)
        try Data(text.utf8).write(to: file)
        return file.path
    }
}
