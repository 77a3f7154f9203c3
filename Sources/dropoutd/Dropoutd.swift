import ArgumentParser
import Dispatch

/// The command line. Its default command is `serve`.
@main
struct Dropoutd: AsyncParsableCommand {
    static let version = "1.0.0"

    static let configuration = CommandConfiguration(
        commandName: "dropoutd",
        abstract: "Computes dropout forward passes over HTTP.",
        discussion: """
            A setting comes from its flag. Without the flag it comes from its environment variable, for example \
            DROPOUTD_PORT for --port. Without both it has its default.
            """,
        version: version,
        subcommands: [Serve.self, Answer.self, Verify.self, Healthcheck.self, HashKey.self],
        defaultSubcommand: Serve.self)

    /// The number of threads without which the concurrency runtime does nothing.
    private static let leastThreads = 4

    /// Starts the program. It is not asynchronous, because an asynchronous `main` waits for ever if no thread can be started.
    static func main() {
        do throws(StartError) {
            HeapPolicy.saveAddressSpace()
            _ = try StartProbe.descriptors(loops: 0, connections: 0)
            try StartProbe.threads(leastThreads, memoryBytes: StartProbe.dataBytes)
        } catch {
            try? StandardStream.error.write("dropoutd: \(error)\n".utf8)
            exit(withError: ExitCode(1))
        }
        // Not on the main actor, whose thread waits below.
        Task.detached {
            await main(nil)
            exit()
        }
        // The task above ends the process.
        DispatchSemaphore(value: 0).wait()
    }
}
