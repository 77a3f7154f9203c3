import ArgumentParser

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
}
