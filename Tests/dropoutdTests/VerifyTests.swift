import Foundation
import Testing

/// `dropoutd verify`: the judgement of files, as a process.
@Suite struct VerifyTests {
    /// A folder with the files that NumPy 2.4 and safetensors wrote. The masks are `np.random.default_rng(7).random((4, 6)) < 0.8`.
    private struct Cases {
        let folder: Folder

        init() throws {
            folder = try Folder()
            let url = try #require(
                Bundle.module.url(forResource: "arrays", withExtension: "json", subdirectory: "Vectors"))
            for (name, text) in try JSONDecoder().decode([String: String].self, from: Data(contentsOf: url)) {
                try #require(Data(base64Encoded: text)).write(to: folder.url.appending(path: name))
            }
        }

        func path(_ name: String) -> String { folder.url.appending(path: name).path }
    }

    private static let right = #"{"input": [7,13,16,31], "output": [8.75,16.25,0,38.75], "rate": 0.2}"#
    private static let unscaled = #"{"input": [7,13,16,31], "output": [7,13,0,31], "rate": 0.2}"#

    /// The rows of the table without its head: the case, the verdict and what is wrong.
    private static func rows(_ output: String) -> [[String]] {
        output.split(separator: "\n").dropFirst().dropLast().map { row in
            row.replacing(#/  +/#, with: "\t").split(separator: "\t").dropFirst().map(String.init)
        }
    }

    @Test("Each line of a file is a case, and a wrong one is named with exit code 1")
    func lines() throws {
        let folder = try Folder()
        let path = try folder.file("cases.ndjson", "\(Self.right)\n\n\(Self.unscaled)\r\n{\"input\": 1}\n")
        let run = try Program.run(["verify", path])
        #expect(run.status == 1)
        #expect(run.errors.isEmpty)
        let rows = Self.rows(run.output)
        try #require(rows.count == 3)
        #expect(rows[0] == ["line 1", "dropout"])
        #expect(rows[1] == ["line 3", "not_scaled", "kept elements are not divided by keep"])
        #expect(rows[2].prefix(2) == ["line 4", "not judged"])
        #expect(run.output.hasSuffix("\n3 cases: 1 right, 1 wrong, 1 not judged\n"))
    }

    @Test("The exit code is 1 for a wrong case, else 2 for one that could not be judged, else 0")
    func exitCodes() throws {
        for (input, status) in [
            (Self.right, 0), (Self.unscaled, 1), ("{", 2), ("", 2), ("\(Self.right)\n{}", 2),
            ("{}\n\(Self.unscaled)", 1),
        ] as [(String, Int32)] {
            #expect(try Program.run(["verify", "-"], input: input).status == status, "\(input)")
        }
        let missing = try Program.run(["verify", "/nowhere/x.ndjson", "/nowhere/y.npz", "-"], input: Self.right)
        #expect(missing.status == 2)
        #expect(missing.output.contains("cannot open /nowhere/x.ndjson: No such file or directory"))
        #expect(missing.output.contains("cannot open /nowhere/y.npz: No such file or directory"))
    }

    @Test("Arrays of NumPy and of safetensors are judged with the fields that their files have")
    func filesWithFields() throws {
        let cases = try Cases()
        let names = ["right.npz", "transposed.npz", "unscaled.npz", "right.safetensors", "unscaled.safetensors"]
        let run = try Program.run(["verify"] + names.map { cases.path($0) })
        #expect(run.status == 1)
        let rows = Self.rows(run.output)
        #expect(rows.map { $0[0] } == ["right", "transposed", "unscaled", "right", "unscaled"])
        #expect(rows.map { $0[1] } == ["dropout", "other_mask", "not_scaled", "dropout", "not_scaled"])
        #expect(rows[1].last?.contains("drawn in column-major order") == true)
    }

    @Test("A pair of .npy files is a case, and the options give its other fields")
    func pairs() throws {
        let cases = try Cases()
        let pair = { (name: String) in ["input", "output"].map { cases.path("\(name).\($0).npy") } }
        let options = ["--keep-prob", "0.8", "--seed", "7", "--generator", "numpy-pcg64"]
        let right = try Program.run(["verify"] + options + pair("right"))
        #expect(right.status == 0)
        #expect(Self.rows(right.output) == [["right", "dropout"]])
        // Files that are named in the order of a shell's pattern, in Fortran's order and in another order of the bytes.
        let both = try Program.run(["verify", "--rate", "0.2"] + pair("unscaled").reversed() + pair("right"))
        #expect(both.status == 1)
        #expect(Self.rows(both.output).map { $0.prefix(2) } == [["unscaled", "not_scaled"], ["right", "dropout"]])
        let other = try Program.run(
            ["verify", "--field", "rate=0.2", "--seed", "8", "--field", "generator=numpy-pcg64"] + pair("right"))
        #expect(other.status == 1)
        #expect(Self.rows(other.output).first?[1] == "other_mask")
    }

    @Test("A field of the file goes before an option")
    func precedence() throws {
        let cases = try Cases()
        let run = try Program.run(["verify", "--rate", "0.5", "--seed", "1", cases.path("right.npz")])
        #expect(run.status == 0)
    }

    @Test("What is no case of arrays is not judged, and the reason is named")
    func brokenArrays() throws {
        let cases = try Cases()
        let half = try Program.run(["verify", cases.path("right.input.npy")])
        #expect(half.status == 2)
        #expect(half.output.contains("`output`, or `outputs` of several passes, is required"))
        try Data("PK, but no archive at all".utf8).write(to: cases.folder.url.appending(path: "broken.npz"))
        try Data("x".utf8).write(to: cases.folder.url.appending(path: "broken.safetensors"))
        try Data("x".utf8).write(to: cases.folder.url.appending(path: "broken\".\u{1B}\r\n.npy"))
        let broken = try Program.run(
            ["verify"] + ["broken.npz", "broken.safetensors", "broken\".\u{1B}\r\n.npy"].map { cases.path($0) })
        #expect(broken.status == 2)
        #expect(broken.output.contains("there is no end record"))
        #expect(broken.output.contains("the file is not a safetensors file"))
        #expect(broken.output.hasSuffix("\n3 cases: 0 right, 0 wrong, 3 not judged\n"))
        #expect(!broken.output.contains("\u{1B}"))
    }

    @Test("--tap prints TAP version 14")
    func tap() throws {
        let folder = try Folder()
        let path = try folder.file("a#b.ndjson", "\(Self.right)\n\(Self.unscaled)\n{\n")
        let run = try Program.run(["verify", "--tap", path])
        #expect(run.status == 1)
        let title = path.replacing("#", with: "\\#")
        let lines = run.output.split(separator: "\n").map(String.init)
        #expect(
            Array(lines.prefix(12)) == [
                "TAP version 14", "1..3", "ok 1 - \(title) line 1", "not ok 2 - \(title) line 2", "  ---",
                "  verdict: \"not_scaled\"", "  findings:", "    - mistake: \"not_scaled\"",
                "      detail: \"kept elements are not divided by keep\"", "  ...", "not ok 3 - \(title) line 3",
                "  ---",
            ])
        #expect(lines.last == "  ...")
    }

    /// Reads XML as the servers do that read reports.
    private static func parsed(_ path: String) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "python3", "-c",
            """
            import sys, xml.etree.ElementTree as tree
            for e in tree.parse(sys.argv[1]).iter():
                print(e.tag, *(f"{k}={v}" for k, v in e.items() if k not in ("time", "name", "classname")), sep="|")
            """, path,
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return text
    }

    @Test("--junit writes XML that a parser reads, whatever the names are")
    func junit() throws {
        let folder = try Folder()
        let path = try folder.file("<a>&\"b'\u{1}.ndjson", "\(Self.right)\n\(Self.unscaled)\n{\"<\": 0}\n")
        let report = folder.url.appending(path: "report.xml").path
        let run = try Program.run(["verify", path, "--junit", report])
        #expect(run.status == 1)
        #expect(run.output.contains("3 cases"))
        let lines = try Self.parsed(report).split(separator: "\n").map(String.init)
        let counts = "tests=3|failures=1|errors=1|skipped=0"
        try #require(lines.count == 7)
        #expect(Array(lines.prefix(4)) == ["testsuites|\(counts)", "testsuite|\(counts)", "testcase", "testcase"])
        #expect(lines[4] == "failure|type=not_scaled|message=kept elements are not divided by keep")
        #expect(lines[5] == "testcase")
        #expect(lines[6].hasPrefix("error|type=not judged|message=/<: unknown field"))
    }

    @Test("A report that cannot be written is an error and exit code 2")
    func unwritableReport() throws {
        let run = try Program.run(["verify", "-", "--junit", "/nowhere/report.xml"], input: Self.right)
        #expect(run.status == 2)
        #expect(run.errors == "dropoutd: cannot write /nowhere/report.xml: No such file or directory\n")
    }

    @Test(
        "Options that say nothing, or say it twice, are refused",
        arguments: [
            (["--rate", "0.2", "x.ndjson"], "rate is for cases of arrays"),
            (["--field", "rate", "x.npz"], "NAME=VALUE"),
            (["--rate", "0.2", "--field", "rate=0.3", "x.npz"], "rate is given twice"),
            ([], "Missing expected argument"),
        ])
    func wrongOptions(_ options: [String], _ message: String) throws {
        let run = try Program.run(["verify"] + options)
        #expect(run.status == 64)
        #expect(run.errors.contains(message))
    }
}
