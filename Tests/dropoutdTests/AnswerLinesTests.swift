import Foundation
import Testing

/// `dropoutd answer --lines`: many questions, with an answer in each line.
@Suite struct AnswerLinesTests {
    private static let questions = [
        #"{"shape": [3], "rate": 0.5, "seed": 7, "include": ["mask"]}"#,
        #"{"shape": [3], "rate": 0.5, "seed": 7, "mask_format": "indices", "generator": "torch-cpu", "include": ["mask"]}"#,
    ]
    /// The mask of `torch.manual_seed(7); F.dropout(torch.ones(3), 0.5)` keeps the first two elements.
    private static let answers = [#"{"mask":[0,0,1]}"#, #"{"mask":[0,1]}"#]

    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    @Test("Each line of a file has its answer, in order, and the exit code is 0")
    func file() throws {
        let folder = try Folder()
        let path = try folder.file("questions.ndjson", Self.questions.joined(separator: "\n"))
        let run = try Program.run(["answer", "--lines", "/mask", path])
        #expect(run.status == 0)
        #expect(Self.lines(run.output) == Self.answers + [""])
    }

    @Test("Standard input has lines too; those that are empty or end with CR LF are read as well")
    func standardInput() throws {
        for path in [[], ["-"]] {
            let input = "\n" + Self.questions.joined(separator: "\r\n \t\r\n") + "\r\n"
            let run = try Program.run(["answer", "--lines", "/mask"] + path, input: input)
            #expect(run.status == 0)
            #expect(Self.lines(run.output) == Self.answers + [""])
        }
    }

    @Test("The answer to a refused line is its problem in one line, and the exit code is 1")
    func refusedLine() throws {
        let input = [Self.questions[0], "{", #"{"shape": [3], "rate": 2}"#, Self.questions[1]].joined(separator: "\n")
        let run = try Program.run(["answer", "--lines", "/mask"], input: input)
        #expect(run.status == 1)
        let lines = Self.lines(run.output)
        try #require(lines.count == 5)
        #expect([lines[0], lines[3]] == Self.answers)
        #expect(lines[1].contains(#""status":400"#))
        #expect(lines[2].contains(#""status":422"#) && lines[2].contains(#""pointer":"/rate""#))
    }

    @Test("A file without a line has no answer")
    func emptyFile() throws {
        let run = try Program.run(["answer", "--lines", "/verify"], input: "\n\n")
        #expect(run.status == 0)
        #expect(run.output.isEmpty)
    }

    @Test("A body comes from a file as well")
    func bodyOfFile() throws {
        let folder = try Folder()
        let run = try Program.run(["answer", "/mask", try folder.file("question.json", Self.questions[0])])
        #expect(run.status == 0)
        #expect(run.output == Self.answers[0] + "\n")
    }

    @Test(
        "A path without bodies, and a file that cannot be read, are named",
        arguments: [
            (["--lines", "/healthz"], 64, "--lines needs a path that takes a body"),
            (["--lines", "/mask?shape=3"], 64, "--lines needs a path that takes a body"),
            (["/healthz", "x.json"], 64, "/healthz takes no body"),
            (["--lines", "/mask", "/nowhere/x.ndjson"], 1, "cannot open /nowhere/x.ndjson: No such file or directory"),
            (["--lines", "/mask", "/"], 1, "cannot read /: Is a directory"),
        ] as [([String], Int32, String)])
    func wrongArguments(_ arguments: [String], _ status: Int32, _ message: String) throws {
        let run = try Program.run(["answer"] + arguments)
        #expect(run.status == status)
        #expect(run.errors.contains(message))
        #expect(run.output.isEmpty)
    }
}
