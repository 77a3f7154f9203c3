import ArgumentParser
import FoundationEssentials

/// `dropoutd verify`: judges the outputs in files without a server.
struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Judges outputs in files without a server.",
        discussion: """
            Asks POST /verify about each case, and prints the verdicts as a table: dropoutd verify cases.ndjson
            The name of a file says what it has. CASE.input.npy and CASE.output.npy are one case. CASE.npz and \
            CASE.safetensors are one case each, with arrays named input and output. Any other file has a question in JSON in \
            each line (NDJSON), and - is standard input.
            The options give the other fields to cases of arrays: dropoutd verify --rate 0.2 *.npy
            A field that a file has itself is taken from the file: from numbers and texts without axes in an .npz, from JSON in \
            the member question of the metadata of a safetensors file. outputs and mask may be arrays as well.
            The exit code is 1 if a case is wrong. If none is wrong, it is 2 if a case could not be judged, because its file \
            cannot be read or has no case, or because the question is refused, and 0 if all are right. It is 2 as well if \
            the report cannot be written.
            """)

    @Argument(help: "Files with cases.")
    var files: [String]

    @Option(help: "The probability to drop, for cases of arrays.")
    var rate: String?

    @Option(help: "The probability to keep, for cases of arrays.")
    var keepProb: String?

    @Option(help: "The generator whose mask is expected, for cases of arrays. It needs a seed.")
    var generator: String?

    @Option(parsing: .unconditional, help: "The seed of the generator, for cases of arrays.")
    var seed: String?

    @Option(
        help: ArgumentHelp(
            "Another field of a question, for cases of arrays, such as scheme=classic. May be given several times.",
            valueName: "name=value"))
    var field: [String] = []

    @Flag(help: "Print the results in the Test Anything Protocol, version 14, instead of a table.")
    var tap = false

    @Option(help: ArgumentHelp("Write the results to this file as JUnit's XML as well.", valueName: "path"))
    var junit: String?

    /// The fields of the options.
    private var given: [(name: String, text: String)] {
        let named = [("rate", rate), ("keep_prob", keepProb), ("generator", generator), ("seed", seed)]
        return named.compactMap { name, text in text.map { (name, $0) } }
            + field.map { pair in
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
            }
    }

    func validate() throws {
        if let wrong = field.first(where: { !$0.contains("=") || $0.hasPrefix("=") }) {
            throw ValidationError("--field \(wrong) is not NAME=VALUE")
        }
        let names = given.map(\.name)
        if let twice = names.first(where: { name in names.count { $0 == name } > 1 }) {
            throw ValidationError("\(twice) is given twice")
        }
        if !given.isEmpty, CaseFile.list(files).allSatisfy({ $0.kind == .lines }) {
            throw ValidationError("\(names[0]) is for cases of arrays; a line of JSON has its own fields")
        }
    }

    func run() throws {
        let cases = CaseFile.list(files)
        let bytes = cases.map { file in
            file.paths.reduce(0 as Int?) { sum, path in
                // A file that cannot be opened has no case, and is reported in its turn.
                guard let sum, path != InputFile.standardInput else { return nil }
                guard let file = try? InputFile(path) else { return sum }
                return file.byteCount.map { sum + $0 }
            }
        }
        let bar = ProgressBar(fileBytes: bytes, isShown: StandardStream.error.isTerminal)
        var judge = CaseJudge(given: given, bar)
        for file in cases { judge.judge(file) }
        judge.finish()
        do {
            let report = tap ? TAPReport(results: judge.results).text : table(judge.results)
            try StandardStream.output.write(report.utf8)
            if let junit {
                try OutputFile.write(Array(JUnitReport(results: judge.results).text.utf8), to: junit)
            }
        } catch {
            try? StandardStream.error.write("dropoutd: \(error)\n".utf8)
            throw ExitCode(2)
        }
        let code = CaseCount(judge.results).exitCode
        if code != 0 { throw ExitCode(code) }
    }

    private func table(_ results: [CaseResult]) -> String {
        // https://no-color.org
        let isPlain = ProcessInfo.processInfo.environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        return CaseTable(results: results, hasColours: StandardStream.output.isTerminal && !isPlain).text
    }
}
