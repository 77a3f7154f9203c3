import Foundation
import Testing

/// A start where the system gives little.
@Suite(.timeLimit(.minutes(10))) struct StartTests {
    @Test(
        "What the system does not give is one line and exit 1",
        arguments: [
            ("-n 5", [], "5 open files are allowed (ulimit -n)"),
            ("-n 40", ["--threads", "16"], "40 open files are allowed (ulimit -n)"),
            // 400 stacks of 8 MiB do not fit.
            ("-v 800000", ["--threads", "200"], "threads cannot be started"),
            (
                "-v 800000", ["--memory-budget-bytes", "8000000000"],
                "8000000000 bytes of memory cannot be had (ulimit -v)"
            ),
        ])
    func whatTheSystemDoesNotGiveIsOneLineAndExit1(_ limits: String, _ arguments: [String], _ words: String) throws {
        let run = try Program.run(["serve", "--port", "0"] + arguments, limits: limits)
        #expect(run.status == 1)
        #expect(run.errors.hasPrefix("dropoutd: ") && run.errors.contains(words))
        #expect(run.errors.split(separator: "\n").count == 1)
    }

    @Test("Fewer files than connections are a warning")
    func fewerFilesThanConnectionsAreAWarning() throws {
        let program = try ServedProgram(["--threads", "2", "--max-connections", "100"], limits: "-n 64")
        #expect(program.text.contains("fewer files may be open than connections"))
        #expect(try program.ask("GET", "/livez").status == 200)
        #expect(try program.end() == 0)
    }

    @Test("A soft limit of files is raised")
    func aSoftLimitOfFilesIsRaised() throws {
        let program = try ServedProgram(["--threads", "2", "--max-connections", "100"], limits: "-Sn 64")
        #expect(!program.text.contains("fewer files"))
        #expect(try program.end() == 0)
    }
}
