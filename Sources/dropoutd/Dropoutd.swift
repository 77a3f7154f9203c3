import ArgumentParser
import Dispatch

/// The command line: `serve` unless told otherwise.
@main
struct Dropoutd: AsyncParsableCommand {
    static let version = "1.0.0"

    static let configuration = CommandConfiguration(
        commandName: "dropoutd",
        abstract: "Computes dropout forward passes over HTTP.",
        discussion: """
            Every setting is taken from its flag, else from its environment variable (DROPOUTD_PORT for --port and so \
            on), else it has the default shown.
            """,
        version: version,
        subcommands: [Serve.self, Answer.self, Healthcheck.self, HashKey.self],
        defaultSubcommand: Serve.self)

    /// Threads that the concurrency runtime needs for anything at all.
    private static let leastThreads = 4

    /// The program starts here and not in an asynchronous `main`: where no thread can be started, that would wait for one
    /// for ever.
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
        // The end of the process is the task's.
        DispatchSemaphore(value: 0).wait()
    }
}
