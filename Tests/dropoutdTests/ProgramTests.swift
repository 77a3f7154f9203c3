import AccessControl
import Foundation
import Testing

/// The program as a process: its exit codes and what it prints.
@Suite struct ProgramTests {
    @Test("`answer` prints one answer and exits with 0")
    func answerPrintsOneAnswerAndExitsWith0() throws {
        let run = try Program.run(
            ["answer", "/mask"], input: #"{"shape":[3],"keep_prob":1,"seed":7,"mask_format":"numbers"}"#)
        #expect(run.status == 0)
        #expect(run.output.hasPrefix(#"{"mask":[1,1,1],"shape":[3],"#))
    }

    @Test("`answer` exits with 1 for a problem")
    func answerExitsWith1ForAProblem() throws {
        let run = try Program.run(["answer", "/mask"], input: "{")
        #expect(run.status == 1)
        #expect(run.output.contains("\"status\":400"))
    }

    @Test("An answer that cannot be written is an error and exit code 1")
    func answerToFullDisk() throws {
        let process = Process()
        Program.set(process, ["answer", "/livez"], nil)
        process.standardOutput = FileHandle(forWritingAtPath: "/dev/full")
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 1)
        #expect(text.contains("cannot write to standard output: No space left on device"))
    }

    @Test(
        "A wrong setting is named",
        arguments: [
            (["serve", "--port", "70000"], [:], "--port (DROPOUTD_PORT) is 70000; 0 to 65535 expected"),
            (["serve"], ["DROPOUTD_PORT": "http"], "DROPOUTD_PORT is \"http\"; a whole number expected"),
            (["serve", "--log-level", "loud"], [:], "--log-level (DROPOUTD_LOG_LEVEL) is \"loud\""),
        ])
    func aWrongSettingIsNamed(_ arguments: [String], _ environment: [String: String], _ message: String) throws {
        let run = try Program.run(arguments, environment: environment)
        #expect(run.status == 64)
        #expect(run.errors.contains(message))
    }

    @Test("An address that is not ours is one line and exit 1")
    func anAddressThatIsNotOursIsOneLineAndExit1() throws {
        let run = try Program.run(["serve", "--host", "192.0.2.1", "--port", "0"])
        #expect(run.status == 1)
        #expect(run.errors.split(separator: "\n").count == 1)
    }

    @Test("`healthcheck` fails without a server")
    func healthcheckFailsWithoutAServer() throws {
        #expect(try Program.run(["healthcheck", "--port", "1"]).status == 1)
    }

    @Test("`hash-key` prints the line and the token apart from it")
    func hashKeyPrintsTheLineAndBesideItTheToken() throws {
        let run = try Program.run(["hash-key", "alice", "--rate", "100/s", "--burst", "200"])
        #expect(run.status == 0)
        #expect(run.output.contains(#/^alice:\$sha256\$[A-Za-z0-9+\/]{43} rate=100\/s burst=200\n$/#))
        #expect(run.errors.contains(#/^alice\.[A-Za-z0-9_-]{43}\n$/#))
        let ring = try #require(KeyRing(KeyFile(run.output)))
        let answer = try #require(ring.cached(String(run.errors.dropLast())))
        guard case .accepted(let identity) = answer else {
            Issue.record("\(answer)")
            return
        }
        #expect(identity.name == "alice")
    }

    @Test("`hash-key` makes a scrypt line if its cost is given")
    func hashKeyMakesAScryptLineIfItsCostIsGiven() throws {
        let key = try Program.key("alice", "--rate", "5/s")
        #expect(
            key.line.contains(
                #/^alice:\$scrypt\$ln=4,r=8,p=1\$[A-Za-z0-9+\/]{22}\$[A-Za-z0-9+\/]{43} rate=5\/s\n$/#))
        let ring = try #require(KeyRing(KeyFile(key.line)))
        #expect(ring.cached(key.token) == nil)
        #expect(ring.verify(key.token, address: "", now: .zero) != .refused)
    }

    @Test("A keys file without a key stops the start with one line", arguments: ["", "# nobody\n"])
    func emptyKeysFile(_ text: String) throws {
        let folder = try Folder()
        let run = try Program.run(["serve", "--port", "0", "--api-keys", try folder.file("keys", text)])
        #expect(run.status == 1)
        #expect(run.errors.split(separator: "\n").count == 1 && run.errors.contains("there is no key in the file"))
    }

    @Test("`hash-key` takes a secret from standard input and does not print it")
    func hashKeyTakesASecretFromStandardInputAndDoesNotPrintIt() throws {
        let run = try Program.run(["hash-key", "alice", "--ln", "4", "--stdin"], input: "correct-horse-battery\n")
        #expect(run.status == 0)
        #expect(run.errors.isEmpty && !run.output.contains("horse"))
        let ring = try #require(KeyRing(KeyFile(run.output)))
        #expect(ring.verify("alice.correct-horse-battery", address: "", now: .zero) != .refused)
    }

    @Test(
        "`hash-key` refuses what the keys file would",
        arguments: [
            (["al ice"], "", "a name has"), (["alice", "--rate", "100"], "", "a rate is"),
            (["alice", "--burst", "5"], "", "burst= needs a rate"), (["alice", "--ln", "17"], "", "out of bounds"),
            (["alice", "--stdin"], "short", "16 to 256 characters"),
            (["alice", "--stdin"], "with a space in it", "of A-Z"),
            (["alice", "--stdin"], "", "16 to 256 characters"), (["alice", "secret"], "", "secret"),
        ])
    func hashKeyRefusesWhatTheKeysFileWould(_ arguments: [String], _ input: String, _ message: String) throws {
        let run = try Program.run(["hash-key"] + arguments, input: input)
        #expect(run.status == 64)
        #expect(run.output.isEmpty)
        #expect(run.errors.contains(message))
    }
}
